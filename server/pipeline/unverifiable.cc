// See unverifiable.h.
#include "server/pipeline/unverifiable.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "server/pipeline/word_alignment.h"

namespace cxscribe {
namespace {

// No recogniser numbers so many speakers.
constexpr int kSuspiciousDigits = 4;

bool IsSuspicious(const std::string& label) {
  const auto digits = std::count_if(label.begin(), label.end(),
                                    [](unsigned char c) { return absl::ascii_isdigit(c); });
  return digits >= kSuspiciousDigits || label.find('@') != std::string::npos;
}

int RenameSpeakers(v1::Transcript& transcript) {
  std::map<std::string, std::string> names;  // of suspicious labels
  std::set<std::string> taken;
  for (const v1::Segment& segment : transcript.segments()) {
    if (!IsSuspicious(segment.speaker())) taken.insert(segment.speaker());
  }
  int number = 0;
  for (v1::Segment& segment : *transcript.mutable_segments()) {
    if (!IsSuspicious(segment.speaker())) continue;
    std::string& name = names[segment.speaker()];
    while (name.empty()) {
      std::string candidate = absl::StrCat("speaker_", ++number);
      if (taken.insert(candidate).second) name = std::move(candidate);
    }
    segment.set_speaker(name);
  }
  return static_cast<int>(names.size());
}

}  // namespace

Unverifiable DropUnverifiable(v1::Transcript& transcript) {
  Unverifiable dropped;
  dropped.speakers_renamed = RenameSpeakers(transcript);
  for (v1::Segment& segment : *transcript.mutable_segments()) {
    if (segment.words_size() == 0 || AlignWords(segment)) continue;
    segment.clear_words();
    ++dropped.segments_without_words;
  }
  return dropped;
}

}  // namespace cxscribe
