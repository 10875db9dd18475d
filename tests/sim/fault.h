// Fault: one way in which the simulated CXone misbehaves, when, and how often. README.md describes
// every kind.
//
//   server.AddFault({.kind = FaultKind::kStatus, .route = Route::kSubmit, .times = 2, .status =
//   503});
//
// Plain values; not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <nlohmann/json_fwd.hpp>

namespace cxscribe::sim {

enum class Route { kAny, kToken, kRecordings, kSubmit, kPoll, kOther };

// "any", "token", "recordings", "submit", "poll", "other".
std::string_view RouteName(Route route);

enum class FaultKind {
  // Other answers.
  kStatus,         // `status`, perhaps with Retry-After and with another body
  kTruncated,      // Content-Length says more than comes
  kMalformedJson,  // complete, but cut JSON
  kWrongShape,  // JSON of another shape: `set`, `remove`, or what the route's client relies on most
  kInvalidUtf8,  // a string holds bytes that are not UTF-8
  kHugeBody,     // `mib` MiB of filler in front of the real answer
  // Other delivery.
  kLatency,  // waits `latency` first; combines with the fault that follows in the list
  kHang,   // no answer (keep_bytes: no end of one) until the client gives up or faults are cleared
  kReset,  // the connection is reset without an answer
  // Other behaviour.
  kRateLimit,      // more than `requests` in `per`: 429 with Retry-After
  kRevokeTokens,   // forgets every token first, so that the request gets 401
  kExpiresIn,      // token: it lives for `expires_in`
  kOmitRecording,  // recordings: leaves `recordings` (none given: the matched one, else the first)
                   // out
  kFailing,        // submit: the transcription will fail at `progress` percent
  kNeverEnding,    // submit: the transcription stays at `value`: in_progress (default) or queued
  kUnknownStatus,  // poll: the status is `value`
  kProgressBack,   // poll: in progress, at `progress` percent
};

std::string_view FaultKindName(FaultKind kind);

struct Fault {
  FaultKind kind = FaultKind::kStatus;

  // Which requests. All that is given must match.
  Route route = Route::kAny;
  std::string recording = {};      // the request asks for, submits or polls this recording
  std::string transcription = {};  // poll: this id
  // Which of the matching requests.
  std::vector<int> calls = {};  // counted from 1; empty = all
  int times = 0;                // at most so often; 0 = always
  double probability = 1;

  // What happens. Each kind reads only what its description names.
  int status = 503;
  std::optional<absl::Duration> retry_after = std::nullopt;
  bool retry_after_date = false;  // as an HTTP date instead of seconds
  // status, reset, hang: the request was carried out before the answer was lost.
  bool processed = false;
  std::optional<std::string> body = std::nullopt;
  std::string content_type = "application/json";
  absl::Duration latency = absl::ZeroDuration();
  std::optional<size_t> keep_bytes = std::nullopt;
  // JSON pointer -> JSON text.
  std::vector<std::pair<std::string, std::string>> set = {};
  std::vector<std::string> remove = {};
  int mib = 100;
  int requests = 0;
  absl::Duration per = absl::Minutes(5);
  absl::Duration expires_in = absl::Seconds(1);
  std::vector<std::string> recordings = {};
  std::optional<int> progress = std::nullopt;
  std::string value = {};
  std::string code = "transcription.failed";
  std::string message = "the audio could not be decoded";
};

// A whole scenario, as in README.md: {"seed": N, "faults": [...]}.
struct Scenario {
  std::optional<uint64_t> seed = std::nullopt;
  std::vector<Fault> faults = {};
};

// The route that `fault` applies to: its own, or the only one that its kind makes sense on.
Route EffectiveRoute(const Fault& fault);

// What is wrong with `fault` beyond what types can say, one line each; empty = it can be used.
std::vector<std::string> CheckFault(const Fault& fault);

// From a scenario object, a list of faults, or one fault. INVALID_ARGUMENT lists every problem.
absl::StatusOr<Scenario> ParseScenario(const nlohmann::json& document);

// From JSON text (the admin endpoint), or a YAML or JSON file.
absl::StatusOr<Scenario> ParseScenarioJson(std::string_view text);
absl::StatusOr<Scenario> ParseScenarioYaml(std::string_view text);
absl::StatusOr<Scenario> LoadScenario(const std::string& path);

}  // namespace cxscribe::sim
