// The command line that watch and wait share.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>

#include "client/command.h"
#include "client/follow.h"
#include "client/session.h"

namespace cxscribe::client {

struct FollowArguments {
  std::vector<std::string> jobs;
  absl::Duration reconnect_timeout = absl::Minutes(10);
};

inline void AddFollowArguments(const Command& command, FollowArguments& arguments) {
  command.AddPositionals("JOB", &arguments.jobs,
                         "Job ids; JOB@REVISION resumes after that revision");
  command.AddOption("--reconnect-timeout", &arguments.reconnect_timeout,
                    "How long to look for a lost server; default 10m");
}

// `verb` is "watch" or "wait".
inline int Follow(Session& session, const FollowArguments& arguments, const std::string& verb) {
  FollowOptions options;
  std::set<std::string> seen;
  for (const std::string& text : arguments.jobs) {
    const auto target = ParseWatchedJob(text);
    if (!target.ok()) return session.UsageFailed(std::string(target.status().message()));
    if (!seen.insert(target->job_id).second) {
      return session.UsageFailed(absl::StrCat(target->job_id, " is given twice"));
    }
    options.plan.targets.push_back(*target);
  }
  options.plan.reconnect_timeout = arguments.reconnect_timeout;
  options.show_progress = verb == "watch";
  options.resume_verb = verb;
  return FollowJobs(session, options);
}

}  // namespace cxscribe::client
