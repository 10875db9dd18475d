// Following jobs to their end on behalf of a person: what submit --watch, watch and wait share.
#pragma once

#include <string>
#include <vector>

#include <absl/time/time.h>

#include "client/watch_loop.h"

namespace cxscribe::client {

class Session;

struct FollowOptions {
  WatchPlan plan;
  bool show_progress = true;          // false: only how it ends
  std::string resume_verb = "watch";  // the verb to go on with after Ctrl-C
};

// Follows the jobs and returns the exit code. On standard output:
//   table   a line per change of state where it is not a terminal, otherwise a line per job at the
//   end jsonl   a Job per update; without show_progress per job, at its end json, yaml   at the
//   end, one ListJobsResponse of all jobs
// On standard error: a live picture where it is a terminal and standard output does not need it for
// lines, connection losses, and why jobs failed or need a person.
int FollowJobs(Session& session, const FollowOptions& options);

}  // namespace cxscribe::client
