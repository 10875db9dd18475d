// The admin endpoints of SimService: steering and observing over HTTP. README.md describes them.
#include <string>
#include <utility>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <nlohmann/json.hpp>

#include "server/base/version.h"
#include "tests/sim/answers.h"
#include "tests/sim/sim_service.h"

namespace cxscribe::sim {
namespace {

using nlohmann::json;

constexpr absl::string_view kFaultPrefix = "/admin/faults/";

// Requests can hold bytes that are not UTF-8; dump() must not throw over them.
HttpResponse Answer(const json& body) {
  return JsonAnswer(body.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

std::string Timestamp(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

json NamesAndValues(const NameValueList& list) {
  json out = json::array();
  for (const auto& [name, value] : list) out.push_back(json::array({name, value}));
  return out;
}

}  // namespace

HttpResponse SimService::Admin(const HttpRequest& request) {
  const std::string call = absl::StrCat(request.method, " ", request.path);
  if (call == "GET /admin/state") return Answer(StateJson());
  if (call == "GET /admin/faults") return Answer(FaultsJson());
  if (call == "POST /admin/faults") return AdminAddFaults(request.body);
  if (call == "GET /admin/requests") return Answer(RequestsJson());
  if (call == "POST /admin/advance") return AdminAdvance(request.body);
  if (call == "DELETE /admin/faults") {
    ClearFaults();
    return Answer(json::object());
  }
  if (call == "DELETE /admin/requests") {
    MutexLock lock(mutex_);
    records_.clear();
    calls_.clear();
    recorded_count_ = 0;
    return Answer(json::object());
  }
  if (call == "POST /admin/revoke-tokens") {
    RevokeTokens();
    return Answer(json::object());
  }
  int id = 0;
  if (request.method == "DELETE" && absl::StartsWith(request.path, kFaultPrefix) &&
      absl::SimpleAtoi(request.path.substr(kFaultPrefix.size()), &id)) {
    MutexLock lock(mutex_);
    if (faults_.Remove(id)) return Answer(json::object());
    return ErrorAnswer(404, "not.found", absl::StrCat("there is no fault ", id));
  }
  return ErrorAnswer(
      404, "not.found",
      absl::StrCat("cxsim has no ", call, "; it has GET /admin/state, GET|POST|DELETE ",
                   "/admin/faults, DELETE /admin/faults/ID, GET|DELETE ",
                   "/admin/requests, POST /admin/advance, POST /admin/revoke-tokens"));
}

HttpResponse SimService::AdminAddFaults(const std::string& body) {
  absl::StatusOr<Scenario> scenario = ParseScenarioJson(body);
  if (!scenario.ok()) {
    FieldErrors errors;
    for (const auto& line : absl::StrSplit(std::string(scenario.status().message()), '\n')) {
      errors.emplace_back("faults", std::string(line));
    }
    return ErrorAnswer(400, "invalid.fault", std::string(scenario.status().message()), errors);
  }
  json ids = json::array();
  for (Fault& fault : scenario->faults) ids.push_back(AddFault(std::move(fault)));
  return Answer(json{{"ids", std::move(ids)}});
}

HttpResponse SimService::AdminAdvance(const std::string& body) {
  const json request = json::parse(body, nullptr, /*allow_exceptions=*/false);
  const auto by = request.is_object() ? request.find("by") : request.end();
  absl::Duration duration;
  if (!request.is_object() || by == request.end() || !by->is_string() ||
      !absl::ParseDuration(by->get_ref<const std::string&>(), &duration) ||
      duration < absl::ZeroDuration() || duration == absl::InfiniteDuration()) {
    return ErrorAnswer(400, "invalid.request", "the body must be like {\"by\": \"90s\"}");
  }
  Advance(duration);
  return Answer(json{{"now", Timestamp(Now())}});
}

json SimService::StateJson() const {
  MutexLock lock(mutex_);
  const absl::Time now = NowLocked();
  json calls = json::object();
  for (const Route route :
       {Route::kToken, Route::kRecordings, Route::kSubmit, Route::kPoll, Route::kOther}) {
    calls[std::string(RouteName(route))] = CallCountLocked(route);
  }
  json recordings = json::array();
  for (const auto& [id, recording] : catalogue_.all()) {
    recordings.push_back(json{{"id", id},
                              {"format", recording.format},
                              {"size", recording.size_bytes},
                              {"durationMs", recording.duration_ms}});
  }
  json transcriptions = json::array();
  for (const Transcription& transcription : transcriptions_) {
    const TranscriptionState state = StateAt(transcription, now);
    json entry{{"id", transcription.id},
               {"status", state.status},
               {"progress", state.percent},
               {"recording_ids", transcription.recording_ids},
               {"language", transcription.language},
               {"redaction_policy", transcription.redaction_policy},
               {"punctuation", transcription.punctuation},
               {"diarization", transcription.diarization},
               {"polls", transcription.polls},
               {"idempotency_key", transcription.idempotency_key}};
    if (transcription.webhook_url) entry["webhook_url"] = *transcription.webhook_url;
    transcriptions.push_back(std::move(entry));
  }
  return json{{"version", kVersion},
              {"now", Timestamp(now)},
              {"seed", seed_},
              {"calls", std::move(calls)},
              {"tokens_issued", tokens_.issued()},
              {"recordings", std::move(recordings)},
              {"transcriptions", std::move(transcriptions)}};
}

json SimService::FaultsJson() const {
  MutexLock lock(mutex_);
  json faults = json::array();
  for (const FaultBook::Entry& entry : faults_.entries()) {
    faults.push_back(json{{"id", entry.id},
                          {"kind", FaultKindName(entry.fault.kind)},
                          {"route", RouteName(EffectiveRoute(entry.fault))},
                          {"seen", entry.seen},
                          {"fired", entry.fired}});
  }
  return json{{"faults", std::move(faults)}};
}

json SimService::RequestsJson() const {
  json requests = json::array();
  for (const RequestRecord& record : Requests()) {
    json faults = json::array();
    for (const FaultKind kind : record.faults) faults.push_back(FaultKindName(kind));
    requests.push_back(json{{"number", record.number},
                            {"time", Timestamp(record.time)},
                            {"route", RouteName(record.route)},
                            {"method", record.request.method},
                            {"target", record.request.target},
                            {"headers", NamesAndValues(record.request.headers)},
                            {"body", record.request.body},
                            {"status", record.status},
                            {"faults", std::move(faults)}});
  }
  return json{{"requests", std::move(requests)}};
}

}  // namespace cxscribe::sim
