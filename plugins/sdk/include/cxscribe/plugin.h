/* cxscribe plugin ABI, version 1.0: all that a plugin and its host know of each other.
 *
 * A plugin is a shared library that exports one function, cx_plugin_entry, and transforms or
 * verifies transcripts. This header is C11 and needs only <stdint.h>; cxscribe/plugin.hpp puts
 * C++17 on top.
 *
 *   static int32_t process(cx_instance* self, const cx_context* context, const cx_transcript* in,
 *                          const cx_sink* sink) {
 *     for (uint64_t i = 0; i < in->segment_count; ++i) {
 *       cx_segment segment = cx_segment_copy(cx_segment_at(in, i));
 *       ... change segment.text ...
 *       int32_t code = sink->emit_segment(sink, &segment);
 *       if (code != CX_OK) return code;
 *     }
 *     return CX_OK;
 *   }
 *
 * Conventions. They hold for everything below and are said only here.
 *
 * 1. Ownership. Whoever allocates memory frees it; neither side frees the other's. Everything the
 * host passes in is read-only and borrowed: it may be used until the function that received it
 * returns, unless the function's comment says longer. Everything a plugin passes to the host is
 * copied before the call returns, except the cx_plugin table and the strings in it, which must live
 * until the process ends.
 *
 * 2. Strings are cx_string: UTF-8, a length, no terminating NUL; data may be NULL only where size
 * is 0. What the host passes in is valid UTF-8. What a plugin passes out must be: the host refuses
 * invalid UTF-8 and fails the call; it repairs nothing.
 *
 * 3. Growth. A later minor version may append fields to a struct and functions to a table; it never
 * moves, removes or gives new meaning to what stands here. So:
 *    - Tables and single structs start with, or carry early, their struct_size; the host reads no
 * field of a plugin's struct that lies beyond the struct_size the plugin gave.
 *    - An array comes as pointer, count and stride. Element i is at (char*)pointer + i * stride:
 * index with the cx_*_at functions below, never with [i]. Only cx_string is frozen for ever and has
 * no stride.
 *    - Emitted structs carry struct_size: set it to sizeof. cx_segment has it 0 where the host
 * passes it in, so that a copy which forgets to set it is refused rather than misread.
 *    - Zero every struct before filling it. Reserved fields are 0.
 *    - Optional abilities, on either side, are found by a string id through get_extension.
 *
 * 4. Versions. The host loads a plugin when both have the same major version and the plugin's minor
 * version is not newer than the host's. A plugin may therefore use every field of this header
 * without a check.
 *
 * 5. Lifecycle. cx_plugin_entry, once per process and file; then validate, any number of times;
 * then create -> process, any number of times -> destroy, for each instance. A library is never
 * unloaded. Its load-time constructors, cx_plugin_entry and validate have no side effects: no
 * files, threads, sockets. Files are read in create, through cx_host.open_data, and not in process.
 *
 * 6. Threads. Functions of the cx_plugin table may be called on any thread, different ones for the
 * same instance. One instance is never entered twice at once, unless the plugin sets
 * CX_PLUGIN_REENTRANT. Two instances are used at the same time: a plugin shares nothing mutable
 * between them without a lock. A plugin may start threads of its own; they end before the function
 * that started them returns, or, when create started them, before destroy returns. Functions of
 * cx_host and cx_context may be called on any of those threads at once; functions of cx_sink by one
 * thread at a time.
 *
 * 7. Errors. Functions return CX_OK or another cx_code. Before it returns one, a plugin calls the
 * fail function it was given, once, with that code, a stable UPPER_SNAKE reason and a message;
 * without that, the error says only which plugin and function failed. Having called fail is
 * failing, whatever is returned then. A failed process call has no result: what it emitted is
 * dropped. The instance stays usable for the next call. Only CX_UNAVAILABLE says that the same call
 * may work later.
 *
 * 8. Nothing escapes. No exception, no longjmp and no thread exit crosses the boundary. A plugin
 * does not change what belongs to the process: signal handlers, locale, environment, working
 * directory, umask, file descriptors it did not open; it never calls exit. Its stack in a call is
 * at least 1 MiB.
 *
 * 9. Secrecy. Reasons, messages and log lines never contain transcript text: they leave the place
 * where text may be read.
 *
 * 10. Determinism. The same configuration, data files and input give the same output, so that a
 * later run can be held against the evidence of an earlier one.
 *
 * Target: 64-bit, little-endian Linux. Changing the layout of a struct below breaks published
 * plugins; a test pins every offset and size.
 */
#ifndef CXSCRIBE_PLUGIN_H_
#define CXSCRIBE_PLUGIN_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CX_PLUGIN_MAGIC UINT64_C(0x4e4947554c505843) /* "CXPLUGIN" as it lies in memory */
#define CX_ABI_MAJOR 1
#define CX_ABI_MINOR 0

#define CX_EXPORT __attribute__((visibility("default")))

/* ---- Data ---- */

typedef struct cx_string {
  const char* data;
  uint64_t size; /* bytes */
} cx_string;

/* Initialises a cx_string from a literal: cx_string name = CX_STRING("punctuation"); */
#define CX_STRING(literal) \
  { (literal), sizeof(literal) - 1 }

typedef struct cx_bytes {
  const uint8_t* data;
  uint64_t size;
} cx_bytes;

/* Result of a function: the canonical codes of gRPC. */
typedef int32_t cx_code;
enum {
  CX_OK = 0,
  CX_CANCELLED = 1,
  CX_UNKNOWN = 2,
  CX_INVALID_ARGUMENT = 3,
  CX_DEADLINE_EXCEEDED = 4,
  CX_NOT_FOUND = 5,
  CX_ALREADY_EXISTS = 6,
  CX_PERMISSION_DENIED = 7,
  CX_RESOURCE_EXHAUSTED = 8,
  CX_FAILED_PRECONDITION = 9,
  CX_ABORTED = 10,
  CX_OUT_OF_RANGE = 11,
  CX_UNIMPLEMENTED = 12,
  CX_INTERNAL = 13,
  CX_UNAVAILABLE = 14,
  CX_DATA_LOSS = 15,
  CX_UNAUTHENTICATED = 16
};

/* What a plugin does to a transcript. */
typedef uint32_t cx_kind;
enum {
  /* Emits segments and annotations. */
  CX_KIND_TRANSFORM = 1,
  /* Emits findings, annotations and an outcome; emitting a segment fails the call. */
  CX_KIND_VERIFY = 2
};

/* What came of the check that a plugin stands for. */
typedef uint32_t cx_outcome;
enum {
  CX_OUTCOME_PASS = 1,
  CX_OUTCOME_FAIL = 2,
  /* It could not tell: a language it cannot read, a mode without its model. */
  CX_OUTCOME_INCONCLUSIVE = 4
};

typedef uint32_t cx_log_level;
enum { CX_LOG_DEBUG = 1, CX_LOG_INFO = 2, CX_LOG_WARNING = 3, CX_LOG_ERROR = 4 };

/* Flags of cx_word and cx_segment. A confidence that is missing is not 0, and NaN means nothing:
 * where the flag is not set there is none, and the field is 0. */
enum { CX_HAS_CONFIDENCE = 1 };

/* One spoken word, where the source knows words. */
typedef struct cx_word {
  cx_string text;
  double confidence; /* 0 to 1, if CX_HAS_CONFIDENCE */
  int32_t start_ms;  /* since the start of the recording */
  int32_t end_ms;
  uint32_t flags;
  uint32_t reserved;
} cx_word;

/* A stretch of text by one speaker in one recording. Passed in as part of cx_transcript and emitted
 * by transforms, who may split one into several and merge several of the same recording into one.
 */
typedef struct cx_segment {
  uint32_t struct_size; /* 0 where passed in; sizeof(cx_segment) where emitted */
  uint32_t flags;
  cx_string text; /* at most 1 MiB */
  /* "" where the source gave none, "a,b" where it gave several; diarization makes it "agent",
   * "customer", "speaker_1", ..., "ivr", "voicemail" or "unknown". */
  cx_string speaker;
  double confidence; /* 0 to 1, if CX_HAS_CONFIDENCE */
  int32_t start_ms;  /* since the start of the recording */
  int32_t end_ms;
  const cx_word* words; /* none where the source knows no words */
  uint64_t word_count;
  uint64_t word_stride;
  int32_t recording_index; /* into cx_transcript.recordings */
  /* The input segments this one was made of: [source_begin, source_begin + source_count). Passed
   * in, a segment names itself, so that a copy is right as it is; one that merges widens the range;
   * 0 segments: it is new. The host moves the annotations of earlier stages along. */
  int32_t source_begin;
  int32_t source_count;
  int32_t reserved;
} cx_segment;

typedef struct cx_recording {
  cx_string id;
} cx_recording;

/* Flags of cx_transcript. */
enum { CX_HAS_ACCURACY = 1 };

/* The recordings one after the other, the times of each starting again at 0; within a recording the
 * segments are in the order they came from the source, as a rule by start_ms. Segments may overlap
 * in time: people do. */
typedef struct cx_transcript {
  uint32_t struct_size;
  uint32_t flags;
  cx_string transcription_id; /* the source's own id */
  double accuracy;            /* 0 to 1, the source's estimate, if CX_HAS_ACCURACY */
  const cx_recording* recordings;
  uint64_t recording_count;
  uint64_t recording_stride;
  const cx_segment* segments;
  uint64_t segment_count;
  uint64_t segment_stride;
} cx_transcript;

/* A range of one segment's text: the bytes [begin, end), begin < end, both on the boundary of a
 * character. */
typedef struct cx_span {
  int32_t segment_index;
  int32_t begin;
  int32_t end;
  int32_t reserved;
} cx_span;

/* What a verifying plugin found. */
typedef struct cx_finding {
  uint32_t struct_size;
  uint32_t flags;       /* 0 */
  const cx_span* spans; /* one or more: a card number can lie over three segments */
  uint64_t span_count;
  uint64_t span_stride;
  cx_string
      entity_type; /* of the documented table, "CREDIT_CARD", or namespaced, "acme.EMPLOYEE_ID" */
  double score;    /* 0 to 1: how sure */
  cx_string detector; /* the part of the plugin that found it, "luhn" */
  cx_string reason;   /* why, in words that do not repeat the text */
} cx_finding;

/* What an annotation is attached to. */
typedef uint32_t cx_target;
enum { CX_ON_TRANSCRIPT = 0, CX_ON_SEGMENT = 1, CX_ON_SPAN = 2 };

/* A key and value attached to a part of the transcript. Indices and offsets of a transform address
 * the segments that it emits, before or after; where it emits none, and for a verifying plugin, the
 * input's. */
typedef struct cx_annotation {
  uint32_t struct_size;
  cx_target target;
  cx_string key; /* not empty, at most 128 bytes */
  cx_string value;
  cx_span span; /* segment_index counts for CX_ON_SEGMENT, all of it for CX_ON_SPAN */
} cx_annotation;

typedef struct cx_label {
  cx_string key;
  cx_string value;
} cx_label;

/* ---- What the host offers ---- */

/* The host, as one instance sees it. Passed to create and valid until that instance's destroy
 * returns. The one that cx_plugin_entry receives is valid until the process ends, but only says who
 * the host is: its log goes nowhere, its open_data answers CX_FAILED_PRECONDITION. */
typedef struct cx_host {
  uint64_t magic; /* CX_PLUGIN_MAGIC */
  uint32_t struct_size;
  uint16_t abi_major;
  uint16_t abi_minor;
  void* host_data; /* the host's own */
  cx_string name;  /* of the host program and its version, for log lines */
  cx_string version;
  /* Optional abilities; NULL: the host does not have this one. Valid as long as the cx_host is. */
  const void* (*get_extension)(const struct cx_host* host, cx_string id);
  void (*log)(const struct cx_host* host, cx_log_level level, cx_string message);
  /* During create only: the file `name` of the stage's data directory (a relative path without
   * "..", and without symbolic links). The bytes are a private snapshot, never change, and are
   * valid until destroy returns; their SHA-256 enters the evidence of every call. */
  cx_code (*open_data)(const struct cx_host* host, cx_string name, cx_bytes* bytes);
  /* During create only: why create is about to fail. */
  void (*fail)(const struct cx_host* host, cx_code code, cx_string reason, cx_string message);
} cx_host;

/* Where validate reports what is wrong with a configuration: all of it, not only the first problem.
 */
typedef struct cx_problems {
  uint32_t struct_size;
  uint32_t reserved;
  void* host_data;
  /* `pointer` is the JSON Pointer (RFC 6901) of the value that is wrong, "" for the whole. */
  void (*report)(const struct cx_problems* problems, cx_string pointer, cx_string message);
} cx_problems;

/* One call of process. */
typedef struct cx_context {
  uint32_t struct_size;
  uint32_t reserved;
  void* host_data;
  cx_string stage;            /* the name of the stage in its pipeline */
  cx_string language;         /* BCP 47 */
  cx_string redaction_policy; /* "pii", "pci", "phi", "none" or one that the operator defined */
  /* The entity types that the policy has checked, such as "CREDIT_CARD"; a verifying plugin need
   * not report others. */
  const cx_string* entity_types;
  uint64_t entity_type_count;
  const cx_label* labels; /* of the job, as its caller gave them */
  uint64_t label_count;
  uint64_t label_stride;
  /* 1 once the result is no longer wanted, because the job was cancelled or the deadline has
   * passed: return soon (within 100 ms), with CX_CANCELLED. Cheap: ask once per segment. */
  int32_t (*is_cancelled)(const struct cx_context* context);
  /* Nanoseconds until the deadline, never negative; INT64_MAX where there is none. */
  int64_t (*remaining_ns)(const struct cx_context* context);
  /* How much of the call is done, 0 to 1. Advisory. */
  void (*set_progress)(const struct cx_context* context, double fraction);
  void (*log)(const struct cx_context* context, cx_log_level level, cx_string message);
} cx_context;

/* Where the results of one call of process go. Functions that return a cx_code return CX_OK, or the
 * code that the call will fail with because the host refused what was emitted: return it. */
typedef struct cx_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void* host_data;
  /* Transforms. The emitted segments, in this order, replace those of the transcript: emit all,
   * changed or not. Their recordings stay in the input's order, and within a recording start_ms
   * does not go back. A call that emits none leaves the segments as they are. */
  cx_code (*emit_segment)(const struct cx_sink* sink, const cx_segment* segment);
  /* Verifying plugins. */
  cx_code (*emit_finding)(const struct cx_sink* sink, const cx_finding* finding);
  cx_code (*emit_annotation)(const struct cx_sink* sink, const cx_annotation* annotation);
  /* Default: CX_OUTCOME_PASS for a transform; for a verifying plugin CX_OUTCOME_FAIL if it emitted
   * a finding, else CX_OUTCOME_PASS. The last call counts. The reason is required but for PASS. */
  cx_code (*set_outcome)(const struct cx_sink* sink, cx_outcome outcome, cx_string reason);
  /* Why this call is about to fail. */
  void (*fail)(const struct cx_sink* sink, cx_code code, cx_string reason, cx_string message);
} cx_sink;

/* ---- What a plugin offers ---- */

/* A plugin's own; the host never looks inside. */
typedef struct cx_instance cx_instance;

/* Flags of cx_plugin. */
enum {
  /* process may be entered by several threads at once on one instance. */
  CX_PLUGIN_REENTRANT = 1
};

typedef struct cx_plugin {
  /* These four are frozen in every version to come. */
  uint64_t magic;       /* CX_PLUGIN_MAGIC */
  uint32_t struct_size; /* sizeof(cx_plugin) */
  uint16_t abi_major;   /* CX_ABI_MAJOR */
  uint16_t abi_minor;   /* CX_ABI_MINOR */

  cx_kind kind;
  uint32_t flags;
  cx_string name;    /* [a-z0-9][a-z0-9_.-]{0,63} */
  cx_string version; /* semantic version, "1.4.0" */
  cx_string description;
  /* The capability: "punctuation", "diarization", "redaction-verification",
   * "inverse-text-normalisation", or one of your own with your namespace before it,
   * "acme.script-adherence". Compliance outcomes follow it, not the file's name. */
  cx_string provides;
  /* JSON Schema of the configuration, an object at its root. Keys it does not name are errors. "":
   * the plugin takes no configuration. */
  cx_string config_schema;

  /* Checks what the schema cannot say; called only with what matches the schema. May be NULL.
   * Returns CX_OK when it has checked, also if it reported problems. `config_json` is an object. */
  cx_code (*validate)(cx_string config_json, const cx_problems* problems);
  /* Makes an instance; *instance is set only on CX_OK, and not to NULL. */
  cx_code (*create)(cx_string config_json, const cx_host* host, cx_instance** instance);
  void (*destroy)(cx_instance* instance);
  cx_code (*process)(cx_instance* instance, const cx_context* context,
                     const cx_transcript* transcript, const cx_sink* sink);
  /* Optional abilities; may be NULL, and may return NULL for an id it does not know. */
  const void* (*get_extension)(cx_string id);
} cx_plugin;

/* The one exported function. Returns the same table each time, or NULL to refuse this host. */
typedef const cx_plugin* (*cx_plugin_entry_fn)(const cx_host* host);
#define CX_PLUGIN_ENTRY_SYMBOL "cx_plugin_entry"
CX_EXPORT const cx_plugin* cx_plugin_entry(const cx_host* host);

/* ---- Helpers ---- */

static inline const cx_segment* cx_segment_at(const cx_transcript* transcript, uint64_t index) {
  return (const cx_segment*)((const char*)transcript->segments +
                             index * transcript->segment_stride);
}

static inline const cx_recording* cx_recording_at(const cx_transcript* transcript, uint64_t index) {
  return (const cx_recording*)((const char*)transcript->recordings +
                               index * transcript->recording_stride);
}

static inline const cx_word* cx_word_at(const cx_segment* segment, uint64_t index) {
  return (const cx_word*)((const char*)segment->words + index * segment->word_stride);
}

static inline const cx_label* cx_label_at(const cx_context* context, uint64_t index) {
  return (const cx_label*)((const char*)context->labels + index * context->label_stride);
}

/* A copy of an input segment that is fit to be emitted: the same words, times, source and so on. */
static inline cx_segment cx_segment_copy(const cx_segment* segment) {
  cx_segment copy = *segment;
  copy.struct_size = (uint32_t)sizeof(copy);
  return copy;
}

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CXSCRIBE_PLUGIN_H_ */
