// Gives the segments of one recording their speakers: "agent", "customer", "speaker_1",
// "speaker_2", ..., "ivr", "voicemail", "unknown".
//
// Who said what is the source's word, unless everything speaks against it. Words, times and order
// are not touched; a segment in which two people speak is cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plugins/diarization/labels.h"
#include "plugins/diarization/line.h"

namespace cxscribe::diarization {

struct Options {
  Aliases aliases;
  // Whether to tell agent, customer and machines by what they say, where the labels do not. Needs
  // English text.
  bool infer_roles = true;
  // Whether to correct labels that contradict their neighbours and what is said, to fill in missing
  // ones by the same, and to cut segments of two speakers, where there are an agent and a customer.
  // Needs English text.
  bool repair = true;
  // A segment without a label takes over that of its neighbours, where both have the same one and
  // neither is further away than this.
  std::int32_t fill_gap_ms = 2000;
};

// Where a segment's speaker comes from.
enum class Basis {
  kLabel,      // the source's label
  kFilled,     // it had none: neighbours and what is said
  kCorrected,  // its label contradicted its neighbours and what is said
  kSplit,      // it is a part of a segment in which two people speak
  kNone,       // nothing: "unknown"
};

// A line, or a part of one.
struct Said {
  std::size_t line = 0;
  std::size_t begin = 0;  // bytes of its text; the parts of a line, in order, make up all of it
  std::size_t end = 0;
  std::int32_t start_ms = 0;
  std::int32_t end_ms = 0;
  bool estimated = false;  // it was cut, and where is not known from words' times
  std::string name;
  Basis basis = Basis::kNone;
  // Who else speaks at the same time, as the source has it: names, separated by commas.
  std::string also;
  // Of a numbered speaker's first one: the role, where it is known.
  Role role = Role::kNone;
};

struct Speakers {
  std::vector<Said> said;  // line after line
  // How sure the roles are, in per cent, 50 to 99, where they were told by what is said.
  std::optional<int> role_confidence;
  // The source calls the agent customer and the customer agent: `said` does not.
  bool labels_swapped = false;
  bool any_label = false;  // the source named a speaker at least once
};

// The lines of one recording, in order. Pure, may be called from several threads; linear. `pulse`
// may be empty; it is called for every line, and may throw to end the work.
Speakers NameSpeakers(const std::vector<Line>& lines, const Options& options,
                      const std::function<void()>& pulse = {});

}  // namespace cxscribe::diarization
