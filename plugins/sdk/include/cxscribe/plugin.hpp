// cxscribe plugins in C++17: a class instead of a table of functions. Header-only; needs
// cxscribe/plugin.h and the standard library. What plugin.h says about threads, lifecycle and
// secrecy holds here too.
//
//   #include <cxscribe/plugin.hpp>
//   namespace cx = cxscribe::plugin;
//
//   class Shout {
//    public:
//     static constexpr cx::Info kInfo{CX_KIND_TRANSFORM, "shout", "1.0.0", "Ends every segment with
//     !",
//                                     "acme.shout"};
//     Shout(std::string_view config_json, const cx::Host& host);
//     void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) {
//       for (const cx::Segment segment : transcript) {
//         if (context.cancelled()) throw cx::Cancelled();
//         sink.Emit(segment.Edit().Text(std::string(segment.text()) + "!"));
//       }
//     }
//   };
//   CXSCRIBE_PLUGIN(Shout)
//
// Optional: `static void Validate(std::string_view config_json, cx::Problems& problems)` for what
// the schema cannot say.
//
// Exceptions are allowed everywhere inside and never cross the boundary: cx::Error becomes the
// error it describes (its message must not contain transcript text), std::bad_alloc
// RESOURCE_EXHAUSTED, anything else INTERNAL. What other exceptions say is passed on from the
// constructor and from Validate only: in Process it may quote the transcript, and errors are logged
// and sent out. There the message names the type, as the compiler spells it.
//
// Context, Transcript, Segment, Word and Sink are views of one call: do not keep them beyond it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iterator>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <cxscribe/plugin.h>

namespace cxscribe::plugin {

inline std::string_view View(const cx_string& string) {
  return string.size == 0 ? std::string_view() : std::string_view(string.data, string.size);
}
inline constexpr cx_string Borrow(std::string_view view) {
  return cx_string{view.data(), view.size()};
}

// What a plugin is; the fields of cx_plugin. `config_schema` is a JSON Schema, empty: no
// configuration.
struct Info {
  cx_kind kind;
  std::string_view name;
  std::string_view version;
  std::string_view description;
  std::string_view provides;
  std::string_view config_schema = {};
  uint32_t flags = 0;
};

// Fails create or process with this error.
class Error : public std::runtime_error {
 public:
  // `reason` is stable and UPPER_SNAKE.
  Error(cx_code code, std::string reason, const std::string& message)
      : std::runtime_error(message),
        code_(code == CX_OK ? CX_INTERNAL : code),
        reason_(std::move(reason)) {}
  cx_code code() const noexcept { return code_; }
  const std::string& reason() const noexcept { return reason_; }

 private:
  cx_code code_;
  std::string reason_;
};

// Ends a call whose result is no longer wanted.
class Cancelled : public Error {
 public:
  Cancelled() : Error(CX_CANCELLED, "CANCELLED", "cancelled") {}
};

// The configuration problems that Validate found.
class Problems {
 public:
  explicit Problems(const cx_problems* problems) : problems_(problems) {}
  // `pointer` is a JSON Pointer, "/rules/3/name".
  void Report(std::string_view pointer, std::string_view message) {
    problems_->report(problems_, Borrow(pointer), Borrow(message));
  }

 private:
  const cx_problems* problems_;
};

// The host as an instance sees it; may be kept by the instance (it is a pointer).
class Host {
 public:
  explicit Host(const cx_host* host) : host_(host) {}
  // In the constructor only: a file of the stage's data directory, valid as long as the instance.
  // Throws Error.
  std::string_view OpenData(std::string_view name) const {
    cx_bytes bytes = {};
    const cx_code code = host_->open_data(host_, Borrow(name), &bytes);
    if (code != CX_OK) {
      throw Error(code, "DATA_FILE", "cannot open the data file \"" + std::string(name) + "\"");
    }
    return std::string_view(reinterpret_cast<const char*>(bytes.data), bytes.size);
  }
  void Log(cx_log_level level, std::string_view message) const {
    host_->log(host_, level, Borrow(message));
  }
  const cx_host* raw() const { return host_; }

 private:
  const cx_host* host_;
};

namespace internal {

// A range over an array whose elements are `stride` bytes apart; dereferences to View(const Raw&).
template <typename Element, typename Raw>
class Strided {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Element;

    Iterator(const Strided* range, size_t index) : range_(range), index_(index) {}
    Element operator*() const { return (*range_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const Strided* range_;
    size_t index_;
  };

  Strided(const Raw* data, uint64_t size, uint64_t stride)
      : data_(data), size_(static_cast<size_t>(size)), stride_(static_cast<size_t>(stride)) {}
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Element operator[](size_t index) const {
    return Element(
        *reinterpret_cast<const Raw*>(reinterpret_cast<const char*>(data_) + index * stride_));
  }
  Iterator begin() const { return Iterator(this, 0); }
  Iterator end() const { return Iterator(this, size_); }

 private:
  const Raw* data_;
  size_t size_;
  size_t stride_;
};

}  // namespace internal

// A view of one word of the input.
class Word {
 public:
  explicit Word(const cx_word& raw) : raw_(&raw) {}
  std::string_view text() const { return View(raw_->text); }
  std::optional<double> confidence() const {
    if ((raw_->flags & CX_HAS_CONFIDENCE) == 0) return std::nullopt;
    return raw_->confidence;
  }
  int32_t start_ms() const { return raw_->start_ms; }
  int32_t end_ms() const { return raw_->end_ms; }
  const cx_word& raw() const { return *raw_; }

 private:
  const cx_word* raw_;
};

using Words = internal::Strided<Word, cx_word>;

// A word to be emitted, with a text of its own.
struct NewWord {
  std::string text;
  std::optional<double> confidence;
  int32_t start_ms = 0;
  int32_t end_ms = 0;
};

// A segment to be emitted. Made by Segment::Edit (starts as a copy of the input, words included) or
// empty. Owns its texts; words that were not replaced are borrowed from the input.
class NewSegment {
 public:
  NewSegment() : raw_() {}
  explicit NewSegment(const cx_segment& source)
      : raw_(source), text_(View(source.text)), speaker_(View(source.speaker)) {}

  NewSegment& Text(std::string text) & {
    text_ = std::move(text);
    return *this;
  }
  NewSegment& Speaker(std::string speaker) & {
    speaker_ = std::move(speaker);
    return *this;
  }
  // Milliseconds since the start of the recording.
  NewSegment& Times(int32_t start_ms, int32_t end_ms) & {
    raw_.start_ms = start_ms;
    raw_.end_ms = end_ms;
    return *this;
  }
  // nullopt: there is none.
  NewSegment& Confidence(std::optional<double> confidence) & {
    raw_.confidence = confidence.value_or(0);
    raw_.flags = confidence ? raw_.flags | CX_HAS_CONFIDENCE
                            : raw_.flags & ~static_cast<uint32_t>(CX_HAS_CONFIDENCE);
    return *this;
  }
  NewSegment& Words(std::vector<NewWord> words) & {
    words_ = std::move(words);
    own_words_ = true;
    return *this;
  }
  // Into Transcript::recordings.
  NewSegment& Recording(int32_t index) & {
    raw_.recording_index = index;
    return *this;
  }
  // The input segments that this one was made of.
  NewSegment& Source(int32_t begin, int32_t count) & {
    raw_.source_begin = begin;
    raw_.source_count = count;
    return *this;
  }
  NewSegment&& Text(std::string text) && { return std::move(Text(std::move(text))); }
  NewSegment&& Speaker(std::string speaker) && { return std::move(Speaker(std::move(speaker))); }
  NewSegment&& Times(int32_t start_ms, int32_t end_ms) && {
    return std::move(Times(start_ms, end_ms));
  }
  NewSegment&& Confidence(std::optional<double> confidence) && {
    return std::move(Confidence(confidence));
  }
  NewSegment&& Words(std::vector<NewWord> words) && { return std::move(Words(std::move(words))); }
  NewSegment&& Recording(int32_t index) && { return std::move(Recording(index)); }
  NewSegment&& Source(int32_t begin, int32_t count) && { return std::move(Source(begin, count)); }

  const std::string& text() const { return text_; }
  const std::string& speaker() const { return speaker_; }

  // The segment as the C ABI wants it; `words` backs its words and, like this, must outlive it.
  cx_segment Raw(std::vector<cx_word>& words) const {
    cx_segment raw = raw_;
    raw.struct_size = static_cast<uint32_t>(sizeof(raw));
    raw.text = Borrow(text_);
    raw.speaker = Borrow(speaker_);
    if (own_words_) {
      words.clear();
      for (const NewWord& word : words_) {
        cx_word raw_word = {};
        raw_word.text = Borrow(word.text);
        raw_word.confidence = word.confidence.value_or(0);
        raw_word.start_ms = word.start_ms;
        raw_word.end_ms = word.end_ms;
        raw_word.flags = word.confidence ? CX_HAS_CONFIDENCE : 0;
        words.push_back(raw_word);
      }
      raw.words = words.data();
      raw.word_count = words.size();
      raw.word_stride = sizeof(cx_word);
    }
    return raw;
  }

 private:
  cx_segment raw_;
  std::string text_;
  std::string speaker_;
  std::vector<NewWord> words_;
  bool own_words_ = false;
};

// A view of one segment of the input.
class Segment {
 public:
  explicit Segment(const cx_segment& raw) : raw_(&raw) {}
  std::string_view text() const { return View(raw_->text); }
  std::string_view speaker() const { return View(raw_->speaker); }
  std::optional<double> confidence() const {
    if ((raw_->flags & CX_HAS_CONFIDENCE) == 0) return std::nullopt;
    return raw_->confidence;
  }
  int32_t start_ms() const { return raw_->start_ms; }
  int32_t end_ms() const { return raw_->end_ms; }
  int32_t recording_index() const { return raw_->recording_index; }
  plugin::Words words() const {
    return plugin::Words(raw_->words, raw_->word_count, raw_->word_stride);
  }
  NewSegment Edit() const { return NewSegment(*raw_); }
  const cx_segment& raw() const { return *raw_; }

 private:
  const cx_segment* raw_;
};

class Transcript {
 public:
  explicit Transcript(const cx_transcript* raw)
      : raw_(raw), segments_(raw->segments, raw->segment_count, raw->segment_stride) {}
  size_t size() const { return segments_.size(); }
  bool empty() const { return segments_.empty(); }
  Segment operator[](size_t index) const { return segments_[index]; }
  auto begin() const { return segments_.begin(); }
  auto end() const { return segments_.end(); }
  size_t recording_count() const { return static_cast<size_t>(raw_->recording_count); }
  std::string_view recording_id(size_t index) const {
    return View(cx_recording_at(raw_, index)->id);
  }
  std::string_view transcription_id() const { return View(raw_->transcription_id); }
  std::optional<double> accuracy() const {
    if ((raw_->flags & CX_HAS_ACCURACY) == 0) return std::nullopt;
    return raw_->accuracy;
  }
  const cx_transcript* raw() const { return raw_; }

 private:
  const cx_transcript* raw_;
  internal::Strided<Segment, cx_segment> segments_;
};

class Context {
 public:
  explicit Context(const cx_context* raw) : raw_(raw) {}
  std::string_view stage() const { return View(raw_->stage); }
  std::string_view language() const { return View(raw_->language); }
  // Whether that is `primary`, in lower case, in whatever region or script: "en" of "en-GB".
  bool language_is(std::string_view primary) const {
    const std::string_view tag = language();
    if (tag.substr(0, tag.find_first_of("-_")).size() != primary.size()) return false;
    for (size_t i = 0; i < primary.size(); ++i) {
      const char c = tag[i];
      if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != primary[i]) return false;
    }
    return true;
  }
  std::string_view redaction_policy() const { return View(raw_->redaction_policy); }
  size_t entity_type_count() const { return static_cast<size_t>(raw_->entity_type_count); }
  std::string_view entity_type(size_t index) const { return View(raw_->entity_types[index]); }
  // Whether the policy has this entity type checked.
  bool checks(std::string_view entity_type) const {
    for (uint64_t i = 0; i < raw_->entity_type_count; ++i) {
      if (View(raw_->entity_types[i]) == entity_type) return true;
    }
    return false;
  }
  std::optional<std::string_view> label(std::string_view key) const {
    for (uint64_t i = 0; i < raw_->label_count; ++i) {
      const cx_label* label = cx_label_at(raw_, i);
      if (View(label->key) == key) return View(label->value);
    }
    return std::nullopt;
  }
  bool cancelled() const { return raw_->is_cancelled(raw_) != 0; }
  // Nanoseconds; INT64_MAX without a deadline.
  int64_t remaining_ns() const { return raw_->remaining_ns(raw_); }
  void SetProgress(double fraction) const { raw_->set_progress(raw_, fraction); }
  void Log(cx_log_level level, std::string_view message) const {
    raw_->log(raw_, level, Borrow(message));
  }
  const cx_context* raw() const { return raw_; }

 private:
  const cx_context* raw_;
};

// See cx_finding.
struct Finding {
  std::vector<cx_span> spans;
  std::string entity_type;
  double score = 0;
  std::string detector;
  std::string reason;
};

inline constexpr cx_span Span(size_t segment_index, size_t begin, size_t end) {
  return cx_span{static_cast<int32_t>(segment_index), static_cast<int32_t>(begin),
                 static_cast<int32_t>(end), 0};
}

namespace internal {

// Ends a process call that the host refused something of; the host already knows why.
struct Refused {
  cx_code code;
};

}  // namespace internal

// Where results go. What the host refuses ends the call: the functions throw, and nothing is to be
// caught.
class Sink {
 public:
  explicit Sink(const cx_sink* raw) : raw_(raw) {}

  // Transforms: emit every segment, changed or not; none at all: the transcript stays as it is.
  void Emit(const NewSegment& segment) {
    const cx_segment raw = segment.Raw(words_);
    Check(raw_->emit_segment(raw_, &raw));
  }
  void Emit(const Segment& unchanged) {
    const cx_segment raw = cx_segment_copy(&unchanged.raw());
    Check(raw_->emit_segment(raw_, &raw));
  }

  // Verifying plugins.
  void Report(const Finding& finding) {
    cx_finding raw = {};
    raw.struct_size = static_cast<uint32_t>(sizeof(raw));
    raw.spans = finding.spans.data();
    raw.span_count = finding.spans.size();
    raw.span_stride = sizeof(cx_span);
    raw.entity_type = Borrow(finding.entity_type);
    raw.score = finding.score;
    raw.detector = Borrow(finding.detector);
    raw.reason = Borrow(finding.reason);
    Check(raw_->emit_finding(raw_, &raw));
  }

  void Annotate(std::string_view key, std::string_view value) {
    Annotate(CX_ON_TRANSCRIPT, {}, key, value);
  }
  void AnnotateSegment(size_t segment_index, std::string_view key, std::string_view value) {
    Annotate(CX_ON_SEGMENT, plugin::Span(segment_index, 0, 0), key, value);
  }
  void AnnotateSpan(const cx_span& span, std::string_view key, std::string_view value) {
    Annotate(CX_ON_SPAN, span, key, value);
  }

  void SetOutcome(cx_outcome outcome, std::string_view reason) {
    Check(raw_->set_outcome(raw_, outcome, Borrow(reason)));
  }
  const cx_sink* raw() const { return raw_; }

 private:
  void Annotate(cx_target target, const cx_span& span, std::string_view key,
                std::string_view value) {
    cx_annotation raw = {};
    raw.struct_size = static_cast<uint32_t>(sizeof(raw));
    raw.target = target;
    raw.key = Borrow(key);
    raw.value = Borrow(value);
    raw.span = span;
    Check(raw_->emit_annotation(raw_, &raw));
  }
  static void Check(cx_code code) {
    if (code != CX_OK) throw internal::Refused{code};
  }

  const cx_sink* raw_;
  std::vector<cx_word> words_;
};

namespace internal {

// Whether what an exception says may leave the plugin.
enum class What { kTold, kWithheld };

// Runs `body`; turns what it throws into a code, told to `fail` where the host does not know it
// yet.
template <What what, typename Body, typename Fail>
cx_code Guard(Body&& body, Fail&& fail) noexcept {
  try {
    body();
    return CX_OK;
  } catch (const Refused& refused) {
    return refused.code;
  } catch (const Error& error) {
    fail(error.code(), std::string_view(error.reason()), std::string_view(error.what()));
    return error.code();
  } catch (const std::bad_alloc&) {
    fail(CX_RESOURCE_EXHAUSTED, std::string_view("OUT_OF_MEMORY"),
         std::string_view("out of memory"));
    return CX_RESOURCE_EXHAUSTED;
  } catch (const std::exception& error) {
    if constexpr (what == What::kTold) {
      fail(CX_INTERNAL, std::string_view("EXCEPTION"), std::string_view(error.what()));
    } else {
      char message[256];
#if defined(__cpp_rtti)
      std::snprintf(message, sizeof(message), "an exception of type %s", typeid(error).name());
#else
      std::snprintf(message, sizeof(message), "an exception");
#endif
      fail(CX_INTERNAL, std::string_view("EXCEPTION"), std::string_view(message));
    }
    return CX_INTERNAL;
  } catch (...) {
    fail(CX_INTERNAL, std::string_view("EXCEPTION"),
         std::string_view("an exception that is no std::exception"));
    return CX_INTERNAL;
  }
}

template <typename Plugin, typename = void>
struct HasValidate : std::false_type {};
template <typename Plugin>
struct HasValidate<
    Plugin, std::void_t<decltype(Plugin::Validate(std::string_view(), std::declval<Problems&>()))>>
    : std::true_type {};

template <typename Plugin>
struct Adapter {
  static cx_code Validate(cx_string config, const cx_problems* raw) {
    return Guard<What::kTold>(
        [&] {
          Problems problems(raw);
          if constexpr (HasValidate<Plugin>::value) Plugin::Validate(View(config), problems);
        },
        [raw](cx_code, std::string_view, std::string_view message) {
          raw->report(raw, cx_string{nullptr, 0}, Borrow(message));
        });
  }

  static cx_code Create(cx_string config, const cx_host* host, cx_instance** instance) {
    return Guard<What::kTold>(
        [&] { *instance = reinterpret_cast<cx_instance*>(new Plugin(View(config), Host(host))); },
        [host](cx_code code, std::string_view reason, std::string_view message) {
          host->fail(host, code, Borrow(reason), Borrow(message));
        });
  }

  static void Destroy(cx_instance* instance) { delete reinterpret_cast<Plugin*>(instance); }

  static cx_code Process(cx_instance* instance, const cx_context* context,
                         const cx_transcript* transcript, const cx_sink* raw) {
    return Guard<What::kWithheld>(
        [&] {
          Sink sink(raw);
          reinterpret_cast<Plugin*>(instance)->Process(Context(context), Transcript(transcript),
                                                       sink);
        },
        [raw](cx_code code, std::string_view reason, std::string_view message) {
          raw->fail(raw, code, Borrow(reason), Borrow(message));
        });
  }

  static constexpr cx_plugin Table(const Info& info) {
    cx_plugin table = {};
    table.magic = CX_PLUGIN_MAGIC;
    table.struct_size = static_cast<uint32_t>(sizeof(cx_plugin));
    table.abi_major = CX_ABI_MAJOR;
    table.abi_minor = CX_ABI_MINOR;
    table.kind = info.kind;
    table.flags = info.flags;
    table.name = Borrow(info.name);
    table.version = Borrow(info.version);
    table.description = Borrow(info.description);
    table.provides = Borrow(info.provides);
    table.config_schema = Borrow(info.config_schema);
    table.validate = &Validate;
    table.create = &Create;
    table.destroy = &Destroy;
    table.process = &Process;
    return table;
  }
};

}  // namespace internal
}  // namespace cxscribe::plugin

// Exports `Class` as this library's plugin; once, at namespace scope, in one source file.
#define CXSCRIBE_PLUGIN(Class)                                             \
  extern "C" CX_EXPORT const cx_plugin* cx_plugin_entry(const cx_host*) {  \
    static constexpr cx_plugin table =                                     \
        ::cxscribe::plugin::internal::Adapter<Class>::Table(Class::kInfo); \
    return &table;                                                         \
  }
