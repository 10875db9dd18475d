// Jobs and their history as text for people. Pure functions; every line ends in a newline.
#pragma once

#include <string>

#include "client/format.h"

namespace cxscribe::v1 {
class Job;
class ListJobEventsResponse;
class ListJobsResponse;
}  // namespace cxscribe::v1

namespace cxscribe::client {

// Everything about one job.
std::string RenderJob(const v1::Job& job, const View& view);
// A line per job.
std::string RenderJobs(const v1::ListJobsResponse& jobs, const View& view);
std::string RenderEvents(const v1::ListJobEventsResponse& events, const View& view);

// "2024-01-15 10:02:30  job_…  TRANSCRIBING  45%": a change of state.
std::string RenderStateLine(const v1::Job& job, const View& view);
// "job_…  SUCCEEDED  2 recordings  1 min 20 s": how a job ended.
std::string RenderEndLine(const v1::Job& job, const View& view);

}  // namespace cxscribe::client
