#include "client/job_view.h"

#include <map>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "client/error_view.h"
#include "client/fields.h"
#include "client/table.h"
#include "cxscribe/v1/job.pb.h"
#include "cxscribe/v1/transcription_service.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"

namespace cxscribe::client {
namespace {

template <typename Map>
std::string JoinPairs(const Map& map, const char* separator) {
  const std::map<std::string, std::string> sorted(map.begin(), map.end());
  std::vector<std::string> pairs;
  pairs.reserve(sorted.size());
  for (const auto& entry : sorted) pairs.push_back(entry.first + "=" + entry.second);
  return absl::StrJoin(pairs, separator);
}

std::string Took(const v1::Job& job, const View& view) {
  if (!job.has_create_time()) return "-";
  const absl::Time end = job.has_end_time() ? FromTimestamp(job.end_time()) : view.now;
  return HumanDuration(end - FromTimestamp(job.create_time()));
}

std::string TimeAndAge(const google::protobuf::Timestamp& timestamp, const View& view) {
  const absl::Time time = FromTimestamp(timestamp);
  return absl::StrCat(FormatTime(time, view), " (", FormatAge(time, view), ")");
}

// "UPSTREAM_FORBIDDEN: message" on one line; empty without an error.
std::string ShortError(const v1::Job& job) {
  if (!job.has_error()) return "";
  const std::string reason = ReasonOf(FromRpcStatus(job.error()));
  return absl::StrCat(reason.empty() ? CodeName(job.error().code()) : reason, ": ",
                      job.error().message());
}

}  // namespace

std::string RenderJob(const v1::Job& job, const View& view) {
  Fields fields;
  fields.Add("Job", Cell(job.job_id().empty() ? "-" : job.job_id(), Style::kBold));
  fields.Add("State", Cell(StateName(job.state()), StyleOf(job.state())));
  if (!IsEndState(job.state())) {
    std::string progress = absl::StrCat(job.progress_percent(), "%");
    if (job.estimated_percent() > job.progress_percent()) {
      absl::StrAppend(&progress, ", perhaps ", job.estimated_percent(), "%");
    }
    if (job.has_estimated_end_time()) {
      absl::StrAppend(&progress, ", done ",
                      FormatAge(FromTimestamp(job.estimated_end_time()), view));
    }
    fields.Add("Progress", progress);
  }
  fields.Add("Revision", absl::StrCat(job.revision()));
  fields.Add("Recordings", absl::StrJoin(job.recording_ids(), ", "));
  fields.Add("Language", job.language());
  fields.Add("Policy", job.redaction_policy());
  fields.Add("Pipeline", absl::StrCat(job.pipeline(), job.punctuation() ? "" : ", no punctuation",
                                      job.diarization() ? "" : ", no diarization"));
  if (!job.pipeline_hash().empty()) fields.Add("Pipeline hash", job.pipeline_hash());
  if (!job.labels().empty()) fields.Add("Labels", JoinPairs(job.labels(), ", "));
  if (!job.transcription_id().empty()) fields.Add("Transcription", job.transcription_id());
  if (!job.account().empty()) fields.Add("Account", job.account());
  if (!job.request_id().empty()) fields.Add("Request id", job.request_id());
  if (job.has_webhook()) fields.Add("Webhook", "yes");
  if (job.has_create_time()) fields.Add("Created", TimeAndAge(job.create_time(), view));
  if (job.has_update_time()) fields.Add("Updated", TimeAndAge(job.update_time(), view));
  if (job.has_end_time()) {
    fields.Add("Ended",
               absl::StrCat(TimeAndAge(job.end_time(), view), ", after ", Took(job, view)));
  }
  std::string out = fields.Render(view);
  if (job.has_error()) absl::StrAppend(&out, "Error\n", DescribeJobError(job.error(), 2, view));
  if (job.recordings_size() > 0) {
    Table table({{"RECORDING"}, {"FORMAT"}, {"SIZE", true}});
    for (const auto& recording : job.recordings()) {
      table.Add(
          {recording.recording_id(), recording.format(), FormatBytes(recording.size_bytes())});
    }
    absl::StrAppend(&out, "\n", table.Render(view));
  }
  return out;
}

std::string RenderJobs(const v1::ListJobsResponse& jobs, const View& view) {
  if (jobs.jobs().empty()) return "No jobs.\n";
  Table table({{"JOB"},
               {"STATE"},
               {"%", true},
               {"CREATED"},
               {"TOOK", true},
               {"POLICY"},
               {"PIPELINE"},
               {"RECORDINGS"}});
  for (const v1::Job& job : jobs.jobs()) {
    std::string recordings = job.recording_ids_size() > 0 ? job.recording_ids(0) : "";
    if (job.recording_ids_size() > 1) {
      absl::StrAppend(&recordings, " and ", job.recording_ids_size() - 1, " more");
    }
    table.Add({job.job_id(), Cell(StateName(job.state()), StyleOf(job.state())),
               absl::StrCat(job.progress_percent()),
               FormatAge(FromTimestamp(job.create_time()), view), Took(job, view),
               job.redaction_policy(), job.pipeline(), recordings});
  }
  return table.Render(view);
}

std::string RenderEvents(const v1::ListJobEventsResponse& events, const View& view) {
  if (events.events().empty()) return "No events.\n";
  Table table({{"TIME"}, {"REV", true}, {"EVENT"}, {"STATE"}, {"WHAT"}});
  for (const v1::JobEvent& event : events.events()) {
    std::string what = event.message();
    const std::string attributes = JoinPairs(event.attributes(), " ");
    if (!attributes.empty()) absl::StrAppend(&what, what.empty() ? "" : "  ", attributes);
    table.Add({FormatTime(FromTimestamp(event.time()), view), absl::StrCat(event.revision()),
               event.type(), Cell(StateName(event.state()), StyleOf(event.state())), what});
  }
  View wide = view;  // a history is read whole: let the terminal wrap it
  wide.width = 100'000;
  return table.Render(wide);
}

std::string RenderStateLine(const v1::Job& job, const View& view) {
  std::string line = absl::StrCat(FormatTime(FromTimestamp(job.update_time()), view), "  ",
                                  Neutralise(job.job_id()), "  ",
                                  Paint(StateName(job.state()), StyleOf(job.state()), view.colour));
  if (!IsEndState(job.state())) absl::StrAppend(&line, "  ", job.progress_percent(), "%");
  const std::string error = ShortError(job);
  if (!error.empty()) absl::StrAppend(&line, "  ", Neutralise(error));
  return line + "\n";
}

std::string RenderEndLine(const v1::Job& job, const View& view) {
  std::string line =
      absl::StrCat(Neutralise(job.job_id()), "  ",
                   Paint(StateName(job.state()), StyleOf(job.state()), view.colour), "  ",
                   Count(job.recording_ids_size(), "recording"), "  ", Took(job, view));
  const std::string error = ShortError(job);
  if (!error.empty()) absl::StrAppend(&line, "  ", Neutralise(error));
  return line + "\n";
}

}  // namespace cxscribe::client
