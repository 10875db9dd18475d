#include "client/exit_code.h"

#include <map>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "client/format.h"
#include "cxscribe/v1/evidence.pb.h"
#include "cxscribe/v1/job.pb.h"
#include "cxscribe/v1/transcription_service.pb.h"

namespace cxscribe::client {
namespace {

// The checks that stand against a result, with their outcomes.
std::vector<std::pair<std::string, v1::Outcome>> Objections(const v1::Compliance& compliance,
                                                            const std::string& redaction_policy) {
  std::vector<std::pair<std::string, v1::Outcome>> objections;
  if (redaction_policy != "none" && compliance.pii_redacted() != v1::OUTCOME_PASS) {
    objections.emplace_back("pii_redacted", compliance.pii_redacted());
  }
  const auto add_if_ran = [&objections](const std::string& name, v1::Outcome outcome) {
    if (outcome == v1::OUTCOME_FAIL || outcome == v1::OUTCOME_INCONCLUSIVE) {
      objections.emplace_back(name, outcome);
    }
  };
  if (redaction_policy == "none") add_if_ran("pii_redacted", compliance.pii_redacted());
  add_if_ran("diarization_applied", compliance.diarization_applied());
  add_if_ran("punctuation_restored", compliance.punctuation_restored());
  const std::map<std::string, v1::Outcome> sorted = [&compliance] {
    std::map<std::string, v1::Outcome> capabilities;
    for (const auto& entry : compliance.capabilities()) {
      capabilities[entry.first] = static_cast<v1::Outcome>(entry.second);
    }
    return capabilities;
  }();
  for (const auto& entry : sorted) add_if_ran(entry.first, entry.second);
  return objections;
}

int Seriousness(int exit_code) {
  switch (exit_code) {
    case kExitOk:
      return 0;
    case kExitCancelled:
      return 1;
    case kExitNotCompliant:
      return 2;
    case kExitNeedsPerson:
      return 3;
    case kExitJobFailed:
      return 4;
    default:
      return 5;
  }
}

}  // namespace

int ExitOfCall(const absl::Status& status) {
  return status.ok() ? kExitOk : kExitRpcBase + static_cast<int>(status.code());
}

int ExitOfJob(const v1::Job& job) {
  switch (job.state()) {
    case v1::JOB_STATE_FAILED:
      return kExitJobFailed;
    case v1::JOB_STATE_QUARANTINED:
    case v1::JOB_STATE_NEEDS_ATTENTION:
      return kExitNeedsPerson;
    case v1::JOB_STATE_CANCELLED:
      return kExitCancelled;
    default:
      return kExitOk;
  }
}

bool IsCompliant(const v1::Compliance& compliance, const std::string& redaction_policy) {
  return Objections(compliance, redaction_policy).empty();
}

std::string DescribeNonCompliance(const v1::Compliance& compliance,
                                  const std::string& redaction_policy) {
  std::vector<std::string> parts;
  for (const auto& objection : Objections(compliance, redaction_policy)) {
    parts.push_back(objection.first + " " + OutcomeName(objection.second));
  }
  return absl::StrJoin(parts, ", ");
}

int ExitOfResult(const v1::GetResultResponse& result) {
  if (result.withheld()) return kExitNeedsPerson;
  return IsCompliant(result.compliance(), result.redaction_policy()) ? kExitOk : kExitNotCompliant;
}

int MoreSerious(int a, int b) { return Seriousness(b) > Seriousness(a) ? b : a; }

const char* ExitCodeHelp() {
  return "Exit codes:\n"
         "  0    ok\n"
         "  1    local error: a file, a profile, the output\n"
         "  2    usage\n"
         "  3    a job failed\n"
         "  4    compliance not PASS: pii_redacted is not PASS (under policy none it need not "
         "be),\n"
         "       or another check ran and came out FAIL or INCONCLUSIVE; vendor_redaction, which\n"
         "       judges the text as it came from upstream, does not count\n"
         "  5    needs a person: QUARANTINED, NEEDS_ATTENTION, or a result that is withheld\n"
         "  6    cancelled\n"
         "  64+N a call failed with gRPC status N, for example 78 UNAVAILABLE, 69 NOT_FOUND\n"
         "  130  Ctrl-C\n"
         "submit --watch, watch, wait and result use 3 to 6; of several jobs the most serious\n"
         "counts: a failed call, then 3, 5, 4, 6.";
}

}  // namespace cxscribe::client
