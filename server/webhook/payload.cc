#include "server/webhook/payload.h"

#include <algorithm>
#include <map>
#include <utility>

#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/timestamp.h"

namespace cxscribe {
namespace {

using Json = nlohmann::ordered_json;

// Enum values without their prefix: "JOB_STATE_FAILED" is "FAILED".
std::string StateName(v1::JobState state) {
  constexpr size_t kPrefix = sizeof "JOB_STATE_" - 1;
  const std::string& name = v1::JobState_Name(state);
  return name.size() > kPrefix ? name.substr(kPrefix) : "UNSPECIFIED";
}

std::string OutcomeName(v1::Outcome outcome) {
  constexpr size_t kPrefix = sizeof "OUTCOME_" - 1;
  const std::string& name = v1::Outcome_Name(outcome);
  return name.size() > kPrefix ? name.substr(kPrefix) : "UNSPECIFIED";
}

Json ComplianceJson(const v1::Compliance& compliance) {
  Json json = {{"vendor_redaction", OutcomeName(compliance.vendor_redaction())},
               {"pii_redacted", OutcomeName(compliance.pii_redacted())},
               {"diarization_applied", OutcomeName(compliance.diarization_applied())},
               {"punctuation_restored", OutcomeName(compliance.punctuation_restored())}};
  // Protobuf maps have no order; equal outcomes are to be equal bytes.
  std::map<std::string, std::string> capabilities;
  for (const auto& [name, outcome] : compliance.capabilities()) {
    capabilities[name] = OutcomeName(outcome);
  }
  if (!capabilities.empty()) json["capabilities"] = capabilities;
  return json;
}

Json ErrorJson(const google::rpc::Status& error) {
  const absl::Status status = FromRpcStatus(error);
  Json json = {{"code", absl::StatusCodeToString(status.code())}};
  if (const std::string reason = ReasonOf(status); !reason.empty()) json["reason"] = reason;
  json["message"] = std::string(status.message());
  return json;
}

}  // namespace

std::string_view WebhookEventType(v1::JobState state) {
  switch (state) {
    case v1::JOB_STATE_SUCCEEDED:
      return "job.succeeded";
    case v1::JOB_STATE_FAILED:
      return "job.failed";
    case v1::JOB_STATE_CANCELLED:
      return "job.cancelled";
    case v1::JOB_STATE_QUARANTINED:
      return "job.quarantined";
    case v1::JOB_STATE_NEEDS_ATTENTION:
      return "job.needs_attention";
    default:
      return "";
  }
}

std::string MakeWebhookPayload(const v1::Job& job, const internal::v1::ResultHeader* result,
                               absl::Time timestamp) {
  Json data = {{"job_id", job.job_id()},
               {"state", StateName(job.state())},
               {"status", job.status()},
               {"revision", job.revision()}};
  if (!job.transcription_id().empty()) data["transcription_id"] = job.transcription_id();
  data["recording_count"] = job.recording_ids_size();
  if (!job.request_id().empty()) data["request_id"] = job.request_id();
  data["labels"] = std::map<std::string, std::string>(job.labels().begin(), job.labels().end());
  if (result != nullptr) data["compliance"] = ComplianceJson(result->compliance());
  if (job.has_error()) data["error"] = ErrorJson(job.error());

  const Json payload = {
      {"type", std::string(WebhookEventType(job.state()))},
      {"timestamp", absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", timestamp, absl::UTCTimeZone())},
      {"data", std::move(data)}};
  return payload.dump(-1, ' ', false, Json::error_handler_t::replace);
}

internal::v1::WebhookDelivery MakeWebhookDelivery(const internal::v1::JobRecord& record,
                                                  const internal::v1::ResultHeader* result,
                                                  std::string message_id, absl::Time now) {
  internal::v1::WebhookDelivery delivery;
  delivery.set_message_id(std::move(message_id));
  delivery.set_job_id(record.job().job_id());
  delivery.set_trace_id(record.trace_id());
  delivery.set_url(record.webhook_url());
  delivery.set_payload(MakeWebhookPayload(record.job(), result, now));
  *delivery.mutable_create_time() = ToTimestamp(now);
  *delivery.mutable_next_attempt_time() = ToTimestamp(now);
  return delivery;
}

}  // namespace cxscribe
