// The known fields of a transcript's JSON, by where they stand. Only transcript_json.cc uses it.
#pragma once

#include <absl/types/span.h>

namespace cxscribe::transcript_schema {

// Where in the document the reader stands.
enum class Node { kRoot, kError, kResults, kResult, kLabels, kWords, kWord, kIgnored };

enum class Key {
  kUnknown,
  kId,
  kStatus,
  kProgress,
  kAccuracyScore,
  kCompletedTime,
  kResults,
  kError,
  kCode,
  kMessage,
  kRecordingId,
  kText,
  kSpeakerLabels,
  kConfidence,
  kStart,
  kEnd,
  kWords,
};

struct KnownKey {
  const char* name;
  Key key;
};

inline constexpr KnownKey kRootKeys[] = {{"id", Key::kId},
                                         {"status", Key::kStatus},
                                         {"progress", Key::kProgress},
                                         {"accuracyScore", Key::kAccuracyScore},
                                         {"completedTime", Key::kCompletedTime},
                                         {"results", Key::kResults},
                                         {"error", Key::kError}};
inline constexpr KnownKey kErrorKeys[] = {{"code", Key::kCode}, {"message", Key::kMessage}};
inline constexpr KnownKey kResultKeys[] = {{"text", Key::kText},
                                           {"speakerLabels", Key::kSpeakerLabels},
                                           {"startOffsetMs", Key::kStart},
                                           {"endOffsetMs", Key::kEnd},
                                           {"confidence", Key::kConfidence},
                                           {"recordingId", Key::kRecordingId},
                                           {"words", Key::kWords}};
inline constexpr KnownKey kWordKeys[] = {{"text", Key::kText},
                                         {"startOffsetMs", Key::kStart},
                                         {"endOffsetMs", Key::kEnd},
                                         {"confidence", Key::kConfidence}};

inline absl::Span<const KnownKey> KeysOf(Node node) {
  switch (node) {
    case Node::kRoot:
      return kRootKeys;
    case Node::kError:
      return kErrorKeys;
    case Node::kResult:
      return kResultKeys;
    case Node::kWord:
      return kWordKeys;
    default:
      return {};
  }
}

}  // namespace cxscribe::transcript_schema
