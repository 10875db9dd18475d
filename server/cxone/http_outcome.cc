#include "server/cxone/http_outcome.h"

#include <absl/strings/str_cat.h>

#include "server/cxone/retry.h"
#include "server/cxone/upstream_text.h"

namespace cxscribe {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

UpstreamFailure FailureOf(int status) {
  switch (status) {
    case 401:
      return UpstreamFailure::kCredentials;
    case 403:
      return UpstreamFailure::kForbidden;
    case 404:
      return UpstreamFailure::kGone;
    case 429:
      return UpstreamFailure::kThrottled;
    default:
      break;
  }
  if (status >= 500) return UpstreamFailure::kUnavailable;
  return status >= 400 ? UpstreamFailure::kRejected : UpstreamFailure::kMalformed;
}

RequestFate FateOf(int status) {
  const bool says_nothing = status == 303 || (status >= 500 && status != 503);
  return says_nothing ? RequestFate::kUnknown : RequestFate::kNotProcessed;
}

std::optional<absl::Duration> RetryAfterOf(const HttpResult& result, absl::Time now) {
  for (const auto& [name, value] : result.headers) {
    if (name != "retry-after") continue;
    if (const auto delay = ParseRetryAfter(value, now); delay.has_value()) return delay;
  }
  return std::nullopt;
}

}  // namespace

UpstreamOutcome OutcomeOf(const HttpResult& result, std::string_view call, absl::Time now,
                          absl::Span<const std::string> secrets) {
  UpstreamOutcome outcome;
  outcome.http_status = result.status;
  if (result.status >= 300) {
    // The status line decides, also when the rest of the answer did not arrive.
    outcome.failure = FailureOf(result.status);
    outcome.fate = FateOf(result.status);
    outcome.retry_after = RetryAfterOf(result, now);
    outcome.message = absl::StrCat(View(call), " answered ", result.status);
    if (outcome.failure == UpstreamFailure::kMalformed) {
      absl::StrAppend(&outcome.message, ", a redirect, which is not followed");
      outcome.field = "status line";
    }
    const std::string said = UpstreamErrorMessage(result.body, secrets);
    if (!said.empty()) absl::StrAppend(&outcome.message, ": ", said);
    return outcome;
  }
  if (result.ok()) {
    if (result.status >= 200) return outcome;
    return MalformedOutcome(result.status, call, {"status line", "the answer has no final status"});
  }
  outcome.fate = result.request_sent ? RequestFate::kUnknown : RequestFate::kNotProcessed;
  switch (result.error) {
    case HttpError::kTooLarge:
    case HttpError::kProtocol:
      outcome.failure = UpstreamFailure::kMalformed;
      break;
    case HttpError::kInvalidRequest:
      outcome.failure = UpstreamFailure::kRejected;
      break;
    default:
      outcome.failure = UpstreamFailure::kUnavailable;
  }
  outcome.message = absl::StrCat(
      View(call),
      result.status == 0 ? " got no answer: " : " got no whole answer: ", result.message);
  return outcome;
}

UpstreamOutcome MalformedOutcome(int http_status, std::string_view call,
                                 const JsonProblem& problem) {
  UpstreamOutcome outcome;
  outcome.failure = UpstreamFailure::kMalformed;
  outcome.fate = RequestFate::kUnknown;
  outcome.http_status = http_status;
  outcome.field = problem.field;
  outcome.message = absl::StrCat(View(call), " answered ", http_status, ", but ", problem.message);
  return outcome;
}

}  // namespace cxscribe
