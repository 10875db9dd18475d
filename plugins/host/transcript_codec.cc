#include "plugins/host/transcript_codec.h"

#include <unordered_map>

#include <absl/strings/str_cat.h>

#include "plugins/host/limits.h"
#include "plugins/host/text.h"
#include "server/base/error.h"
#include "server/base/utf8.h"

namespace cxscribe {
namespace {

absl::Status BadInput(std::string message) {
  return ErrorBuilder(absl::StatusCode::kInternal, "STAGE_INPUT",
                      absl::StrCat("the transcript cannot be given to a plugin: ", message))
      .Build();
}

// What an encoding needs, found out while checking.
struct Sizes {
  uint64_t characters = 0;
  uint64_t words = 0;
};

absl::StatusOr<Sizes> CheckTranscript(const v1::Transcript& transcript) {
  Sizes sizes;
  bool valid = IsValidUtf8(transcript.transcription_id());
  sizes.characters = transcript.transcription_id().size();
  if (!valid) return BadInput("its id is not valid UTF-8");
  if (static_cast<uint64_t>(transcript.segments_size()) > kMaxSegments) {
    return BadInput(
        absl::StrCat("it has ", transcript.segments_size(), " segments, more than ", kMaxSegments));
  }
  for (int i = 0; i < transcript.segments_size(); ++i) {
    const v1::Segment& segment = transcript.segments(i);
    if (segment.text().size() > kMaxSegmentBytes) {
      return BadInput(absl::StrCat("segment ", i, " has ", segment.text().size(),
                                   " bytes of text, more than ", kMaxSegmentBytes));
    }
    valid = IsValidUtf8(segment.text()) && IsValidUtf8(segment.speaker()) &&
            IsValidUtf8(segment.recording_id());
    // A recording's id is stored once, but counting it with each of its segments only errs on the
    // safe side.
    sizes.characters +=
        segment.text().size() + segment.speaker().size() + segment.recording_id().size();
    sizes.words += static_cast<uint64_t>(segment.words_size());
    for (const v1::Word& word : segment.words()) {
      valid = valid && IsValidUtf8(word.text());
      sizes.characters += word.text().size();
    }
    if (!valid) return BadInput(absl::StrCat("segment ", i, " is not valid UTF-8"));
  }
  // Texts, and their words once more.
  if (sizes.characters > 2 * kMaxTranscriptBytes || sizes.words > kMaxWords) {
    return BadInput(
        absl::StrCat("it has ", sizes.characters, " bytes of text and ", sizes.words, " words"));
  }
  return sizes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<const EncodedTranscript>> EncodedTranscript::Encode(
    const v1::Transcript& transcript) {
  std::unique_ptr<EncodedTranscript> encoded(new EncodedTranscript);
  if (absl::Status status = encoded->Fill(transcript); !status.ok()) return status;
  return std::unique_ptr<const EncodedTranscript>(std::move(encoded));
}

cx_string EncodedTranscript::Store(const std::string& text) {
  const size_t begin = characters_.size();
  characters_ += text;  // capacity was reserved
  return cx_string{characters_.data() + begin, text.size()};
}

absl::Status EncodedTranscript::Fill(const v1::Transcript& transcript) {
  const absl::StatusOr<Sizes> sizes = CheckTranscript(transcript);
  if (!sizes.ok()) return sizes.status();
  characters_.reserve(sizes->characters + 1);
  words_.reserve(sizes->words);
  segments_.reserve(static_cast<size_t>(transcript.segments_size()));

  std::unordered_map<std::string, int32_t> index_of;
  int32_t last_recording = 0;
  int32_t last_start = 0;
  for (const v1::Segment& segment : transcript.segments()) {
    const auto [found, added] =
        index_of.emplace(segment.recording_id(), static_cast<int32_t>(recording_ids_.size()));
    if (added) recording_ids_.push_back(segment.recording_id());

    cx_segment raw = {};
    raw.flags = segment.has_confidence() ? CX_HAS_CONFIDENCE : 0;
    raw.text = Store(segment.text());
    raw.speaker = Store(segment.speaker());
    raw.confidence = segment.confidence();
    raw.start_ms = segment.start_ms();
    raw.end_ms = segment.end_ms();
    raw.words = words_.data() + words_.size();
    raw.word_count = static_cast<uint64_t>(segment.words_size());
    raw.word_stride = sizeof(cx_word);
    raw.recording_index = found->second;
    raw.source_begin = static_cast<int32_t>(segments_.size());
    raw.source_count = 1;
    for (const v1::Word& word : segment.words()) {
      cx_word raw_word = {};
      raw_word.text = Store(word.text());
      raw_word.confidence = word.confidence();
      raw_word.start_ms = word.start_ms();
      raw_word.end_ms = word.end_ms();
      raw_word.flags = word.has_confidence() ? CX_HAS_CONFIDENCE : 0;
      words_.push_back(raw_word);
      times_valid_ = times_valid_ && word.start_ms() >= 0 && word.start_ms() <= word.end_ms();
    }
    if (raw.word_count == 0) raw.words = nullptr;

    times_valid_ = times_valid_ && raw.start_ms >= 0 && raw.start_ms <= raw.end_ms;
    const bool same_recording = raw.recording_index == last_recording && !segments_.empty();
    ordered_ = ordered_ && raw.recording_index >= last_recording &&
               (!same_recording || raw.start_ms >= last_start);
    last_recording = raw.recording_index;
    last_start = raw.start_ms;
    segments_.push_back(raw);
  }
  for (const std::string& id : recording_ids_) recordings_.push_back(cx_recording{Store(id)});

  raw_.struct_size = sizeof(raw_);
  raw_.flags = transcript.has_accuracy_score() ? CX_HAS_ACCURACY : 0;
  raw_.transcription_id = Store(transcript.transcription_id());
  raw_.accuracy = transcript.accuracy_score();
  raw_.recordings = recordings_.data();
  raw_.recording_count = recordings_.size();
  raw_.recording_stride = sizeof(cx_recording);
  raw_.segments = segments_.data();
  raw_.segment_count = segments_.size();
  raw_.segment_stride = sizeof(cx_segment);
  return absl::OkStatus();
}

}  // namespace cxscribe
