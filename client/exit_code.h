// The exit codes of cxctl, and how jobs, results and failed calls map to them.
//
//   0 ok · 1 local error · 2 usage · 3 a job failed · 4 compliance not PASS · 5 needs a person
//   6 cancelled · 64 + gRPC status for a failed call · 130 Ctrl-C
#pragma once

#include <string>

#include <absl/status/status.h>

namespace cxscribe::v1 {
class Compliance;
class GetResultResponse;
class Job;
}  // namespace cxscribe::v1

namespace cxscribe::client {

inline constexpr int kExitOk = 0;
inline constexpr int kExitLocalError = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitJobFailed = 3;
inline constexpr int kExitNotCompliant = 4;
inline constexpr int kExitNeedsPerson = 5;
inline constexpr int kExitCancelled = 6;
inline constexpr int kExitRpcBase = 64;
inline constexpr int kExitInterrupted = 130;

// 64 + the code of a failed call; 0 for OK.
int ExitOfCall(const absl::Status& status);

// Of a job as it stands: 0 for SUCCEEDED and for a job that has not ended.
int ExitOfJob(const v1::Job& job);

// Whether a result may be called compliant under `redaction_policy`:
//   - pii_redacted is PASS, unless the policy is "none", which asks for no check;
//   - no other check that ran came out FAIL or INCONCLUSIVE (diarization_applied,
//     punctuation_restored, plugins' capabilities). A check that did not run was not asked for.
// vendor_redaction does not count: it judges the text that came from upstream, not this one.
bool IsCompliant(const v1::Compliance& compliance, const std::string& redaction_policy);

// The checks that make IsCompliant false, for a person: "pii_redacted FAIL, acme.x INCONCLUSIVE".
std::string DescribeNonCompliance(const v1::Compliance& compliance,
                                  const std::string& redaction_policy);

// Of a result: 5 when withheld, 4 when not compliant, otherwise 0.
int ExitOfResult(const v1::GetResultResponse& result);

// The one exit code of several outcomes: failed calls before failed jobs, then needs a person,
// compliance, cancelled, ok.
int MoreSerious(int a, int b);

// The text that `--help` prints of all this.
const char* ExitCodeHelp();

}  // namespace cxscribe::client
