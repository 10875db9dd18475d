// Payload: what a webhook tells about a job that reached an end state. Pure. Never holds transcript
// text: the receiver fetches the result with its own credentials.
//
//   {"type": "job.succeeded",
//    "timestamp": "2024-01-15T10:02:31.25Z",
//    "data": {"job_id": "job_…", "state": "SUCCEEDED", "status": "completed", "revision": 7,
//             "transcription_id": "txn_…", "recording_count": 3, "request_id": "…",
//             "labels": {"team": "claims"},
//             "compliance": {"vendor_redaction": "PASS", "pii_redacted": "PASS",
//                            "diarization_applied": "PASS", "punctuation_restored": "PASS",
//                            "capabilities": {"acme.script-adherence": "FAIL"}},
//             "error": {"code": "UNAVAILABLE", "reason": "UPSTREAM_UNAVAILABLE", "message": "…"}}}
//
// `transcription_id`, `request_id`, `compliance` and `error` stand there only where there is one.
#pragma once

#include <string>
#include <string_view>

#include <absl/time/time.h>

#include "cxscribe/internal/v1/record.pb.h"
#include "cxscribe/v1/job.pb.h"

namespace cxscribe {

// "job.succeeded", "job.failed", "job.cancelled", "job.quarantined" or "job.needs_attention"; ""
// for a state that is not an end.
std::string_view WebhookEventType(v1::JobState state);

// `result` may be null: a job without a result has no compliance outcomes.
std::string MakeWebhookPayload(const v1::Job& job, const internal::v1::ResultHeader* result,
                               absl::Time timestamp);

// The outbox row that makes the payload known to the job's webhook_url, due at once. `message_id`
// is "msg_" and a ULID. The record's job must be in an end state.
internal::v1::WebhookDelivery MakeWebhookDelivery(const internal::v1::JobRecord& record,
                                                  const internal::v1::ResultHeader* result,
                                                  std::string message_id, absl::Time now);

}  // namespace cxscribe
