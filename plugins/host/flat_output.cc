#include "plugins/host/flat_output.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "plugins/host/output_builder.h"

namespace cxscribe {
namespace {

template <typename T>
void Put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void PutText(std::string& out, std::string_view text) {
  Put(out, static_cast<uint32_t>(text.size()));
  out.append(text);
}

void PutText(std::string& out, const cx_string& text) { PutText(out, EmittedText(text)); }

void PutSpan(std::string& out, const cx_span& span) {
  Put<int32_t>(out, span.segment_index);
  Put<int32_t>(out, span.begin);
  Put<int32_t>(out, span.end);
}

// After the first read beyond the end everything reads as 0 or "".
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T Number() {
    T value = {};
    if (bytes_.size() < sizeof(value)) return Fail(), value;
    std::memcpy(&value, bytes_.data(), sizeof(value));
    bytes_.remove_prefix(sizeof(value));
    return value;
  }
  // Borrowed from the bytes.
  cx_string Text() {
    const auto size = Number<uint32_t>();
    if (bytes_.size() < size) return Fail(), cx_string{};
    const cx_string text{bytes_.data(), size};
    bytes_.remove_prefix(size);
    return text;
  }
  // A number of elements that have at least `least` bytes each.
  uint32_t Count(size_t least) {
    const auto count = Number<uint32_t>();
    if (bytes_.size() / least < count) return Fail(), 0;
    return count;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && bytes_.empty(); }

 private:
  void Fail() {
    ok_ = false;
    bytes_ = {};
  }

  std::string_view bytes_;
  bool ok_ = true;
};

// The least that each takes.
constexpr size_t kWordBytes = 24;
constexpr size_t kSegmentBytes = 44;
constexpr size_t kSpanBytes = 12;
constexpr size_t kFindingBytes = 24;
constexpr size_t kAnnotationBytes = 24;

cx_outcome ToRaw(v1::Outcome outcome) {
  switch (outcome) {
    case v1::OUTCOME_PASS:
      return CX_OUTCOME_PASS;
    case v1::OUTCOME_FAIL:
      return CX_OUTCOME_FAIL;
    default:
      return CX_OUTCOME_INCONCLUSIVE;
  }
}

void ReadSegments(Reader& in, OutputChecker& checker) {
  std::vector<cx_word> words;
  const uint32_t count = in.Count(kSegmentBytes);
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    cx_segment segment = {};
    segment.struct_size = sizeof(segment);
    segment.flags = in.Number<uint32_t>();
    segment.recording_index = in.Number<int32_t>();
    segment.start_ms = in.Number<int32_t>();
    segment.end_ms = in.Number<int32_t>();
    segment.source_begin = in.Number<int32_t>();
    segment.source_count = in.Number<int32_t>();
    segment.confidence = in.Number<double>();
    segment.text = in.Text();
    segment.speaker = in.Text();
    const uint32_t word_count = in.Count(kWordBytes);
    words.clear();
    words.reserve(word_count);
    for (uint32_t j = 0; j < word_count && in.ok(); ++j) {
      cx_word& word = words.emplace_back();
      word.flags = in.Number<uint32_t>();
      word.start_ms = in.Number<int32_t>();
      word.end_ms = in.Number<int32_t>();
      word.confidence = in.Number<double>();
      word.text = in.Text();
    }
    segment.words = words.empty() ? nullptr : words.data();
    segment.word_count = words.size();
    segment.word_stride = sizeof(cx_word);
    if (!in.ok() || !checker.AddSegment(&segment)) return;
  }
}

cx_span ReadSpan(Reader& in) {
  cx_span span = {};
  span.segment_index = in.Number<int32_t>();
  span.begin = in.Number<int32_t>();
  span.end = in.Number<int32_t>();
  return span;
}

void ReadFindings(Reader& in, OutputChecker& checker) {
  std::vector<cx_span> spans;
  const uint32_t count = in.Count(kFindingBytes);
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    cx_finding finding = {};
    finding.struct_size = sizeof(finding);
    finding.entity_type = in.Text();
    finding.detector = in.Text();
    finding.reason = in.Text();
    finding.score = in.Number<double>();
    const uint32_t span_count = in.Count(kSpanBytes);
    spans.clear();
    for (uint32_t j = 0; j < span_count; ++j) spans.push_back(ReadSpan(in));
    finding.spans = spans.data();
    finding.span_count = spans.size();
    finding.span_stride = sizeof(cx_span);
    if (!in.ok() || !checker.AddFinding(&finding)) return;
  }
}

void ReadAnnotations(Reader& in, OutputChecker& checker) {
  const uint32_t count = in.Count(kAnnotationBytes);
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    cx_annotation annotation = {};
    annotation.struct_size = sizeof(annotation);
    annotation.target = in.Number<uint32_t>();
    annotation.span = ReadSpan(in);
    annotation.key = in.Text();
    annotation.value = in.Text();
    if (!in.ok() || !checker.AddAnnotation(&annotation)) return;
  }
}

}  // namespace

void FlatOutput::TakeSegment(const cx_segment& segment) {
  std::string& out = segments_.bytes;
  ++segments_.count;
  Put<uint32_t>(out, segment.flags);
  Put<int32_t>(out, segment.recording_index);
  Put<int32_t>(out, segment.start_ms);
  Put<int32_t>(out, segment.end_ms);
  Put<int32_t>(out, segment.source_begin);
  Put<int32_t>(out, segment.source_count);
  Put<double>(out, segment.confidence);
  PutText(out, segment.text);
  texts_.emplace_back(out.size() - segment.text.size, segment.text.size);
  PutText(out, segment.speaker);
  Put<uint32_t>(out, static_cast<uint32_t>(segment.word_count));
  for (uint64_t i = 0; i < segment.word_count; ++i) {
    const cx_word word = EmittedWord(segment, i);
    Put<uint32_t>(out, word.flags);
    Put<int32_t>(out, word.start_ms);
    Put<int32_t>(out, word.end_ms);
    Put<double>(out, word.confidence);
    PutText(out, word.text);
  }
}

void FlatOutput::TakeFinding(const cx_finding& finding) {
  std::string& out = findings_.bytes;
  ++findings_.count;
  PutText(out, finding.entity_type);
  PutText(out, finding.detector);
  PutText(out, finding.reason);
  Put<double>(out, finding.score);
  Put<uint32_t>(out, static_cast<uint32_t>(finding.span_count));
  for (uint64_t i = 0; i < finding.span_count; ++i) PutSpan(out, EmittedSpan(finding, i));
}

void FlatOutput::TakeAnnotation(const cx_annotation& annotation) {
  std::string& out = annotations_.bytes;
  ++annotations_.count;
  Put<uint32_t>(out, annotation.target);
  PutSpan(out, annotation.span);
  PutText(out, annotation.key);
  PutText(out, annotation.value);
}

void FlatOutput::TakeOutcome(v1::Outcome outcome, std::string reason) {
  Put<uint32_t>(head_, ToRaw(outcome));
  PutText(head_, reason);
}

std::string_view FlatOutput::TextOf(size_t segment) const {
  const auto& [begin, size] = texts_[segment];
  return std::string_view(segments_.bytes).substr(begin, size);
}

std::string FlatOutput::Bytes() const {
  std::string out = head_;
  out.reserve(head_.size() + segments_.bytes.size() + findings_.bytes.size() +
              annotations_.bytes.size() + 3 * sizeof(uint32_t));
  for (const List* list : {&segments_, &findings_, &annotations_}) {
    Put<uint32_t>(out, list->count);
    out += list->bytes;
  }
  return out;
}

absl::StatusOr<RunOutput> DecodeOutput(std::string_view bytes, const PluginIdentity& identity,
                                       PluginKind kind, const EncodedTranscript& input) {
  Reader in(bytes);
  OutputBuilder builder(identity.stage, input);
  OutputChecker checker(identity, kind, input, builder);
  const auto outcome = in.Number<uint32_t>();
  const cx_string reason = in.Text();
  ReadSegments(in, checker);
  if (checker.violation().ok()) ReadFindings(in, checker);
  if (checker.violation().ok()) ReadAnnotations(in, checker);
  if (!checker.violation().ok()) return checker.violation();
  if (!in.at_end()) return absl::DataLossError("its result is cut short or too long");
  checker.SetOutcome(outcome, reason);
  if (absl::Status status = checker.Finish(); !status.ok()) return status;
  return builder.Take();
}

}  // namespace cxscribe
