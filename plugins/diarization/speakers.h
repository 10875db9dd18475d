// Gives the segments of one recording their speakers: "agent", "customer", "speaker_1",
// "speaker_2", ..., "unknown".
//
// Who said what is the source's word, unless everything speaks against it; only the names of the
// speakers change. Text, times and order are not touched.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/diarization/labels.h"

namespace cxscribe::diarization {

// One segment. Views are borrowed for the length of a call.
struct Line {
  std::string_view label;  // the source's; may be empty
  std::string_view text;
  std::int32_t start_ms = 0;
  std::int32_t end_ms = 0;
};

struct Options {
  Aliases aliases;
  // Whether to tell agent and customer by what they say, where the labels do not. Needs English
  // text.
  bool infer_roles = true;
  // Whether to correct labels that contradict their neighbours and what is said, and to fill in
  // missing ones by the same, where there are an agent and a customer. Needs English text.
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
  kNone,       // nothing: "unknown"
};

struct Speakers {
  std::vector<std::string> names;  // one for each line
  std::vector<Basis> bases;        // one for each line
  // How sure the roles are, 0.5 to 1, where they were told by what is said.
  std::optional<double> role_confidence;
  bool any_label = false;  // the source named a speaker at least once
};

// The lines of one recording, in order. Pure, may be called from several threads; linear. `pulse`
// may be empty; it is called for every line, and may throw to end the work.
Speakers NameSpeakers(const std::vector<Line>& lines, const Options& options,
                      const std::function<void()>& pulse = {});

}  // namespace cxscribe::diarization
