#include "client/transcript_diff.h"

#include <map>

#include <absl/strings/str_cat.h>

namespace cxscribe::client {
namespace {

using Segments = google::protobuf::RepeatedPtrField<v1::Segment>;

std::string Line(char sign, const v1::Segment& segment, const View& view) {
  const std::string speaker = segment.speaker().empty() ? "(none)" : segment.speaker();
  return absl::StrCat(Paint(absl::StrCat(std::string(1, sign), Neutralise(speaker), ": ",
                                         Neutralise(segment.text())),
                            sign == '-' ? Style::kRed : Style::kGreen, view.colour),
                      "\n");
}

// One hunk; either side may be null.
std::string Hunk(const v1::Segment* before, const v1::Segment* after, int index, const View& view) {
  const v1::Segment& one = after != nullptr ? *after : *before;
  std::string hunk =
      Paint(absl::StrCat("@@ ", Neutralise(one.recording_id()), " #", index, " ",
                         FormatOffset(one.start_ms()), "-", FormatOffset(one.end_ms()), " @@"),
            Style::kCyan, view.colour) +
      "\n";
  if (before != nullptr) hunk += Line('-', *before, view);
  if (after != nullptr) hunk += Line('+', *after, view);
  return hunk;
}

}  // namespace

std::string RenderTranscriptDiff(const Segments& before, const Segments& after,
                                 const std::string& name, const View& view) {
  // The order of recordings, which both share.
  std::map<std::string, int> recordings;
  for (const Segments* segments : {&before, &after}) {
    for (const v1::Segment& segment : *segments) {
      recordings.emplace(segment.recording_id(), static_cast<int>(recordings.size()));
    }
  }
  const auto place = [&recordings](const v1::Segment& segment) {
    return std::pair<int, int32_t>(recordings.at(segment.recording_id()), segment.start_ms());
  };
  std::string hunks;
  int i = 0;
  int j = 0;
  while (i < before.size() || j < after.size()) {
    const v1::Segment* old = i < before.size() ? &before[i] : nullptr;
    const v1::Segment* now = j < after.size() ? &after[j] : nullptr;
    if (old != nullptr && now != nullptr && place(*old) != place(*now)) {
      // The earlier one has no counterpart: it was merged away, or split off.
      (place(*old) < place(*now) ? now : old) = nullptr;
    }
    const bool same = old != nullptr && now != nullptr && old->speaker() == now->speaker() &&
                      old->text() == now->text();
    if (!same) hunks += Hunk(old, now, now != nullptr ? j : i, view);
    if (old != nullptr) ++i;
    if (now != nullptr) ++j;
  }
  if (hunks.empty()) return "";
  return absl::StrCat(Paint("--- input", Style::kBold, view.colour), "\n",
                      Paint(absl::StrCat("+++ ", Neutralise(name)), Style::kBold, view.colour),
                      "\n", hunks);
}

}  // namespace cxscribe::client
