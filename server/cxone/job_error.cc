// JobErrorFor: the error map, row by row. Every text says what was being done, what CXone answered
// and what a person can do about it.
#include <algorithm>
#include <string>

#include <absl/strings/str_cat.h>

#include "server/base/error.h"
#include "server/cxone/retry.h"

namespace cxscribe {
namespace {

struct Row {
  absl::StatusCode code;
  const char* reason;
  std::string text;
};

std::string Tried(int attempts, absl::Duration elapsed) {
  return absl::StrCat("tried ", attempts, attempts == 1 ? " time" : " times", " in ",
                      elapsed < absl::Seconds(1)
                          ? "less than a second"
                          : absl::FormatDuration(absl::Trunc(elapsed, absl::Seconds(1))));
}

Row RowFor(const UpstreamOutcome& outcome, int attempts, absl::Duration elapsed) {
  if (FailedOnTheRequest(outcome)) {
    return {absl::StatusCode::kInternal, "UPSTREAM_ERROR",
            absl::StrCat("CXone failed on the request itself (", outcome.http_status,
                         "), and says nothing that a repetition would change. See the CXone "
                         "service status page; if it is well, report it to NICE with this message, "
                         "or submit again to try once more")};
  }
  switch (outcome.failure) {
    case UpstreamFailure::kNone:  // not a failure; a caller's mistake must still not look like ok
      return {absl::StatusCode::kInternal, "INTERNAL", "failed without an upstream failure"};
    case UpstreamFailure::kRejected:
      return {absl::StatusCode::kInvalidArgument, "UPSTREAM_REJECTED",
              "CXone rejects the request, and would again. Check what is asked for against CXone's "
              "schema, that every recording is wav or mp3, and the account's storage quota"};
    case UpstreamFailure::kCredentials:
      return {absl::StatusCode::kFailedPrecondition, "UPSTREAM_CREDENTIALS",
              "CXone does not accept the account's credentials, also not with a fresh token. Check "
              "client_id, client_secret and token_url of the account, and that its client is "
              "granted both scopes, recordings:read and voice:transcribe"};
    case UpstreamFailure::kForbidden:
      return {
          absl::StatusCode::kPermissionDenied, "UPSTREAM_FORBIDDEN",
          "CXone forbids it. Give the account's client the roles \"Voice: Transcribe\" and "
          "\"Recordings: Read\", and check that the recordings belong to its tenant and partition"};
    case UpstreamFailure::kGone:
      return {absl::StatusCode::kNotFound, "UPSTREAM_GONE",
              "CXone does not know it (any more). If it was deleted there, submit the recordings "
              "again; if this happens to every job, check base_url and the paths of the account"};
    case UpstreamFailure::kThrottled:
      return {absl::StatusCode::kUnavailable, "UPSTREAM_UNAVAILABLE",
              absl::StrCat("CXone kept limiting the rate until no time was left (",
                           Tried(attempts, elapsed),
                           "). Lower the account's budget below what CXone allows, or find what "
                           "else uses it up; then submit again")};
    case UpstreamFailure::kUnavailable:
      return {absl::StatusCode::kUnavailable, "UPSTREAM_UNAVAILABLE",
              absl::StrCat("CXone could not be reached or did not serve the request (",
                           Tried(attempts, elapsed),
                           "). See the CXone service status page, and submit again once it is "
                           "well")};
    case UpstreamFailure::kMalformed:
      return {absl::StatusCode::kInternal, "UPSTREAM_MALFORMED",
              absl::StrCat("CXone's answer could not be used",
                           outcome.field.empty() ? "" : absl::StrCat(" (", outcome.field, ")"),
                           ", ", Tried(attempts, elapsed),
                           ". Check that base_url and the paths of the account point at CXone's "
                           "API; if they do, report it to NICE with this message")};
  }
  return {absl::StatusCode::kInternal, "INTERNAL", "failed in an unknown way"};
}

}  // namespace

absl::Status JobErrorFor(const UpstreamOutcome& outcome, std::string_view call, int attempts,
                         absl::Duration elapsed) {
  const Row row = RowFor(outcome, attempts, elapsed);
  std::string message =
      absl::StrCat(absl::string_view(call.data(), call.size()), ": ", row.text, ".");
  if (!outcome.message.empty()) absl::StrAppend(&message, " Last answer: ", outcome.message);
  ErrorBuilder error(row.code, row.reason, std::move(message));
  error.Metadata("call", std::string(call))
      .Metadata("upstream_status", absl::StrCat(outcome.http_status))
      .Metadata("attempts", absl::StrCat(attempts))
      .Metadata("elapsed", absl::FormatDuration(absl::Trunc(elapsed, absl::Milliseconds(1))));
  if (!outcome.field.empty()) error.Metadata("field", outcome.field);
  return error.Build();
}

absl::Status JobErrorFor(const UpstreamOutcome& outcome, std::string_view call,
                         const RetryTally& tally, absl::Time now) {
  return JobErrorFor(outcome, call, tally.attempts,
                     std::max(absl::ZeroDuration(), now - tally.started));
}

}  // namespace cxscribe
