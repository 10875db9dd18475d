// Runs a check in a process of its own.
//
// The process is this program again, started with posix_spawn, and not a fork: cxctl has threads
// (its signal handling, a test's), of which a fork would keep the locks and not the owners; a fresh
// process has only what the plugin brings, which the checks of threads, descriptors and memory
// count.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "plugins/check/checks.h"
#include "plugins/check/request.h"

namespace cxscribe {

// The first argument of such a process. main hands over to CheckChildMain when it sees it, before
// it does anything else.
inline constexpr std::string_view kCheckChildArgument = "__plugin-check";

struct ChildOptions {
  std::string program = "/proc/self/exe";
  // Ends the child early; asked a few times a second. May be null.
  std::function<bool()> interrupted;
};

struct ChildResult {
  Verdict verdict;
  std::string info;
  std::string fingerprint;
  std::string golden_json;
  absl::Duration duration;
};

// `golden` >= 0: that golden case, and `check` is null. Whatever becomes of the process is a
// verdict; whatever it started is gone when this returns.
ChildResult RunInChild(const Check* check, int golden, const CheckRequest& request,
                       const ChildOptions& options);

// The main of that process, with its other arguments.
int CheckChildMain(const std::string& directory, const std::string& name,
                   const std::string& parent_pid);

}  // namespace cxscribe
