// Says in one line what the verifier found, so that a table of examples reads as the specification.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/redaction/verifier.h"

namespace cxscribe::redaction {

// Lines are "speaker: text", or ": text" where the speaker is not known.
std::vector<Utterance> Lines(const std::vector<std::string_view>& lines);

// A call and what is found in it, one row of a table.
struct Call {
  std::vector<std::string_view> lines;
  std::vector<std::string> found;
};

// One entry for each finding: "CREDIT_CARD 4111|1111 1111 1111", the texts under its spans joined
// by "|". Also expects that the masked text, verified again, has no finding.
std::vector<std::string> Found(const std::vector<std::string_view>& lines,
                               const EntitySet& wanted = EntitySet::All(),
                               const Language& language = Language::English());

// By its tag, "es"; English where none has it.
const Language& LanguageOf(std::string_view tag);

// The texts with each span replaced by "[TYPE]", as the host does it.
std::vector<std::string> Masked(const std::vector<Utterance>& utterances,
                                const std::vector<Finding>& findings);

}  // namespace cxscribe::redaction
