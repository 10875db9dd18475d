/* @NAME@: takes surplus spaces out of every segment, and says where it did.
 *
 * Replace process with what your plugin is for. The contract is in <cxscribe/plugin.h>. */
#include <stdlib.h>
#include <string.h>

#include <cxscribe/plugin.h>

/* The host takes 100,000 annotations of one call; a long transcript must not fail for one more. */
enum { MAX_ANNOTATIONS = 10000 };

/* What one instance keeps. It has nothing yet; put your settings here. */
struct cx_instance {
  int unused;
};

static cx_code create(cx_string config_json, const cx_host* host, cx_instance** instance) {
  (void)config_json; /* parse it here, and read data files with host->open_data */
  *instance = calloc(1, sizeof(**instance));
  if (*instance != NULL) return CX_OK;
  host->fail(host, CX_RESOURCE_EXHAUSTED, (cx_string)CX_STRING("OUT_OF_MEMORY"),
             (cx_string)CX_STRING("there is no memory for an instance"));
  return CX_RESOURCE_EXHAUSTED;
}

static void destroy(cx_instance* instance) { free(instance); }

/* Writes `text`, without spaces at either end and with one where there were several, to `out`,
 * which has room for text.size bytes. Returns the bytes written. */
static uint64_t tidy(cx_string text, char* out) {
  uint64_t size = 0;
  for (uint64_t i = 0; i < text.size; ++i) {
    if (text.data[i] != ' ' || (size > 0 && out[size - 1] != ' ')) out[size++] = text.data[i];
  }
  if (size > 0 && out[size - 1] == ' ') --size;
  return size;
}

static cx_code annotate(const cx_sink* sink, uint64_t segment_index) {
  cx_annotation annotation;
  memset(&annotation, 0, sizeof(annotation));
  annotation.struct_size = sizeof(annotation);
  annotation.target = CX_ON_SEGMENT;
  annotation.key = (cx_string)CX_STRING("@CAPABILITY@");
  annotation.value = (cx_string)CX_STRING("tidied");
  annotation.span.segment_index = (int32_t)segment_index; /* of the segments that are emitted */
  return sink->emit_annotation(sink, &annotation);
}

static cx_code process(cx_instance* instance, const cx_context* context,
                       const cx_transcript* transcript, const cx_sink* sink) {
  (void)instance;
  cx_code code = CX_OK;
  uint64_t changed = 0;
  char* buffer = NULL;
  uint64_t capacity = 0;
  for (uint64_t i = 0; i < transcript->segment_count && code == CX_OK; ++i) {
    if (context->is_cancelled(context)) {
      code = CX_CANCELLED;
      break;
    }
    const cx_segment* segment = cx_segment_at(transcript, i);
    cx_segment copy = cx_segment_copy(segment);
    if (segment->text.size > capacity) {
      char* larger = realloc(buffer, segment->text.size);
      if (larger == NULL) {
        code = CX_RESOURCE_EXHAUSTED;
        sink->fail(sink, code, (cx_string)CX_STRING("OUT_OF_MEMORY"),
                   (cx_string)CX_STRING("there is no memory for a segment"));
        break;
      }
      buffer = larger;
      capacity = segment->text.size;
    }
    copy.text.data = buffer;
    copy.text.size = tidy(segment->text, buffer);
    code = sink->emit_segment(sink, &copy);
    if (code == CX_OK && copy.text.size != segment->text.size && ++changed <= MAX_ANNOTATIONS) {
      code = annotate(sink, i);
    }
  }
  free(buffer);
  return code;
}

static const cx_plugin table = {
    .magic = CX_PLUGIN_MAGIC,
    .struct_size = sizeof(cx_plugin),
    .abi_major = CX_ABI_MAJOR,
    .abi_minor = CX_ABI_MINOR,
    .kind = CX_KIND_TRANSFORM,
    .flags = CX_PLUGIN_REENTRANT, /* process may run on several threads at once */
    .name = CX_STRING("@NAME@"),
    .version = CX_STRING("0.1.0"),
    .description = CX_STRING("Takes surplus spaces out."),
    .provides = CX_STRING("@CAPABILITY@"), /* put your own namespace before the dot */
    .config_schema = CX_STRING(""),        /* JSON Schema; empty: it takes no configuration */
    .create = create,
    .destroy = destroy,
    .process = process,
};

const cx_plugin* cx_plugin_entry(const cx_host* host) {
  (void)host;
  return &table;
}
