#include "server/cxone/transcript_json.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/time/time.h>
#include <nlohmann/json.hpp>

#include "server/base/error.h"
#include "server/cxone/segment_order.h"
#include "server/cxone/transcript_schema.h"
#include "server/cxone/upstream_text.h"

namespace cxscribe {
namespace {

using nlohmann::json;
using transcript_schema::Key;
using transcript_schema::KeysOf;
using transcript_schema::KnownKey;
using transcript_schema::Node;

// Ids and status words; longer ones are not what they claim to be.
constexpr size_t kMaxNameBytes = 1024;

// One object or list that is open.
struct Frame {
  Node node = Node::kIgnored;
  bool is_list = false;
  Key key = Key::kUnknown;         // of an object: the member being read
  const char* key_name = nullptr;  // its name, when it is known
  int64_t index = -1;              // of a list: the element being read
  uint32_t seen = 0;               // of an object: the known keys so far, as bits
};

enum class Kind { kNull, kBool, kInteger, kHugeInteger, kFraction, kString };

struct Scalar {
  Kind kind = Kind::kNull;
  int64_t integer = 0;
  double number = 0;            // of every number
  std::string* text = nullptr;  // may be moved from
};

const char* KindName(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "a boolean";
    case Kind::kInteger:
    case Kind::kHugeInteger:
    case Kind::kFraction:
      return "a number";
    case Kind::kString:
      return "a string";
  }
  return "something else";
}

// A label of at most kMaxSpeakerBytes; `label` is UTF-8.
std::string CutLabel(std::string label) {
  if (label.size() <= kMaxSpeakerBytes) return label;
  size_t end = kMaxSpeakerBytes;
  while (end > 0 && (static_cast<unsigned char>(label[end]) & 0xC0) == 0x80) --end;
  label.resize(end);
  return label;
}

// One more label of a segment: joined to those before it by a comma, unless it is one of them or no
// longer fits.
void AddLabel(std::string label, std::string& speaker) {
  if (speaker.empty()) {
    speaker = CutLabel(std::move(label));
    return;
  }
  if (label.empty() || speaker.size() + 1 + label.size() > kMaxSpeakerBytes) return;
  for (const absl::string_view before : absl::StrSplit(speaker, ',')) {
    if (before == label) return;
  }
  absl::StrAppend(&speaker, ",", label);
}

// The times of a segment or word, as they come in.
struct Range {
  std::optional<int32_t> start;
  std::optional<int32_t> end;
};

// Receives nlohmann's parse events and builds the transcription. Every handler returns false once
// something is wrong, which ends the parse.
class Reader : public nlohmann::json_sax<json> {
 public:
  Reader(std::string_view text, absl::Span<const std::string> recording_ids,
         UpstreamTranscription& out)
      : text_(text), is_file_(recording_ids.empty()), out_(out), order_(recording_ids) {}

  std::optional<JsonProblem> Finish(bool parsed);

  // --- nlohmann::json_sax ---
  bool null() override { return OnScalar({}); }
  bool boolean(bool) override {
    Scalar scalar;
    scalar.kind = Kind::kBool;
    return OnScalar(scalar);
  }
  bool number_integer(int64_t value) override {
    Scalar scalar;
    scalar.kind = Kind::kInteger;
    scalar.integer = value;
    scalar.number = static_cast<double>(value);
    return OnScalar(scalar);
  }
  bool number_unsigned(uint64_t value) override {
    if (value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      return number_integer(static_cast<int64_t>(value));
    }
    Scalar scalar;
    scalar.kind = Kind::kHugeInteger;
    scalar.number = static_cast<double>(value);
    return OnScalar(scalar);
  }
  bool number_float(double value, const std::string&) override {
    Scalar scalar;
    scalar.kind = Kind::kFraction;
    scalar.number = value;
    // 1200.0 is the integer 1200 in JSON.
    if (std::trunc(value) == value && std::abs(value) < 9e15) {
      scalar.kind = Kind::kInteger;
      scalar.integer = static_cast<int64_t>(value);
    }
    return OnScalar(scalar);
  }
  bool string(std::string& value) override {
    Scalar scalar;
    scalar.kind = Kind::kString;
    scalar.text = &value;
    return OnScalar(scalar);
  }
  bool binary(json::binary_t&) override { return false; }  // not in JSON text
  bool start_object(size_t) override { return Open(/*is_list=*/false); }
  bool start_array(size_t) override { return Open(/*is_list=*/true); }
  bool key(std::string& name) override;
  bool end_object() override;
  bool end_array() override {
    stack_.pop_back();
    return true;
  }
  bool parse_error(size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    problem_ = error.id == 406 ? JsonProblem{"", "the answer holds a number that is out of range"}
                               : DescribeSyntaxError(text_, position, error.what());
    return false;
  }

 private:
  bool Open(bool is_list);
  bool OnScalar(Scalar scalar);
  bool RootScalar(Key key, Scalar& scalar);
  bool ResultScalar(Key key, Scalar& scalar);
  bool WordScalar(Key key, Scalar& scalar);
  bool FinishResult();
  bool FinishWord();
  bool FinishRoot();

  // The path of what is being read; `member` is added to it.
  std::string Path(std::string_view member = {}) const;
  bool Fail(std::string_view member, std::string_view what);
  bool Wrong(Kind kind, const char* expected) {
    return Fail({}, absl::StrCat("is ", KindName(kind), ", not ", expected));
  }

  bool TakeString(Scalar& scalar, size_t limit, std::string& value);
  bool TakeMilliseconds(const Scalar& scalar, std::optional<int32_t>& value);
  // For an optional score: null leaves it unset.
  template <typename Message, typename Setter>
  bool TakeScore(const Scalar& scalar, Message& message, Setter set);
  bool CheckRange(const Range& range);

  const std::string_view text_;
  const bool is_file_;
  UpstreamTranscription& out_;
  v1::Transcript transcript_;
  std::vector<Frame> stack_;
  std::optional<JsonProblem> problem_;
  bool closed_ = false;

  bool has_status_ = false;
  bool has_results_ = false;
  SegmentOrder order_;

  // Of the result and the word being read.
  v1::Segment* segment_ = nullptr;
  Range segment_range_;
  bool has_recording_ = false;
  bool has_text_ = false;
  v1::Word* word_ = nullptr;
  Range word_range_;
  bool word_has_text_ = false;
};

std::string Reader::Path(std::string_view member) const {
  std::string path;
  for (const Frame& frame : stack_) {
    if (frame.is_list) {
      if (frame.index >= 0) absl::StrAppend(&path, "[", frame.index, "]");
    } else if (frame.key_name != nullptr) {
      absl::StrAppend(&path, path.empty() ? "" : ".", frame.key_name);
    }
  }
  if (!member.empty()) {
    absl::StrAppend(&path, path.empty() ? "" : ".",
                    absl::string_view(member.data(), member.size()));
  }
  return path;
}

bool Reader::Fail(std::string_view member, std::string_view what) {
  std::string path = Path(member);
  std::string message = absl::StrCat(path.empty() ? "the answer" : path, " ",
                                     absl::string_view(what.data(), what.size()));
  problem_ = JsonProblem{std::move(path), std::move(message)};
  return false;
}

bool Reader::TakeString(Scalar& scalar, size_t limit, std::string& value) {
  if (scalar.kind != Kind::kString) return Wrong(scalar.kind, "a string");
  if (scalar.text->size() > limit) {
    return Fail(
        {}, absl::StrCat("holds ", scalar.text->size(), " bytes; at most ", limit, " are allowed"));
  }
  value = std::move(*scalar.text);
  return true;
}

bool Reader::TakeMilliseconds(const Scalar& scalar, std::optional<int32_t>& value) {
  if (scalar.kind == Kind::kFraction || scalar.kind == Kind::kHugeInteger ||
      scalar.kind == Kind::kInteger) {
    if (scalar.kind != Kind::kInteger || scalar.integer < 0 ||
        scalar.integer > std::numeric_limits<int32_t>::max()) {
      return Fail({}, "is not a whole number of milliseconds between 0 and 2147483647");
    }
    value = static_cast<int32_t>(scalar.integer);
    return true;
  }
  return Wrong(scalar.kind, "a number of milliseconds");
}

template <typename Message, typename Setter>
bool Reader::TakeScore(const Scalar& scalar, Message& message, Setter set) {
  if (scalar.kind == Kind::kNull) return true;
  if (scalar.kind == Kind::kBool || scalar.kind == Kind::kString) {
    return Wrong(scalar.kind, "a number from 0 to 1");
  }
  if (!(scalar.number >= 0 && scalar.number <= 1)) return Fail({}, "is not between 0 and 1");
  (message.*set)(scalar.number);
  return true;
}

bool Reader::key(std::string& name) {
  Frame& frame = stack_.back();
  frame.key = Key::kUnknown;
  frame.key_name = nullptr;
  for (const KnownKey& known : KeysOf(frame.node)) {
    if (name != known.name) continue;
    frame.key = known.key;
    frame.key_name = known.name;
    const uint32_t bit = uint32_t{1} << static_cast<int>(known.key);
    if ((frame.seen & bit) != 0) return Fail({}, "is there twice");
    frame.seen |= bit;
    return true;
  }
  return true;
}

bool Reader::Open(bool is_list) {
  const char* const kind = is_list ? "a list" : "an object";
  if (stack_.size() >= static_cast<size_t>(kMaxJsonDepth)) {
    problem_ =
        JsonProblem{"", absl::StrCat("the answer is nested more than ", kMaxJsonDepth, " deep")};
    return false;
  }
  Frame child;
  child.is_list = is_list;
  if (stack_.empty()) {
    if (is_list) return Fail({}, "is a list, not a JSON object");
    child.node = Node::kRoot;
    stack_.push_back(child);
    return true;
  }
  Frame& parent = stack_.back();
  if (parent.is_list) ++parent.index;
  switch (parent.node) {
    case Node::kResults:
    case Node::kWords:
      if (is_list) return Fail({}, "is a list, not an object");
      child.node = parent.node == Node::kResults ? Node::kResult : Node::kWord;
      break;
    case Node::kLabels:
      return Fail({}, absl::StrCat("is ", kind, ", not a string"));
    default:
      if (parent.key == Key::kUnknown) break;  // ignored, with all that is in it
      if (parent.key == Key::kResults || parent.key == Key::kWords ||
          parent.key == Key::kSpeakerLabels) {
        if (!is_list) return Fail({}, "is an object, not a list");
        child.node = parent.key == Key::kResults ? Node::kResults
                     : parent.key == Key::kWords ? Node::kWords
                                                 : Node::kLabels;
        if (parent.key == Key::kResults) has_results_ = true;
      } else if (parent.key == Key::kError && !is_list) {
        child.node = Node::kError;
      } else {
        return Fail({}, absl::StrCat("is ", kind, ", which it must not be"));
      }
  }
  if (child.node == Node::kResult) {
    segment_ = transcript_.add_segments();
    segment_range_ = {};
    has_recording_ = false;
    has_text_ = false;
  } else if (child.node == Node::kWord) {
    word_ = segment_->add_words();
    word_range_ = {};
    word_has_text_ = false;
  }
  stack_.push_back(child);
  return true;
}

bool Reader::OnScalar(Scalar scalar) {
  if (stack_.empty()) return Fail({}, "is a bare value, not a JSON object");
  Frame& frame = stack_.back();
  if (frame.is_list) ++frame.index;
  switch (frame.node) {
    case Node::kRoot:
      return RootScalar(frame.key, scalar);
    case Node::kError:
      if (frame.key == Key::kMessage && scalar.kind == Kind::kString) {
        out_.failure_message = CleanFailureMessage(*scalar.text);
      } else if (frame.key == Key::kCode && scalar.kind == Kind::kString &&
                 out_.failure_message.empty()) {
        out_.failure_message = CleanFailureMessage(*scalar.text);
      }
      return true;
    case Node::kResults:
    case Node::kWords:
      return Wrong(scalar.kind, "an object");
    case Node::kResult:
      return ResultScalar(frame.key, scalar);
    case Node::kLabels: {
      std::string label;
      if (!TakeString(scalar, kMaxSegmentBytes, label)) return false;
      AddLabel(std::move(label), *segment_->mutable_speaker());
      return true;
    }
    case Node::kWord:
      return WordScalar(frame.key, scalar);
    case Node::kIgnored:
      return true;
  }
  return true;
}

bool Reader::RootScalar(Key key, Scalar& scalar) {
  switch (key) {
    case Key::kId:
      if (is_file_ && scalar.kind == Kind::kNull) return true;
      return TakeString(scalar, kMaxNameBytes, out_.id);
    case Key::kStatus: {
      if (is_file_ && scalar.kind == Kind::kNull) return true;
      std::string status;
      if (!TakeString(scalar, kMaxNameBytes, status)) return false;
      constexpr std::pair<std::string_view, UpstreamStatus> kWords[] = {
          {"queued", UpstreamStatus::kQueued},
          {"in_progress", UpstreamStatus::kInProgress},
          {"completed", UpstreamStatus::kCompleted},
          {"failed", UpstreamStatus::kFailed}};
      for (const auto& [word, value] : kWords) {
        if (status == word) {
          out_.status = value;
          has_status_ = true;
          return true;
        }
      }
      return Fail({}, absl::StrCat("is \"", CleanUpstreamText(status, {}, 40),
                                   "\", not queued, in_progress, completed or failed"));
    }
    case Key::kProgress:
      if (scalar.kind == Kind::kNull) return true;
      if (scalar.kind == Kind::kBool || scalar.kind == Kind::kString) {
        return Wrong(scalar.kind, "a number");
      }
      out_.progress_percent = static_cast<int>(std::clamp(scalar.number, 0.0, 100.0));
      return true;
    case Key::kAccuracyScore:
      return TakeScore(scalar, transcript_, &v1::Transcript::set_accuracy_score);
    case Key::kCompletedTime: {
      if (scalar.kind == Kind::kNull) return true;
      std::string text;
      if (!TakeString(scalar, kMaxNameBytes, text)) return false;
      absl::Time time;
      // Four digits of year, because a protobuf Timestamp ends with the year 9999.
      if (text.size() < 5 || text[4] != '-' ||
          !absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) {
        return Fail({}, "is not an RFC 3339 time");
      }
      out_.completed_time = time;
      return true;
    }
    case Key::kResults:
      return scalar.kind == Kind::kNull || Wrong(scalar.kind, "a list");
    case Key::kError:
      if (scalar.kind == Kind::kString) out_.failure_message = CleanFailureMessage(*scalar.text);
      return true;
    default:
      return true;
  }
}

bool Reader::ResultScalar(Key key, Scalar& scalar) {
  switch (key) {
    case Key::kText:
      return has_text_ = TakeString(scalar, kMaxSegmentBytes, *segment_->mutable_text());
    case Key::kStart:
      return TakeMilliseconds(scalar, segment_range_.start);
    case Key::kEnd:
      return TakeMilliseconds(scalar, segment_range_.end);
    case Key::kConfidence:
      return TakeScore(scalar, *segment_, &v1::Segment::set_confidence);
    case Key::kRecordingId:
      if (scalar.kind == Kind::kNull) return true;
      return has_recording_ = TakeString(scalar, kMaxNameBytes, *segment_->mutable_recording_id());
    case Key::kSpeakerLabels:
    case Key::kWords:
      return scalar.kind == Kind::kNull || Wrong(scalar.kind, "a list");
    default:
      return true;
  }
}

bool Reader::WordScalar(Key key, Scalar& scalar) {
  switch (key) {
    case Key::kText:
      return word_has_text_ = TakeString(scalar, kMaxSegmentBytes, *word_->mutable_text());
    case Key::kStart:
      return TakeMilliseconds(scalar, word_range_.start);
    case Key::kEnd:
      return TakeMilliseconds(scalar, word_range_.end);
    case Key::kConfidence:
      return TakeScore(scalar, *word_, &v1::Word::set_confidence);
    default:
      return true;
  }
}

bool Reader::end_object() {
  // What the object lacks is told under its own path: no member of it is being read any more.
  stack_.back().key_name = nullptr;
  const Node node = stack_.back().node;
  if (node == Node::kResult && !FinishResult()) return false;
  if (node == Node::kWord && !FinishWord()) return false;
  if (node == Node::kRoot && !FinishRoot()) return false;
  stack_.pop_back();
  return true;
}

bool Reader::CheckRange(const Range& range) {
  if (!range.start.has_value()) return Fail("startOffsetMs", "is missing");
  if (!range.end.has_value()) return Fail("endOffsetMs", "is missing");
  if (*range.end < *range.start) return Fail("endOffsetMs", "is before startOffsetMs");
  return true;
}

bool Reader::FinishWord() {
  if (!word_has_text_) return Fail("text", "is missing");
  if (!CheckRange(word_range_)) return false;
  word_->set_start_ms(*word_range_.start);
  word_->set_end_ms(*word_range_.end);
  return true;
}

bool Reader::FinishResult() {
  if (!has_text_) return Fail("text", "is missing");
  if (!CheckRange(segment_range_)) return false;
  segment_->set_start_ms(*segment_range_.start);
  segment_->set_end_ms(*segment_range_.end);
  const std::string wrong = order_.Place(*segment_, has_recording_);
  return wrong.empty() || Fail("recordingId", wrong);
}

bool Reader::FinishRoot() {
  if (!is_file_ && out_.id.empty()) return Fail("id", "is missing or empty");
  if (!has_status_) {
    if (!is_file_) return Fail("status", "is missing");
    out_.status = UpstreamStatus::kCompleted;
  }
  if (out_.status == UpstreamStatus::kCompleted && !has_results_) {
    return Fail("results", "is missing");
  }
  closed_ = true;
  return true;
}

std::optional<JsonProblem> Reader::Finish(bool parsed) {
  if (problem_.has_value()) return problem_;
  if (!parsed || !closed_) return JsonProblem{"", "the answer is not JSON"};
  if (out_.status == UpstreamStatus::kCompleted) {
    order_.Sort(transcript_);
    transcript_.set_transcription_id(out_.id);
    out_.transcript = std::move(transcript_);
  }
  return std::nullopt;
}

}  // namespace

std::optional<JsonProblem> ReadTranscription(std::string_view json_text,
                                             absl::Span<const std::string> recording_ids,
                                             UpstreamTranscription& out) {
  out = UpstreamTranscription();
  if (json_text.size() > kMaxTranscriptBytes) {
    return JsonProblem{"", absl::StrCat("the answer holds ", json_text.size(), " bytes; at most ",
                                        kMaxTranscriptBytes, " are allowed")};
  }
  Reader reader(json_text, recording_ids, out);
  const bool parsed =
      json::sax_parse(json_text.data(), json_text.data() + json_text.size(), &reader);
  return reader.Finish(parsed);
}

absl::StatusOr<ParsedTranscription> ParseTranscriptionJson(
    std::string_view json_text, absl::Span<const std::string> recording_ids) {
  ParsedTranscription parsed;
  const std::optional<JsonProblem> problem = ReadTranscription(json_text, recording_ids, parsed);
  if (!problem.has_value()) return parsed;
  ErrorBuilder error(absl::StatusCode::kInvalidArgument, "TRANSCRIPT_MALFORMED",
                     absl::StrCat("the transcript cannot be read: ", problem->message));
  if (!problem->field.empty()) error.Field(problem->field, problem->message);
  return error.Build();
}

}  // namespace cxscribe
