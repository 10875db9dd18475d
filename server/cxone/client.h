// CxoneClient: the Voice Transcription API of one account, one attempt a call.
//
// Each call asks for a token, sends one request (two after a 401: once more with a fresh token) and
// reports what came of it. Whether and when to try again is the caller's decision
// (server/cxone/retry.h), so that one budget and one clock serve all calls. Asynchronous and
// thread-safe: callbacks run exactly once, on the HTTP loop's thread or a pool thread, and must not
// block. An interface, so that the engine is tested without HTTP; http_client.h implements it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/functional/any_invocable.h>
#include <absl/status/status.h>
#include <absl/time/time.h>

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// Why an attempt failed, as the error map distinguishes it.
enum class UpstreamFailure {
  kNone,
  kRejected,     // 400, 422 and other 4xx: the request itself is refused
  kCredentials,  // 401, also with a fresh token; the token endpoint refuses the client
  kForbidden,    // 403
  kGone,         // 404
  kThrottled,    // 429
  kUnavailable,  // 502, 503, 504, 500, or no connection
  kMalformed,    // an answer that is not JSON, has the wrong shape or is too large
};

// Whether a request that failed may have taken effect. Only matters for Submit.
enum class RequestFate {
  kNotProcessed,  // never sent, or refused by an answer that says so
  kUnknown,       // sent, and no answer that proves either
};

// What every attempt reports, good or bad.
struct UpstreamOutcome {
  UpstreamFailure failure = UpstreamFailure::kNone;
  RequestFate fate = RequestFate::kNotProcessed;
  int http_status = 0;                        // 0: no answer
  std::optional<absl::Duration> retry_after;  // both forms of the header, as a delay from now
  std::string
      message;  // what went wrong: the call, the status, CXone's own message (bounded, no secrets)
  std::string field;  // kMalformed: the field that was wrong
  // Requests that were sent for this call: 0 when it failed before, 2 after a 401, more when an
  // answer has pages or a token had to be fetched. What goes beyond the one that the budget granted
  // is to be charged to it (BudgetGate::Charge).
  int requests = 0;

  bool ok() const { return failure == UpstreamFailure::kNone; }
};

template <typename T>
struct UpstreamResult {
  UpstreamOutcome outcome;
  T value{};  // meaningful when outcome.ok()
};

struct UpstreamRecording {
  std::string id;
  std::string format;
  int64_t size_bytes = 0;
  std::string media_type;
};

struct UpstreamSubmission {
  std::vector<std::string> recording_ids;
  std::string language;
  std::string redaction_policy;  // upstream's word
  bool punctuation = true;
  bool diarization = true;
  std::string idempotency_key;  // sent only where the account dedupes
};

enum class UpstreamStatus { kQueued, kInProgress, kCompleted, kFailed };

struct UpstreamTranscription {
  std::string id;
  UpstreamStatus status = UpstreamStatus::kQueued;
  int progress_percent = 0;     // as upstream says it; may go back
  std::string failure_message;  // kFailed: upstream's own words, see CleanFailureMessage
  std::optional<absl::Time> completed_time;
  // kCompleted only. Its language is empty: the caller knows it.
  std::optional<v1::Transcript> transcript;
};

class CxoneClient {
 public:
  template <typename T>
  using Callback = absl::AnyInvocable<void(UpstreamResult<T>)>;

  virtual ~CxoneClient() = default;

  // At most 100 ids a call. Ids that upstream leaves out are simply not in the answer.
  virtual void GetRecordings(const std::vector<std::string>& ids,
                             Callback<std::vector<UpstreamRecording>> done) = 0;
  // The value is the transcription id.
  virtual void Submit(const UpstreamSubmission& submission, Callback<std::string> done) = 0;
  // `recording_ids`: the job's, in order; results that name no recording belong to the only one.
  virtual void GetTranscription(const std::string& transcription_id,
                                const std::vector<std::string>& recording_ids,
                                Callback<UpstreamTranscription> done) = 0;
};

}  // namespace cxscribe
