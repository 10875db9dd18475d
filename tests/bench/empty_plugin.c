/* The least that a transform can do: emits what it was given. Its cost is the boundary's. */
#include <stddef.h>

#include "cxscribe/plugin.h"

static int dummy;

static cx_code create(cx_string config, const cx_host* host, cx_instance** instance) {
  (void)config;
  (void)host;
  *instance = (cx_instance*)&dummy;
  return CX_OK;
}

static void destroy(cx_instance* instance) { (void)instance; }

static cx_code process(cx_instance* instance, const cx_context* context, const cx_transcript* in,
                       const cx_sink* sink) {
  (void)instance;
  (void)context;
  for (uint64_t i = 0; i < in->segment_count; ++i) {
    const cx_segment segment = cx_segment_copy(cx_segment_at(in, i));
    const cx_code code = sink->emit_segment(sink, &segment);
    if (code != CX_OK) return code;
  }
  return CX_OK;
}

static const cx_plugin table = {
    .magic = CX_PLUGIN_MAGIC,
    .struct_size = sizeof(cx_plugin),
    .abi_major = CX_ABI_MAJOR,
    .abi_minor = CX_ABI_MINOR,
    .kind = CX_KIND_TRANSFORM,
    .flags = CX_PLUGIN_REENTRANT,
    .name = CX_STRING("bench-empty"),
    .version = CX_STRING("1.0.0"),
    .description = CX_STRING("Emits what it was given"),
    .provides = CX_STRING("bench.empty"),
    .create = create,
    .destroy = destroy,
    .process = process,
};

CX_EXPORT const cx_plugin* cx_plugin_entry(const cx_host* host) {
  (void)host;
  return &table;
}
