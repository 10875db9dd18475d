// Small conversions that the engine's parts share.
#pragma once

#include <absl/status/status.h>

#include "cxscribe/v1/job.pb.h"
#include "server/cxone/client.h"

namespace cxscribe {

v1::RecordingInfo ToRecordingInfo(const UpstreamRecording& recording);

// FAILED_PRECONDITION (JOB_ENDED): the job cannot be cancelled any more.
absl::Status JobEndedError(const v1::Job& job);
// UNAVAILABLE (DRAINING) with RetryInfo.
absl::Status DrainingError();

}  // namespace cxscribe
