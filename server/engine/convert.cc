#include "server/engine/convert.h"

#include <string>

#include "server/base/error.h"
#include "server/job/states.h"

namespace cxscribe {
namespace {

constexpr absl::Duration kDrainRetry = absl::Seconds(5);

}  // namespace

v1::RecordingInfo ToRecordingInfo(const UpstreamRecording& recording) {
  v1::RecordingInfo info;
  info.set_recording_id(recording.id);
  info.set_format(recording.format);
  info.set_size_bytes(static_cast<double>(recording.size_bytes));
  return info;
}

absl::Status JobEndedError(const v1::Job& job) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "JOB_ENDED",
                      "job " + job.job_id() + " cannot be cancelled: it has ended as " +
                          std::string(StateName(job.state())))
      .Resource("job", job.job_id())
      .Build();
}

absl::Status DrainingError() {
  return ErrorBuilder(absl::StatusCode::kUnavailable, "DRAINING",
                      "the server is shutting down; try again once it is back")
      .RetryAfter(kDrainRetry)
      .Build();
}

}  // namespace cxscribe
