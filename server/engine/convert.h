// Small conversions that the engine's parts share.
#pragma once

#include <absl/status/status.h>
#include <absl/time/time.h>

#include "cxscribe/v1/job.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "server/cxone/client.h"

namespace cxscribe {

google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);

v1::RecordingInfo ToRecordingInfo(const UpstreamRecording& recording);

// FAILED_PRECONDITION (JOB_ENDED): the job cannot be cancelled any more.
absl::Status JobEndedError(const v1::Job& job);
// UNAVAILABLE (DRAINING) with RetryInfo.
absl::Status DrainingError();

}  // namespace cxscribe
