#include "plugins/host/flat_output.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "plugins/host/output_builder.h"

namespace cxscribe {
namespace {

class Writer {
 public:
  explicit Writer(size_t expected) { out_.reserve(expected); }

  template <typename T>
  void Number(T value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void Text(std::string_view text) {
    Number(static_cast<uint32_t>(text.size()));
    out_.append(text);
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

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

void WriteSpan(Writer& out, const v1::Span& span) {
  out.Number<int32_t>(span.segment_index());
  out.Number<int32_t>(span.begin());
  out.Number<int32_t>(span.end());
}

void WriteSegment(Writer& out, const v1::Segment& segment, int32_t recording, SourceRange source) {
  out.Number<uint32_t>(segment.has_confidence() ? CX_HAS_CONFIDENCE : 0);
  out.Number<int32_t>(recording);
  out.Number<int32_t>(segment.start_ms());
  out.Number<int32_t>(segment.end_ms());
  out.Number<int32_t>(source.begin);
  out.Number<int32_t>(source.count);
  out.Number<double>(segment.confidence());
  out.Text(segment.text());
  out.Text(segment.speaker());
  out.Number<uint32_t>(static_cast<uint32_t>(segment.words_size()));
  for (const v1::Word& word : segment.words()) {
    out.Number<uint32_t>(word.has_confidence() ? CX_HAS_CONFIDENCE : 0);
    out.Number<int32_t>(word.start_ms());
    out.Number<int32_t>(word.end_ms());
    out.Number<double>(word.confidence());
    out.Text(word.text());
  }
}

void ReadSegments(Reader& in, OutputBuilder& builder) {
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
    if (!in.ok() || !builder.AddSegment(&segment)) return;
  }
}

cx_span ReadSpan(Reader& in) {
  cx_span span = {};
  span.segment_index = in.Number<int32_t>();
  span.begin = in.Number<int32_t>();
  span.end = in.Number<int32_t>();
  return span;
}

void ReadFindings(Reader& in, OutputBuilder& builder) {
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
    if (!in.ok() || !builder.AddFinding(&finding)) return;
  }
}

void ReadAnnotations(Reader& in, OutputBuilder& builder) {
  const uint32_t count = in.Count(kAnnotationBytes);
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    cx_annotation annotation = {};
    annotation.struct_size = sizeof(annotation);
    annotation.target = in.Number<uint32_t>();
    annotation.span = ReadSpan(in);
    annotation.key = in.Text();
    annotation.value = in.Text();
    if (!in.ok() || !builder.AddAnnotation(&annotation)) return;
  }
}

}  // namespace

std::string EncodeOutput(const RunOutput& output, const EncodedTranscript& input) {
  size_t expected = 1'024;
  for (const v1::Segment& segment : output.segments) expected += 96 + segment.text().size();
  Writer out(expected);
  out.Number<uint32_t>(ToRaw(output.outcome));
  out.Text(output.reason);

  const std::vector<std::string>& recordings = input.recording_ids();
  out.Number<uint32_t>(static_cast<uint32_t>(output.segments.size()));
  size_t recording = 0;  // most segments are of the recording of the one before
  for (size_t i = 0; i < output.segments.size(); ++i) {
    const v1::Segment& segment = output.segments[i];
    if (recordings[recording] != segment.recording_id()) {
      recording = static_cast<size_t>(
          std::find(recordings.begin(), recordings.end(), segment.recording_id()) -
          recordings.begin());
    }
    WriteSegment(out, segment, static_cast<int32_t>(recording), output.sources[i]);
  }
  out.Number<uint32_t>(static_cast<uint32_t>(output.findings.size()));
  for (const v1::Finding& finding : output.findings) {
    out.Text(finding.entity_type());
    out.Text(finding.detector());
    out.Text(finding.reason());
    out.Number<double>(finding.score());
    out.Number<uint32_t>(static_cast<uint32_t>(finding.spans_size()));
    for (const v1::Span& span : finding.spans()) WriteSpan(out, span);
  }
  out.Number<uint32_t>(static_cast<uint32_t>(output.annotations.size()));
  for (const v1::Annotation& annotation : output.annotations) {
    v1::Span span;
    cx_target target = CX_ON_TRANSCRIPT;
    if (annotation.has_span()) {
      target = CX_ON_SPAN;
      span = annotation.span();
    } else if (annotation.has_segment_index()) {
      target = CX_ON_SEGMENT;
      span.set_segment_index(annotation.segment_index());
    }
    out.Number<uint32_t>(target);
    WriteSpan(out, span);
    out.Text(annotation.key());
    out.Text(annotation.value());
  }
  return out.Take();
}

absl::StatusOr<RunOutput> DecodeOutput(std::string_view bytes, const PluginIdentity& identity,
                                       PluginKind kind, const EncodedTranscript& input) {
  Reader in(bytes);
  OutputBuilder builder(identity, kind, input);
  const auto outcome = in.Number<uint32_t>();
  const cx_string reason = in.Text();
  ReadSegments(in, builder);
  if (builder.violation().ok()) ReadFindings(in, builder);
  if (builder.violation().ok()) ReadAnnotations(in, builder);
  if (!builder.violation().ok()) return builder.violation();
  if (!in.at_end()) return absl::DataLossError("its result is cut short or too long");
  builder.SetOutcome(outcome, reason);
  return builder.Finish();
}

}  // namespace cxscribe
