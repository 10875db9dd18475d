/* Proves that the header is C11, and pins the layout of every struct of plugin ABI 1.0.
 *
 * An AT line never changes: a field that moves breaks every published plugin. A new minor version
 * appends fields, adds an AT line for each, and only then may raise a SIZE; cx_string, frozen for
 * ever, keeps its size too.
 */
#include <stddef.h>

#include <cxscribe/plugin.h>

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " changed its size")
#define AT(type, field, offset) \
  _Static_assert(offsetof(type, field) == (offset), #type "." #field " moved")

AT(cx_string, data, 0);
AT(cx_string, size, 8);
SIZE(cx_string, 16);

AT(cx_bytes, data, 0);
AT(cx_bytes, size, 8);
SIZE(cx_bytes, 16);

AT(cx_word, text, 0);
AT(cx_word, confidence, 16);
AT(cx_word, start_ms, 24);
AT(cx_word, end_ms, 28);
AT(cx_word, flags, 32);
AT(cx_word, reserved, 36);
SIZE(cx_word, 40);

AT(cx_segment, struct_size, 0);
AT(cx_segment, flags, 4);
AT(cx_segment, text, 8);
AT(cx_segment, speaker, 24);
AT(cx_segment, confidence, 40);
AT(cx_segment, start_ms, 48);
AT(cx_segment, end_ms, 52);
AT(cx_segment, words, 56);
AT(cx_segment, word_count, 64);
AT(cx_segment, word_stride, 72);
AT(cx_segment, recording_index, 80);
AT(cx_segment, source_begin, 84);
AT(cx_segment, source_count, 88);
AT(cx_segment, reserved, 92);
SIZE(cx_segment, 96);

AT(cx_recording, id, 0);
SIZE(cx_recording, 16);

AT(cx_transcript, struct_size, 0);
AT(cx_transcript, flags, 4);
AT(cx_transcript, transcription_id, 8);
AT(cx_transcript, accuracy, 24);
AT(cx_transcript, recordings, 32);
AT(cx_transcript, recording_count, 40);
AT(cx_transcript, recording_stride, 48);
AT(cx_transcript, segments, 56);
AT(cx_transcript, segment_count, 64);
AT(cx_transcript, segment_stride, 72);
SIZE(cx_transcript, 80);

AT(cx_span, segment_index, 0);
AT(cx_span, begin, 4);
AT(cx_span, end, 8);
AT(cx_span, reserved, 12);
SIZE(cx_span, 16);

AT(cx_finding, struct_size, 0);
AT(cx_finding, flags, 4);
AT(cx_finding, spans, 8);
AT(cx_finding, span_count, 16);
AT(cx_finding, span_stride, 24);
AT(cx_finding, entity_type, 32);
AT(cx_finding, score, 48);
AT(cx_finding, detector, 56);
AT(cx_finding, reason, 72);
SIZE(cx_finding, 88);

AT(cx_annotation, struct_size, 0);
AT(cx_annotation, target, 4);
AT(cx_annotation, key, 8);
AT(cx_annotation, value, 24);
AT(cx_annotation, span, 40);
SIZE(cx_annotation, 56);

AT(cx_label, key, 0);
AT(cx_label, value, 16);
SIZE(cx_label, 32);

AT(cx_host, magic, 0);
AT(cx_host, struct_size, 8);
AT(cx_host, abi_major, 12);
AT(cx_host, abi_minor, 14);
AT(cx_host, host_data, 16);
AT(cx_host, name, 24);
AT(cx_host, version, 40);
AT(cx_host, get_extension, 56);
AT(cx_host, log, 64);
AT(cx_host, open_data, 72);
AT(cx_host, fail, 80);
SIZE(cx_host, 88);

AT(cx_problems, struct_size, 0);
AT(cx_problems, reserved, 4);
AT(cx_problems, host_data, 8);
AT(cx_problems, report, 16);
SIZE(cx_problems, 24);

AT(cx_context, struct_size, 0);
AT(cx_context, reserved, 4);
AT(cx_context, host_data, 8);
AT(cx_context, stage, 16);
AT(cx_context, language, 32);
AT(cx_context, redaction_policy, 48);
AT(cx_context, entity_types, 64);
AT(cx_context, entity_type_count, 72);
AT(cx_context, labels, 80);
AT(cx_context, label_count, 88);
AT(cx_context, label_stride, 96);
AT(cx_context, is_cancelled, 104);
AT(cx_context, remaining_ns, 112);
AT(cx_context, set_progress, 120);
AT(cx_context, log, 128);
SIZE(cx_context, 136);

AT(cx_sink, struct_size, 0);
AT(cx_sink, reserved, 4);
AT(cx_sink, host_data, 8);
AT(cx_sink, emit_segment, 16);
AT(cx_sink, emit_finding, 24);
AT(cx_sink, emit_annotation, 32);
AT(cx_sink, set_outcome, 40);
AT(cx_sink, fail, 48);
SIZE(cx_sink, 56);

AT(cx_plugin, magic, 0);
AT(cx_plugin, struct_size, 8);
AT(cx_plugin, abi_major, 12);
AT(cx_plugin, abi_minor, 14);
AT(cx_plugin, kind, 16);
AT(cx_plugin, flags, 20);
AT(cx_plugin, name, 24);
AT(cx_plugin, version, 40);
AT(cx_plugin, description, 56);
AT(cx_plugin, provides, 72);
AT(cx_plugin, config_schema, 88);
AT(cx_plugin, validate, 104);
AT(cx_plugin, create, 112);
AT(cx_plugin, destroy, 120);
AT(cx_plugin, process, 128);
AT(cx_plugin, get_extension, 136);
SIZE(cx_plugin, 144);

_Static_assert(CX_PLUGIN_MAGIC == UINT64_C(0x4e4947554c505843), "the magic changed");
_Static_assert(CX_ABI_MAJOR == 1, "a new major version breaks every plugin");

/* Uses every helper from C; the test calls it. */
uint64_t cx_layout_test_count_words(const cx_transcript* transcript, const cx_context* context) {
  uint64_t words = 0;
  for (uint64_t i = 0; i < transcript->segment_count; ++i) {
    const cx_segment copy = cx_segment_copy(cx_segment_at(transcript, i));
    for (uint64_t j = 0; j < copy.word_count; ++j) words += cx_word_at(&copy, j)->text.size > 0;
    if (copy.struct_size != sizeof(cx_segment)) return 0;
    if (cx_recording_at(transcript, (uint64_t)copy.recording_index)->id.size == 0) return 0;
  }
  return words + (context->label_count > 0 ? cx_label_at(context, 0)->key.size : 0);
}
