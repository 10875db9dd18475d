// See outcomes.h.
#include "server/pipeline/outcomes.h"

#include <algorithm>

#include "server/config/redaction_policies.h"

namespace cxscribe {
namespace {

int Seriousness(v1::Outcome outcome) {
  switch (outcome) {
    case v1::OUTCOME_FAIL:
      return 3;
    case v1::OUTCOME_INCONCLUSIVE:
      return 2;
    case v1::OUTCOME_PASS:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

OnFinding EffectiveOnFinding(const StageSettings& settings, std::string_view capability) {
  if (settings.on_finding_given || capability == kRedactionVerification) return settings.on_finding;
  return OnFinding::kFlag;
}

bool PolicyCovers(const RedactionPolicy& policy, std::string_view entity_type) {
  if (!IsKnownEntityType(entity_type)) return true;
  return std::find(policy.entity_types.begin(), policy.entity_types.end(), entity_type) !=
         policy.entity_types.end();
}

v1::Outcome Verdict(v1::Outcome said, int findings_emitted, int findings_counted) {
  if (said == v1::OUTCOME_INCONCLUSIVE) return v1::OUTCOME_INCONCLUSIVE;
  if (findings_counted > 0) return v1::OUTCOME_FAIL;
  if (said == v1::OUTCOME_FAIL && findings_emitted > 0) return v1::OUTCOME_PASS;
  return said;
}

TextAction DecideText(std::string_view capability, OnFinding on_finding, v1::Outcome verdict,
                      int findings, bool second_pass) {
  // Who may have text masked or withheld is believed only when sure.
  const bool guards = capability == kRedactionVerification || on_finding != OnFinding::kFlag;
  switch (verdict) {
    case v1::OUTCOME_PASS:
    case v1::OUTCOME_NOT_RUN:
      return TextAction::kDeliver;
    case v1::OUTCOME_FAIL:
      break;
    default:
      // Fail-closed: what could not be verified is not given out.
      return guards ? TextAction::kQuarantine : TextAction::kDeliver;
  }
  switch (on_finding) {
    case OnFinding::kFlag:
      return TextAction::kDeliver;
    case OnFinding::kQuarantine:
      return TextAction::kQuarantine;
    case OnFinding::kRedact:
      break;
  }
  if (second_pass) return TextAction::kQuarantine;
  if (findings > 0) return TextAction::kMask;
  // A failure without a place cannot be masked.
  return TextAction::kQuarantine;
}

v1::Outcome MoreSerious(v1::Outcome a, v1::Outcome b) {
  return Seriousness(b) > Seriousness(a) ? b : a;
}

v1::Compliance MakeCompliance(const std::vector<StageVerdict>& stages) {
  v1::Compliance compliance;
  compliance.set_vendor_redaction(v1::OUTCOME_NOT_RUN);
  compliance.set_pii_redacted(v1::OUTCOME_NOT_RUN);
  compliance.set_diarization_applied(v1::OUTCOME_NOT_RUN);
  compliance.set_punctuation_restored(v1::OUTCOME_NOT_RUN);
  for (const StageVerdict& stage : stages) {
    if (stage.capability == kRedactionVerification) {
      compliance.set_vendor_redaction(MoreSerious(compliance.vendor_redaction(), stage.before));
      compliance.set_pii_redacted(MoreSerious(compliance.pii_redacted(), stage.after));
    } else if (stage.capability == kDiarization) {
      compliance.set_diarization_applied(
          MoreSerious(compliance.diarization_applied(), stage.after));
    } else if (stage.capability == kPunctuation) {
      compliance.set_punctuation_restored(
          MoreSerious(compliance.punctuation_restored(), stage.after));
    } else {
      auto& capabilities = *compliance.mutable_capabilities();
      const auto [entry, added] = capabilities.insert({stage.capability, stage.after});
      if (!added) entry->second = MoreSerious(entry->second, stage.after);
    }
  }
  return compliance;
}

}  // namespace cxscribe
