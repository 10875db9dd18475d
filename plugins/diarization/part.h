// A line, or a part of one, on its way to its speaker. Internal to the naming of speakers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "plugins/diarization/announcements.h"
#include "plugins/diarization/evidence.h"
#include "plugins/diarization/handover.h"
#include "plugins/diarization/log_linear.h"

namespace cxscribe::diarization {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

struct Part {
  std::size_t line = 0;
  std::size_t begin = 0;  // bytes of the line's text
  std::size_t end = 0;
  std::int32_t start_ms = 0;
  std::int32_t end_ms = 0;
  bool measured = false;         // its start, where it is not the line's, is a word's
  std::optional<MilliOdds> cut;  // it begins inside a line; the odds that the speaker changes there
  std::size_t labelled = kNobody;  // whom the source names first
  std::size_t who = kNobody;
  // What it says. Nothing where nobody listens.
  std::size_t words = 0;
  Evidence evidence;
  Announcement announcement;
  Handover handover = Handover::kNone;
  MilliOdds goes_on = 0;  // after the part before it
};

}  // namespace cxscribe::diarization
