// Limits on what a plugin is given and may emit. The first two are the product's bounds; the others
// keep a run's memory within small multiples of them.
#pragma once

#include <cstdint>

namespace cxscribe {

inline constexpr uint64_t kMaxSegmentBytes = 1 << 20;  // text of a segment
inline constexpr uint64_t kMaxTranscriptBytes = 64
                                                << 20;  // texts; twice that with all other strings
inline constexpr uint64_t kMaxSegments = 500'000;
inline constexpr uint64_t kMaxWords = 4'000'000;
inline constexpr uint64_t kMaxFindings = 100'000;
inline constexpr uint64_t kMaxAnnotations = 100'000;
inline constexpr uint64_t kMaxSpans = 1'000;  // of a finding
inline constexpr uint64_t kMaxSpeakerBytes =
    128;  // also a detector, an entity type, an annotation's key
inline constexpr uint64_t kMaxMessageBytes = 1'024;  // reasons and messages; longer ones are cut
inline constexpr uint64_t kMaxLogLines = 1'000;      // of a call; more are dropped and counted
inline constexpr uint64_t kMaxDataFileBytes = uint64_t{1} << 30;
inline constexpr uint64_t kMaxPluginFileBytes = uint64_t{256} << 20;

}  // namespace cxscribe
