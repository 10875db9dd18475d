// Verdict: what one check of a plugin came to.
#pragma once

#include <string>
#include <utility>

namespace cxscribe {

enum class CheckResult { kPass, kFail, kSkip };

struct Verdict {
  CheckResult result = CheckResult::kPass;
  // Why; for a PASS, what was measured. Never transcript text.
  std::string why;
  // With kFail: nothing that comes after this check can be tried.
  bool blocks = false;
};

inline Verdict Pass(std::string why = "") { return {CheckResult::kPass, std::move(why), false}; }
inline Verdict Fail(std::string why) { return {CheckResult::kFail, std::move(why), false}; }
inline Verdict Block(std::string why) { return {CheckResult::kFail, std::move(why), true}; }
inline Verdict Skip(std::string why) { return {CheckResult::kSkip, std::move(why), false}; }

// "PASS", "FAIL", "SKIP".
const char* CheckResultName(CheckResult result);

}  // namespace cxscribe
