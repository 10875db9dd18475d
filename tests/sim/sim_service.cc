// See sim_service.h. The answers follow the CXone contract table of the design; README.md repeats
// it.
#include "tests/sim/sim_service.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <nlohmann/json.hpp>

#include "tests/sim/answers.h"
#include "tests/sim/submission.h"

namespace cxscribe::sim {
namespace {

using nlohmann::json;

constexpr int kMaxIdsPerCall = 100;
constexpr int kMaxPageSize = 100;
constexpr size_t kMaxRecords = 10'000;
constexpr size_t kMaxRecordedBody = 1024 * 1024;
constexpr int64_t kMiB = 1024 * 1024;
// The transcription id of CXone's documentation: the first one of the documentation's recording
// gets it.
constexpr char kSeedTranscription[] = "txn_9f8e7d6c5b4a";

// What follows `prefix` and a slash in `path`; empty when `path` is something else.
std::string_view Below(std::string_view path, std::string_view prefix) {
  if (path.size() <= prefix.size() + 1 || path.substr(0, prefix.size()) != prefix) return {};
  if (path[prefix.size()] != '/') return {};
  const std::string_view rest = path.substr(prefix.size() + 1);
  return rest.find('/') == std::string_view::npos ? rest : std::string_view();
}

// The query parameter `name` as a number from 1 to `max`; notes an error when it is something else.
int PageParameter(const HttpRequest& request, const char* name, int fallback, int max,
                  FieldErrors& errors) {
  const std::vector<std::string> values = request.QueryValues(name);
  if (values.empty()) return fallback;
  int value = 0;
  if (values.size() > 1 || !absl::SimpleAtoi(values.front(), &value) || value < 1 || value > max) {
    errors.emplace_back(name, absl::StrCat("must be one number from 1 to ", max));
    return fallback;
  }
  return value;
}

HttpResponse BadRequest(const FieldErrors& errors) {
  std::vector<std::string> all;
  for (const auto& [field, what] : errors) {
    all.push_back(field.empty() ? what : absl::StrCat(field, " ", what));
  }
  return ErrorAnswer(400, "invalid.request", absl::StrJoin(all, "; "), errors);
}

HttpRequest WithoutSecrets(HttpRequest request) {
  for (auto& [name, value] : request.headers) {
    if (absl::EqualsIgnoreCase(name, "authorization") &&
        absl::StartsWithIgnoreCase(value, "basic ")) {
      value = "Basic ***";
    }
  }
  static constexpr std::string_view kKey = "client_secret=";
  for (size_t at = 0; (at = request.body.find(kKey, at)) != std::string::npos;) {
    at += kKey.size();
    const size_t end = std::min(request.body.find('&', at), request.body.size());
    request.body.replace(at, end - at, "***");
  }
  if (request.body.size() > kMaxRecordedBody) request.body.resize(kMaxRecordedBody);
  return request;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SimService>> SimService::Create(const SimOptions& options) {
  std::vector<std::string> problems;
  absl::StatusOr<Catalogue> catalogue = Catalogue::BuiltIn();
  if (!catalogue.ok()) return catalogue.status();
  if (!options.transcripts_dir.empty()) {
    const absl::Status added = catalogue->AddDirectory(options.transcripts_dir);
    if (!added.ok()) problems.emplace_back(added.message());
  }
  catalogue->AddSynthetic(options.synthetic_recordings);
  Scenario scenario;
  if (!options.scenario_file.empty()) {
    absl::StatusOr<Scenario> loaded = LoadScenario(options.scenario_file);
    if (loaded.ok()) {
      scenario = *std::move(loaded);
    } else {
      problems.emplace_back(loaded.status().message());
    }
  }
  if (!problems.empty()) return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));

  const uint64_t seed = options.seed ? *options.seed : SystemRandom().Next();
  std::unique_ptr<SimService> service(
      new SimService(options, seed, scenario.seed.value_or(seed), *std::move(catalogue)));
  service->AddFaults(std::move(scenario.faults));
  return service;
}

SimService::SimService(const SimOptions& options, uint64_t seed, uint64_t fault_seed,
                       Catalogue catalogue)
    : options_(options),
      seed_(seed),
      clock_(options.clock == nullptr ? system_clock_ : *options.clock),
      ids_(seed),
      chances_(fault_seed),
      catalogue_(std::move(catalogue)),
      tokens_(options.client_id, options.client_secret, options.token_lifetime) {}

absl::Time SimService::NowLocked() const { return clock_.Now() + offset_; }

absl::Time SimService::Now() const {
  MutexLock lock(mutex_);
  return NowLocked();
}

HttpResponse SimService::Handle(const HttpRequest& request) {
  if (absl::StartsWith(request.path, "/admin/")) return Admin(request);
  const Route route = RouteOf(request);
  MutexLock lock(mutex_);
  const absl::Time now = NowLocked();
  const FaultPlan plan = faults_.Match(FactsOf(request, route), now, chances_);
  if (plan.revoke_tokens) tokens_.RevokeAll();
  HttpResponse answer;
  if (!plan.fault || IsCarriedOut(*plan.fault)) answer = Dispatch(request, route, plan);
  ApplyPlan(plan, route, now, answer);
  Record(request, route, plan, answer);
  return answer;
}

Route SimService::RouteOf(const HttpRequest& request) const {
  if (request.path == options_.token_path) return Route::kToken;
  if (request.path == options_.recordings_path) return Route::kRecordings;
  if (request.path == options_.transcriptions_path) return Route::kSubmit;
  if (!Below(request.path, options_.transcriptions_path).empty()) return Route::kPoll;
  return Route::kOther;
}

RequestFacts SimService::FactsOf(const HttpRequest& request, Route route) const {
  RequestFacts facts;
  facts.route = route;
  if (route == Route::kRecordings) facts.recordings = request.QueryValues("ids");
  if (route == Route::kSubmit) facts.recordings = RecordingIdsOf(request.body);
  if (route == Route::kPoll) {
    facts.transcription = std::string(Below(request.path, options_.transcriptions_path));
    const auto found = by_id_.find(facts.transcription);
    if (found != by_id_.end()) facts.recordings = transcriptions_[found->second].recording_ids;
  }
  return facts;
}

HttpResponse SimService::Dispatch(const HttpRequest& request, Route route, const FaultPlan& plan) {
  const auto wrong_method = [](const char* allowed) {
    HttpResponse answer = ErrorAnswer(405, "method.not.allowed", absl::StrCat("use ", allowed));
    answer.headers.emplace_back("Allow", allowed);
    return answer;
  };
  switch (route) {
    case Route::kToken: {
      const bool shorter = plan.fault && plan.fault->kind == FaultKind::kExpiresIn;
      return tokens_.Issue(request, NowLocked(),
                           shorter ? plan.fault->expires_in : absl::ZeroDuration(), ids_);
    }
    case Route::kRecordings:
      return request.method == "GET" ? Recordings(request, plan) : wrong_method("GET");
    case Route::kSubmit:
      return request.method == "POST" ? Submit(request, plan) : wrong_method("POST");
    case Route::kPoll:
      return request.method == "GET" ? Poll(request) : wrong_method("GET");
    case Route::kAny:
    case Route::kOther:
      break;
  }
  return ErrorAnswer(404, "not.found", absl::StrCat("there is nothing at ", request.path));
}

std::optional<HttpResponse> SimService::Refuse(const HttpRequest& request, const char* scope) {
  using Verdict = TokenAuthority::Verdict;
  const auto unauthorised = [](const char* message) {
    HttpResponse answer = ErrorAnswer(401, "not.authenticated", message);
    answer.headers.emplace_back("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    return answer;
  };
  switch (tokens_.Check(request, scope, NowLocked())) {
    case Verdict::kGood:
      return std::nullopt;
    case Verdict::kMissing:
      return unauthorised("the request has no bearer token");
    case Verdict::kUnknown:
      return unauthorised("the bearer token is unknown or was revoked");
    case Verdict::kExpired:
      return unauthorised("the bearer token has expired");
    case Verdict::kScope:
      break;
  }
  return ErrorAnswer(403, "not.authorized",
                     absl::StrCat("the bearer token lacks the scope ", scope));
}

HttpResponse SimService::Recordings(const HttpRequest& request, const FaultPlan& plan) {
  if (auto refusal = Refuse(request, kScopeRecordings)) return *std::move(refusal);
  const std::vector<std::string> ids = request.QueryValues("ids");
  FieldErrors errors;
  if (ids.size() > kMaxIdsPerCall) {
    errors.emplace_back("ids", absl::StrCat("has ", ids.size(), " values; ", kMaxIdsPerCall,
                                            " are allowed in a call"));
  }
  const int page_size = PageParameter(request, "pageSize", kMaxPageSize, kMaxPageSize, errors);
  const int page_number = PageParameter(request, "pageNumber", 1, 1'000'000, errors);
  if (!errors.empty()) return BadRequest(errors);

  std::vector<const Recording*> found;
  if (ids.empty()) {
    for (const auto& [id, recording] : catalogue_.all()) found.push_back(&recording);
  }
  for (const std::string& id : ids) {
    const Recording* recording = catalogue_.Find(id);
    const bool repeated = std::find(found.begin(), found.end(), recording) != found.end();
    if (recording != nullptr && !repeated) found.push_back(recording);
  }
  if (plan.fault && plan.fault->kind == FaultKind::kOmitRecording && !found.empty()) {
    std::vector<std::string> omitted = plan.fault->recordings;
    if (omitted.empty()) {
      omitted.push_back(plan.fault->recording.empty() ? found.front()->id : plan.fault->recording);
    }
    std::erase_if(found, [&omitted](const Recording* recording) {
      return std::find(omitted.begin(), omitted.end(), recording->id) != omitted.end();
    });
  }

  json entities = json::array();
  const size_t first = static_cast<size_t>(page_size) * static_cast<size_t>(page_number - 1);
  const size_t end = std::min(found.size(), first + static_cast<size_t>(page_size));
  for (size_t i = first; i < end; ++i) {
    entities.push_back(json{{"id", found[i]->id},
                            {"format", found[i]->format},
                            {"size", found[i]->size_bytes},
                            {"mediaType", found[i]->media_type}});
  }
  return JsonAnswer(json{
      {"entities", std::move(entities)},
      {"pageSize", page_size},
      {"pageNumber", page_number},
      {"total",
       found.size()}}.dump());
}

HttpResponse SimService::Submit(const HttpRequest& request, const FaultPlan& plan) {
  if (auto refusal = Refuse(request, kScopeTranscribe)) return *std::move(refusal);
  if (!absl::StartsWithIgnoreCase(request.Header("Content-Type"), "application/json")) {
    return ErrorAnswer(415, "unsupported.media.type", "the body must be application/json");
  }
  FieldErrors errors;
  SubmissionBody body =
      ReadSubmission(request.body, catalogue_, options_.max_storage_mb * kMiB, errors);
  if (!errors.empty()) return BadRequest(errors);

  std::string key = request.Header("Idempotency-Key");
  if (options_.idempotency_header && !key.empty()) {
    const auto known = by_key_.find(key);
    if (known != by_key_.end()) {
      if (known->second.body != request.body) {
        return ErrorAnswer(400, "idempotency.key.reused",
                           "this Idempotency-Key came with another body before");
      }
      HttpResponse answer = JsonAnswer(json{{"id", known->second.id}}.dump());
      answer.headers.emplace_back("Idempotent-Replayed", "true");
      return answer;
    }
  }

  Transcription created;
  created.id = NewTranscriptionId(body.recording_ids);
  created.created = NowLocked();
  created.duration = DurationOf(body.recording_ids);
  created.recording_ids = std::move(body.recording_ids);
  created.language = std::move(body.language);
  created.redaction_policy = std::move(body.redaction_policy);
  created.punctuation = body.punctuation;
  created.diarization = body.diarization;
  created.webhook_url = std::move(body.webhook_url);
  created.idempotency_key = key;
  using Fate = Transcription::Fate;
  for (const std::string& id : created.recording_ids) {
    if (!catalogue_.Find(id)->fails) continue;
    created.fate = Fate::kFails;
    created.error_code = "transcription.failed";
    created.error_message = absl::StrCat("the audio of recording ", id, " could not be decoded");
    break;
  }
  if (plan.fault && plan.fault->kind == FaultKind::kFailing) {
    created.fate = Fate::kFails;
    created.fail_percent = plan.fault->progress.value_or(50);
    created.error_code = plan.fault->code;
    created.error_message = plan.fault->message;
  } else if (plan.fault && plan.fault->kind == FaultKind::kNeverEnding) {
    created.fate = plan.fault->value == "queued" ? Fate::kNeverStarts : Fate::kNeverEnds;
  }
  if (options_.idempotency_header && !key.empty()) {
    by_key_[std::move(key)] = Submission{request.body, created.id};
  }
  HttpResponse answer = JsonAnswer(json{{"id", created.id}}.dump());
  by_id_[created.id] = transcriptions_.size();
  if (created.webhook_url) webhooks_pending_.push_back(transcriptions_.size());
  transcriptions_.push_back(std::move(created));
  return answer;
}

HttpResponse SimService::Poll(const HttpRequest& request) {
  if (auto refusal = Refuse(request, kScopeTranscribe)) return *std::move(refusal);
  const std::string_view id = Below(request.path, options_.transcriptions_path);
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) {
    return ErrorAnswer(404, "not.found",
                       absl::StrCat("there is no transcription ", std::string(id)));
  }
  Transcription& transcription = transcriptions_[found->second];
  ++transcription.polls;
  return JsonAnswer(PollAnswer(transcription, catalogue_, NowLocked()).dump());
}

std::string SimService::NewTranscriptionId(const std::vector<std::string>& recording_ids) {
  if (recording_ids.front() == kSeedWav && by_id_.count(kSeedTranscription) == 0) {
    return kSeedTranscription;
  }
  std::string id;
  do {
    id = absl::StrFormat("txn_%012x", ids_.Next() >> 16);
  } while (by_id_.count(id) != 0);
  return id;
}

absl::Duration SimService::DurationOf(const std::vector<std::string>& recording_ids) const {
  if (options_.speed <= 0) return options_.transcription_time;
  int64_t audio_ms = 0;
  for (const std::string& id : recording_ids) audio_ms += catalogue_.Find(id)->duration_ms;
  return absl::Milliseconds(static_cast<double>(audio_ms) / options_.speed);
}

void SimService::Record(const HttpRequest& request, Route route, const FaultPlan& plan,
                        const HttpResponse& answer) {
  RequestRecord record;
  record.number = ++recorded_count_;
  record.time = NowLocked();
  record.route = route;
  record.request = WithoutSecrets(request);
  const bool answered = answer.delivery != Delivery::kReset && answer.delivery != Delivery::kHang;
  record.status = answered ? answer.status : 0;
  record.faults = plan.fired;
  records_.push_back(std::move(record));
  if (records_.size() > kMaxRecords) records_.pop_front();
  ++calls_[route];
  recorded_.NotifyAll();
}

int SimService::AddFault(Fault fault) {
  const std::vector<std::string> problems = CheckFault(fault);
  if (!problems.empty()) {
    std::fprintf(stderr, "SimService::AddFault: %s\n", absl::StrJoin(problems, "; ").c_str());
    std::abort();
  }
  MutexLock lock(mutex_);
  return faults_.Add(std::move(fault));
}

void SimService::AddFaults(std::vector<Fault> faults) {
  for (Fault& fault : faults) AddFault(std::move(fault));
}

void SimService::ClearFaults() {
  MutexLock lock(mutex_);
  faults_.Clear();
}

void SimService::RevokeTokens() {
  MutexLock lock(mutex_);
  tokens_.RevokeAll();
}

void SimService::SetClientSecret(std::string secret) {
  MutexLock lock(mutex_);
  tokens_.set_client_secret(std::move(secret));
}

absl::Status SimService::AddRecording(const RecordingSpec& spec) {
  MutexLock lock(mutex_);
  return catalogue_.Add(spec);
}

void SimService::Advance(absl::Duration by) {
  MutexLock lock(mutex_);
  offset_ += by;
}

int SimService::CallCountLocked(Route route) const {
  if (route == Route::kAny) return static_cast<int>(recorded_count_);
  const auto found = calls_.find(route);
  return found == calls_.end() ? 0 : found->second;
}

int SimService::CallCount(Route route) const {
  MutexLock lock(mutex_);
  return CallCountLocked(route);
}

bool SimService::WaitForCalls(Route route, int count, absl::Duration timeout) const {
  const absl::Time deadline = absl::Now() + timeout;
  MutexLock lock(mutex_);
  while (CallCountLocked(route) < count) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return false;
    recorded_.WaitFor(mutex_, left);
  }
  return true;
}

std::vector<RequestRecord> SimService::Requests() const {
  MutexLock lock(mutex_);
  return {records_.begin(), records_.end()};
}

std::vector<RequestRecord> SimService::Requests(Route route) const {
  std::vector<RequestRecord> all = Requests();
  std::erase_if(all, [route](const RequestRecord& record) { return record.route != route; });
  return all;
}

std::vector<Transcription> SimService::Transcriptions() const {
  MutexLock lock(mutex_);
  return {transcriptions_.begin(), transcriptions_.end()};
}

int SimService::TokensIssued() const {
  MutexLock lock(mutex_);
  return tokens_.issued();
}

int SimService::TimesFired(int fault_id) const {
  MutexLock lock(mutex_);
  for (const FaultBook::Entry& entry : faults_.entries()) {
    if (entry.id == fault_id) return entry.fired;
  }
  return 0;
}

std::vector<std::string> SimService::RecordingIds() const {
  MutexLock lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, recording] : catalogue_.all()) ids.push_back(id);
  return ids;
}

std::vector<WebhookCall> SimService::TakeDueWebhooks() {
  MutexLock lock(mutex_);
  std::vector<WebhookCall> calls;
  const absl::Time now = NowLocked();
  std::vector<size_t> still_pending;
  for (const size_t index : webhooks_pending_) {
    const Transcription& transcription = transcriptions_[index];
    const TranscriptionState state = StateAt(transcription, now);
    if (!state.ended()) {
      still_pending.push_back(index);
      continue;
    }
    calls.push_back({*transcription.webhook_url,
                     json{{"id", transcription.id}, {"status", state.status}}.dump()});
  }
  webhooks_pending_ = std::move(still_pending);
  return calls;
}

absl::Duration SimService::NextWebhookIn() const {
  MutexLock lock(mutex_);
  absl::Time next = absl::InfiniteFuture();
  for (const size_t index : webhooks_pending_) next = std::min(next, EndOf(transcriptions_[index]));
  return next - NowLocked();
}

}  // namespace cxscribe::sim
