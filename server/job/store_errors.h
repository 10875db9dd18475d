// The errors that every JobStore answers alike, so that callers may branch on them. Pure.
#pragma once

#include <string>
#include <string_view>

#include <absl/status/status.h>

#include "server/job/job_store.h"

namespace cxscribe {

// INVALID_ARGUMENT, reason BAD_WRITE: the write contradicts itself (a bug in the caller).
absl::Status CheckCreate(const JobWrite& write);
absl::Status CheckUpdate(const JobWrite& write);

absl::Status JobNotFoundError(std::string_view job_id);
// ABORTED, STALE_REVISION. `stored` is what the store holds; 0: no such job.
absl::Status StaleRevisionError(std::string_view job_id, int64_t expected, int64_t stored);
// ALREADY_EXISTS, REQUEST_ID_REUSED.
absl::Status RequestIdReusedError(std::string_view request_id, std::string_view job_id);
// RESOURCE_EXHAUSTED, QUEUE_FULL, with RetryInfo.
absl::Status QueueFullError(int max_unfinished);
// NOT_FOUND, NO_RESULT.
absl::Status NoResultError(std::string_view job_id);
// OUT_OF_RANGE, NO_SUCH_SEGMENT.
absl::Status NoSuchSegmentError(std::string_view job_id, int segment, int segment_count);
// NOT_FOUND, WEBHOOK_MESSAGE_NOT_FOUND.
absl::Status WebhookNotFoundError(std::string_view message_id);
// ALREADY_EXISTS, WEBHOOK_MESSAGE_EXISTS.
absl::Status WebhookExistsError(std::string_view message_id);
// RESOURCE_EXHAUSTED, STORE_BUSY, with RetryInfo.
absl::Status StoreBusyError();
// UNAVAILABLE, STORE_UNAVAILABLE.
absl::Status StoreClosingError();

}  // namespace cxscribe
