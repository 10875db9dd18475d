// Requests: from a SubmitRequest to the job that it asks for, or everything that is wrong with it
// at once. Pure; thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "cxscribe/internal/v1/record.pb.h"
#include "cxscribe/v1/transcription_service.pb.h"
#include "server/config/settings.h"

namespace cxscribe {

// What a request is held against.
struct RequestRules {
  // Policies and pipelines, unless they come from below. Must outlive the call.
  const Settings& settings;
  // The account that serves the caller's tenant.
  std::string account = "default";
  // Whether a webhook may go to this URL: OK; INVALID_ARGUMENT for a malformed URL; another error,
  // naming the setting that would allow it, where policy forbids it. Empty: webhooks are refused.
  std::function<absl::Status(std::string_view url)> check_webhook;
  // The names of the pipelines and redaction policies in force, which a reload changes. Empty:
  // those of `settings`.
  std::function<std::vector<std::string>()> pipelines = {};
  std::function<std::vector<std::string>()> policies = {};
};

// The record of the job that `request` asks for, after defaults: what was asked, the account,
// request_sha256 and webhook_url. Its id, times, state, tenant and actor are the caller's to set
// (StartJob sets the state and times). validate_only is not looked at.
//
// INVALID_ARGUMENT with reason INVALID_REQUEST and a violation of each field that is wrong, all at
// once (of many wrong entries of one field, the first few and a count). When only the webhook's
// target is forbidden: what check_webhook said, or PERMISSION_DENIED with reason WEBHOOK_FORBIDDEN.
absl::StatusOr<internal::v1::JobRecord> PrepareRequest(const v1::SubmitRequest& request,
                                                       const RequestRules& rules);

// SHA-256 over what was asked: two requests with the same fields after defaults have the same
// fingerprint, whatever their request_id. Covers recording ids (in order), language, policy,
// punctuation, diarization, pipeline, labels and the webhook's URL.
std::string RequestFingerprint(const internal::v1::JobRecord& record);

}  // namespace cxscribe
