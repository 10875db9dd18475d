// See transcript_hash.h. The order of the fields is a published format: docs/evidence.md.
#include "server/pipeline/transcript_hash.h"

#include <string_view>

#include "server/base/hash.h"

namespace cxscribe {
namespace {

constexpr std::string_view kFormat = "cxscribe.transcript.1";

// 0 for an absent number, or 1 and the number: absent is not 0.
void AddOptional(Hasher& hasher, bool present, double value) {
  hasher.Add(present ? 1 : 0);
  if (present) hasher.Add(value);
}

}  // namespace

std::string TranscriptHash(const v1::Transcript& transcript) {
  Hasher hasher;
  hasher.Add(kFormat);
  hasher.Add(transcript.language());
  AddOptional(hasher, transcript.has_accuracy_score(), transcript.accuracy_score());
  hasher.Add(transcript.segments_size());
  for (const v1::Segment& segment : transcript.segments()) {
    hasher.Add(segment.recording_id()).Add(segment.speaker()).Add(segment.text());
    AddOptional(hasher, segment.has_confidence(), segment.confidence());
    hasher.Add(segment.start_ms()).Add(segment.end_ms()).Add(segment.words_size());
    for (const v1::Word& word : segment.words()) {
      hasher.Add(word.text());
      AddOptional(hasher, word.has_confidence(), word.confidence());
      hasher.Add(word.start_ms()).Add(word.end_ms());
    }
  }
  return hasher.Hex();
}

}  // namespace cxscribe
