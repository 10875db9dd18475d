/* normaliser: writes text in one way. A plugin in C, with nothing but the SDK's header.
 *
 * Typographic quotes, dashes and spaces become their ASCII forms, control characters become spaces,
 * and runs of spaces become one. Words and letters stay as they are. See README.md. */
#include <stdlib.h>
#include <string.h>

#include <cxscribe/plugin.h>

struct cx_instance {
  int keep_spaces;
};

/* What a character is replaced by. No replacement is longer than what it replaces, so a text never
 * grows. */
typedef struct {
  const char* from; /* UTF-8 */
  const char* to;
} replacement;

static const replacement replacements[] = {
    {"\xC2\xA0", " "},                               /* no-break space */
    {"\xE2\x80\x8B", ""},                            /* zero-width space */
    {"\xE2\x80\xAF", " "},                           /* narrow no-break space */
    {"\xE2\x80\x90", "-"},                           /* hyphen */
    {"\xE2\x80\x91", "-"},                           /* non-breaking hyphen */
    {"\xE2\x80\x93", "-"},                           /* en dash */
    {"\xE2\x80\x94", "-"},                           /* em dash */
    {"\xE2\x80\x98", "'"},                           /* single quotes */
    {"\xE2\x80\x99", "'"},  {"\xE2\x80\x9C", "\""},  /* double quotes */
    {"\xE2\x80\x9D", "\""}, {"\xE2\x80\xA6", "..."}, /* ellipsis */
    {"\xEF\xBB\xBF", ""},                            /* byte order mark */
};

/* The replacement of the character that `text` begins with, or NULL. */
static const replacement* find(const char* text, uint64_t size) {
  if ((unsigned char)text[0] < 0xC2) return NULL; /* ASCII, most of the time */
  for (size_t i = 0; i < sizeof(replacements) / sizeof(replacements[0]); ++i) {
    const size_t length = strlen(replacements[i].from);
    if (length <= size && memcmp(text, replacements[i].from, length) == 0) return &replacements[i];
  }
  return NULL;
}

static int is_blank(char c) { return c == ' ' || (unsigned char)c < 0x20 || c == 0x7F; }

/* Writes the normal form of `text` to `out`, which has room for text.size bytes; returns its size.
 * It looks at whole characters or at ASCII bytes only, so valid UTF-8 stays valid. */
static uint64_t normalise(cx_string text, int keep_spaces, char* out) {
  uint64_t size = 0;
  uint64_t i = 0;
  while (i < text.size) {
    const replacement* found = find(text.data + i, text.size - i);
    const char* piece = text.data + i;
    size_t length = 1;
    if (found != NULL) {
      i += strlen(found->from);
      piece = found->to;
      length = strlen(found->to);
    } else {
      ++i;
    }
    for (size_t k = 0; k < length; ++k) {
      const int blank = is_blank(piece[k]);
      if (blank && !keep_spaces && (size == 0 || out[size - 1] == ' ')) continue;
      out[size++] = blank ? ' ' : piece[k];
    }
  }
  if (!keep_spaces && size > 0 && out[size - 1] == ' ') --size;
  return size;
}

/* The schema has one boolean, so a search is parser enough: the host has checked that this is an
 * object with at most that key, and how long it is. */
static int has_keep_spaces(cx_string json) {
  static const char key[] = "\"keep_spaces\"";
  for (uint64_t i = 0; i + sizeof(key) - 1 <= json.size; ++i) {
    if (memcmp(json.data + i, key, sizeof(key) - 1) != 0) continue;
    for (i += sizeof(key) - 1; i < json.size; ++i) {
      if (json.data[i] == 't') return 1;
      if (json.data[i] == 'f') return 0;
    }
  }
  return 0;
}

static cx_code create(cx_string config_json, const cx_host* host, cx_instance** instance) {
  *instance = calloc(1, sizeof(**instance));
  if (*instance == NULL) {
    host->fail(host, CX_RESOURCE_EXHAUSTED, (cx_string)CX_STRING("OUT_OF_MEMORY"),
               (cx_string)CX_STRING("there is no memory for an instance"));
    return CX_RESOURCE_EXHAUSTED;
  }
  (*instance)->keep_spaces = has_keep_spaces(config_json);
  return CX_OK;
}

static void destroy(cx_instance* instance) { free(instance); }

/* A buffer that grows. */
typedef struct {
  char* data;
  uint64_t capacity;
} buffer;

static int reserve(buffer* into, uint64_t size) {
  if (size <= into->capacity) return 1;
  char* larger = realloc(into->data, size);
  if (larger == NULL) return 0;
  into->data = larger;
  into->capacity = size;
  return 1;
}

/* Emits one segment; `text` and `words` are scratch memory that later segments use again. */
static cx_code emit(const cx_instance* self, const cx_segment* segment, const cx_sink* sink,
                    buffer* text, buffer* words) {
  uint64_t characters = segment->text.size;
  for (uint64_t i = 0; i < segment->word_count; ++i) {
    characters += cx_word_at(segment, i)->text.size;
  }
  if (!reserve(text, characters) || !reserve(words, segment->word_count * sizeof(cx_word))) {
    sink->fail(sink, CX_RESOURCE_EXHAUSTED, (cx_string)CX_STRING("OUT_OF_MEMORY"),
               (cx_string)CX_STRING("there is no memory for a segment"));
    return CX_RESOURCE_EXHAUSTED;
  }
  cx_segment copy = cx_segment_copy(segment);
  char* out = text->data;
  copy.text.data = out;
  copy.text.size = normalise(segment->text, self->keep_spaces, out);
  out += copy.text.size;
  cx_word* own_words = (cx_word*)words->data;
  for (uint64_t i = 0; i < segment->word_count; ++i) {
    /* Only what this version of the header knows of a word. */
    own_words[i] = *cx_word_at(segment, i);
    own_words[i].text.data = out;
    own_words[i].text.size = normalise(cx_word_at(segment, i)->text, 0, out);
    out += own_words[i].text.size;
  }
  copy.words = segment->word_count > 0 ? own_words : NULL;
  copy.word_stride = sizeof(cx_word);
  return sink->emit_segment(sink, &copy);
}

static cx_code process(cx_instance* instance, const cx_context* context,
                       const cx_transcript* transcript, const cx_sink* sink) {
  buffer text = {NULL, 0};
  buffer words = {NULL, 0};
  cx_code code = CX_OK;
  for (uint64_t i = 0; i < transcript->segment_count && code == CX_OK; ++i) {
    code = context->is_cancelled(context)
               ? CX_CANCELLED
               : emit(instance, cx_segment_at(transcript, i), sink, &text, &words);
  }
  free(text.data);
  free(words.data);
  return code;
}

static const cx_plugin table = {
    .magic = CX_PLUGIN_MAGIC,
    .struct_size = sizeof(cx_plugin),
    .abi_major = CX_ABI_MAJOR,
    .abi_minor = CX_ABI_MINOR,
    .kind = CX_KIND_TRANSFORM,
    .flags = CX_PLUGIN_REENTRANT,
    .name = CX_STRING("normaliser"),
    .version = CX_STRING("1.0.0"),
    .description = CX_STRING("Writes quotes, dashes and spaces in one way."),
    .provides = CX_STRING("example.normalisation"),
    .config_schema = CX_STRING("{\"type\": \"object\", \"properties\": {\"keep_spaces\": "
                               "{\"type\": \"boolean\", \"default\": false}}}"),
    .create = create,
    .destroy = destroy,
    .process = process,
};

const cx_plugin* cx_plugin_entry(const cx_host* host) {
  (void)host;
  return &table;
}
