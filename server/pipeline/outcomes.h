// Outcomes: what a stage's verdict means for the text and for the compliance of the result. Pure;
// the table "What happens to text" of docs/evidence.md, row by row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cxscribe/v1/evidence.pb.h"
#include "cxscribe/v1/transcript.pb.h"
#include "server/config/settings.h"

namespace cxscribe {

inline constexpr std::string_view kPunctuation = "punctuation";
inline constexpr std::string_view kDiarization = "diarization";
inline constexpr std::string_view kRedactionVerification = "redaction-verification";

// What a verifying stage's verdict asks for.
enum class TextAction {
  kDeliver,     // nothing stands against giving the text out
  kMask,        // mask what was found, then verify again
  kQuarantine,  // withhold the text
};

// What a stage does about findings: as configured; unconfigured it is `redact` for stages that
// verify redaction and `flag` for others, whose findings (a script not kept to) are no reason to
// hide text.
OnFinding EffectiveOnFinding(const StageSettings& settings, std::string_view capability);

// Whether a finding of a stage that verifies redaction counts under `policy`: types of the
// product's table where the policy lists them, a plugin's own types always.
bool PolicyCovers(const RedactionPolicy& policy, std::string_view entity_type);

// The verdict of a verifying stage, from what the plugin said and the findings that count. A plugin
// that says PASS beside a finding is not believed; one that says FAIL only for findings that do not
// count has passed.
v1::Outcome Verdict(v1::Outcome said, int findings_emitted, int findings_counted);

// `on_finding` is the effective one. A verifier of redaction, and any other for which `redact` or
// `quarantine` is written out, fails closed: INCONCLUSIVE (an error too) withholds the text.
// `second_pass`: the text has been masked already.
TextAction DecideText(std::string_view capability, OnFinding on_finding, v1::Outcome verdict,
                      int findings, bool second_pass);

// FAIL, then INCONCLUSIVE, then PASS, then NOT_RUN: the more serious of two.
v1::Outcome MoreSerious(v1::Outcome a, v1::Outcome b);

// What is known about one stage at the end.
struct StageVerdict {
  std::string capability;
  // Of the text that came in, and of the text of the result. They differ where text was masked.
  v1::Outcome before = v1::OUTCOME_NOT_RUN;
  v1::Outcome after = v1::OUTCOME_NOT_RUN;
};

v1::Compliance MakeCompliance(const std::vector<StageVerdict>& stages);

}  // namespace cxscribe
