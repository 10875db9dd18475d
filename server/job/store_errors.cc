#include "server/job/store_errors.h"

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

// Long enough for a commit or for a job to end, short enough that a caller still waits.
constexpr absl::Duration kQueueRetry = absl::Seconds(10);
constexpr absl::Duration kBusyRetry = absl::Seconds(1);

std::string Str(std::string_view text) { return std::string(text); }

absl::Status CheckWrite(const JobWrite& write) {
  const v1::Job& job = write.record.job();
  std::string wrong;
  if (job.job_id().empty()) wrong = "the job has no id";
  if (job.revision() != write.expected_revision && job.revision() != write.expected_revision + 1) {
    wrong = absl::StrCat("revision ", job.revision(), " does not follow ", write.expected_revision);
  }
  if (write.webhook.has_value() && write.webhook->message_id().empty()) {
    wrong = "the webhook message has no id";
  }
  if (write.result.has_value()) {
    int next = 0;
    for (const internal::v1::ResultChunk& chunk : write.result->chunks) {
      if (chunk.first_segment() != next || chunk.segments().empty()) {
        wrong = absl::StrCat("the result's chunk of segment ", chunk.first_segment(),
                             " does not follow segment ", next);
        break;
      }
      next += chunk.segments_size();
    }
  }
  if (wrong.empty()) return absl::OkStatus();
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "BAD_WRITE",
                      absl::StrCat("store: write of job ", job.job_id(), ": ", wrong))
      .Build();
}

}  // namespace

absl::Status CheckCreate(const JobWrite& write) {
  if (write.expected_revision != 0 || write.record.job().revision() != 1) {
    return ErrorBuilder(absl::StatusCode::kInvalidArgument, "BAD_WRITE",
                        "store: a new job expects revision 0 and has revision 1")
        .Build();
  }
  return CheckWrite(write);
}

absl::Status CheckUpdate(const JobWrite& write) {
  if (write.expected_revision < 1) {
    return ErrorBuilder(absl::StatusCode::kInvalidArgument, "BAD_WRITE",
                        "store: an update expects a revision from 1")
        .Build();
  }
  return CheckWrite(write);
}

absl::Status JobNotFoundError(std::string_view job_id) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "JOB_NOT_FOUND",
                      absl::StrCat("there is no job ", Str(job_id)))
      .Resource("job", Str(job_id))
      .Build();
}

absl::Status StaleRevisionError(std::string_view job_id, int64_t expected, int64_t stored) {
  return ErrorBuilder(absl::StatusCode::kAborted, "STALE_REVISION",
                      stored == 0
                          ? absl::StrCat("job ", Str(job_id), " was expected at revision ",
                                         expected, " and is not there")
                          : absl::StrCat("job ", Str(job_id), " was expected at revision ",
                                         expected, " and is at ", stored, "; read it again"))
      .Metadata("expected_revision", absl::StrCat(expected))
      .Metadata("stored_revision", absl::StrCat(stored))
      .Resource("job", Str(job_id))
      .Build();
}

absl::Status RequestIdReusedError(std::string_view request_id, std::string_view job_id) {
  return ErrorBuilder(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                      absl::StrCat("request_id \"", Str(request_id), "\" already started job ",
                                   Str(job_id), " with other fields; use a new request_id"))
      .Metadata("job_id", Str(job_id))
      .Resource("job", Str(job_id))
      .Build();
}

absl::Status QueueFullError(int max_unfinished) {
  return ErrorBuilder(absl::StatusCode::kResourceExhausted, "QUEUE_FULL",
                      absl::StrCat("the queue is full: ", max_unfinished,
                                   " jobs have not ended yet; try again later, or raise "
                                   "jobs.max_queued"))
      .RetryAfter(kQueueRetry)
      .Quota("jobs.max_queued", absl::StrCat("at most ", max_unfinished, " unfinished jobs"))
      .Build();
}

absl::Status NoResultError(std::string_view job_id) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "NO_RESULT",
                      absl::StrCat("job ", Str(job_id), " has no result"))
      .Resource("job", Str(job_id))
      .Build();
}

absl::Status NoSuchSegmentError(std::string_view job_id, int segment, int segment_count) {
  return ErrorBuilder(absl::StatusCode::kOutOfRange, "NO_SUCH_SEGMENT",
                      absl::StrCat("the result of job ", Str(job_id), " has ", segment_count,
                                   " segments; segment ", segment, " was asked for"))
      .Resource("job", Str(job_id))
      .Build();
}

absl::Status WebhookNotFoundError(std::string_view message_id) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "WEBHOOK_MESSAGE_NOT_FOUND",
                      absl::StrCat("there is no webhook message ", Str(message_id)))
      .Resource("webhook message", Str(message_id))
      .Build();
}

absl::Status WebhookExistsError(std::string_view message_id) {
  return ErrorBuilder(absl::StatusCode::kAlreadyExists, "WEBHOOK_MESSAGE_EXISTS",
                      absl::StrCat("webhook message ", Str(message_id), " is already stored"))
      .Resource("webhook message", Str(message_id))
      .Build();
}

absl::Status StoreBusyError() {
  return ErrorBuilder(absl::StatusCode::kResourceExhausted, "STORE_BUSY",
                      "too many calls wait for the store; try again")
      .RetryAfter(kBusyRetry)
      .Build();
}

absl::Status StoreClosingError() {
  return ErrorBuilder(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                      "the store is closing; try again once the server is back")
      .RetryAfter(kBusyRetry)
      .Build();
}

}  // namespace cxscribe
