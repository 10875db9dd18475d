#include "server/app.h"

#include <future>
#include <thread>
#include <utility>

#include <absl/strings/str_join.h>

#include "server/audit/entry.h"
#include "server/base/error.h"
#include "server/config/restart.h"
#include "server/engine/convert.h"
#include "server/telemetry/log.h"

namespace cxscribe {
namespace {

// Runs of one pipeline that may wait for a thread; more wait in the engine.
constexpr size_t kQueuedRuns = 64;
// How soon watchers that were sent away should come back.
constexpr absl::Duration kComeBackAfter = absl::Seconds(2);
// What of the time to drain calls under way may take.
constexpr absl::Duration kMostForStreams = absl::Seconds(10);
constexpr absl::Duration kGaugeInterval = absl::Seconds(5);
// How long a reload that was given up may take to end. Waiting for a worker ends within
// milliseconds; what has not ended by then is code in this process, which may never.
constexpr absl::Duration kMostForReload = absl::Seconds(2);

// Answers of CXone that may wait to be parsed, and by how many threads: apart from the pipelines,
// which may keep their pool busy for long.
constexpr size_t kQueuedAnswers = 1024;
constexpr size_t kParserThreads = 2;
// How often the end of the audit log is looked for while draining.
constexpr absl::Duration kAuditRecheck = absl::Milliseconds(20);
// A commit that failed longer ago than this no longer makes the server unready: only a new write
// can tell whether the store is well again, and an unready server gets none.
constexpr absl::Duration kStoreFailureCounts = absl::Seconds(30);

// Counts what goes to the token endpoint on its way through.
class TokenMeter final : public HttpSender {
 public:
  TokenMeter(HttpSender& http, std::string token_url, const Clock& clock, Metrics& metrics)
      : http_(http), token_url_(std::move(token_url)), clock_(clock), metrics_(metrics) {}

  void Send(HttpRequest request, HttpCallback done) override {
    if (request.url != token_url_) {
      http_.Send(std::move(request), std::move(done));
      return;
    }
    http_.Send(std::move(request), [this, started = clock_.Now(),
                                    done = std::move(done)](HttpResult result) mutable {
      const bool ok = result.ok() && result.status == 200;
      if (ok) metrics_.TokenRefreshed();
      metrics_.UpstreamRequest("token", TokenResultLabel(result), clock_.Now() - started);
      done(std::move(result));
    });
  }

 private:
  static std::string_view TokenResultLabel(const HttpResult& result) {
    if (!result.ok() || result.status >= 500) return "unavailable";
    if (result.status == 200) return "ok";
    if (result.status == 429) return "throttled";
    return result.status == 401 ? "unauthorized" : "rejected";
  }

  HttpSender& http_;
  const std::string token_url_;
  const Clock& clock_;
  Metrics& metrics_;
};

template <typename Value>
std::vector<std::string> NamesOf(const std::map<std::string, Value>& values) {
  std::vector<std::string> names;
  names.reserve(values.size());
  for (const auto& entry : values) names.push_back(entry.first);
  return names;
}

// What a plugin's health means for the server: jobs that do not need it go on.
Health HealthOf(v1::PluginHealth plugin) {
  return plugin == v1::PLUGIN_HEALTH_OK ? Health::kOk : Health::kDegraded;
}

// "RECOVERING".
std::string HealthName(v1::PluginHealth health) {
  constexpr size_t kPrefix = sizeof("PLUGIN_HEALTH_") - 1;
  return v1::PluginHealth_Name(health).substr(kPrefix);
}

size_t PoolThreads(const ServerSettings& settings) {
  if (settings.worker_threads > 0) return static_cast<size_t>(settings.worker_threads);
  return std::max(2u, std::thread::hardware_concurrency());
}

}  // namespace

App::App(Settings settings, std::shared_ptr<const PipelineSet> pipelines,
         PipelineReloader::Load load)
    : settings_(std::move(settings)),
      webhook_policy_(settings_.webhook),
      rules_{settings_, "default",
             [this](std::string_view url) { return webhook_policy_.CheckUrl(url); },
             [this] { return NamesOf(pipelines_.current()->pipelines); },
             [this] { return NamesOf(pipelines_.current()->redaction_policies); }},
      pipelines_(
          std::move(pipelines), std::move(load),
          [this](const Settings& read) { return TakeSettings(read); }, reload_loop_) {}

absl::StatusOr<std::unique_ptr<App>> App::Start(Settings settings,
                                                std::shared_ptr<const PipelineSet> pipelines,
                                                PipelineReloader::Load load) {
  std::unique_ptr<App> app(new App(std::move(settings), std::move(pipelines), std::move(load)));
  if (auto status = app->OpenStore(); !status.ok()) return status;
  if (auto status = app->StartAudit(); !status.ok()) return status;
  app->StartEngine();
  if (auto status = app->StartServing(); !status.ok()) return status;
  return app;
}

absl::Status App::OpenStore() {
  SqliteStoreOptions options;
  options.path = settings_.storage.path;
  options.sealer = SealAuditEntry;
  options.on_commit = [this](size_t writes, absl::Duration took) {
    metrics_.StoreCommitted(writes, took);
  };
  auto store = SqliteJobStore::Open(std::move(options));
  if (!store.ok()) return store.status();
  store_ = *std::move(store);
  return absl::OkStatus();
}

absl::Status App::StartAudit() {
  audit_loop_ = std::make_unique<LoopThread>("audit", clock_);
  audit_ = std::make_unique<AuditProjector>(settings_.audit.path, *store_, *audit_loop_);
  store_->SetAuditListener(audit_->Notifier());
  std::promise<absl::Status> ready;
  audit_->Start([&ready](const absl::Status& status) { ready.set_value(status); });
  return ready.get_future().get();
}

void App::StartEngine() {
  pool_ = std::make_unique<ThreadPools>("pool", PoolThreads(settings_.server), kQueuedRuns);
  parsers_ = std::make_unique<ThreadPool>("parser", kParserThreads, kQueuedAnswers);
  http_ = std::make_unique<HttpLoop>();
  engine_loop_ = std::make_unique<LoopThread>("engine", clock_);
  timer_loop_ = std::make_unique<LoopThread>("timers", clock_);
  hub_ = std::make_unique<WatchHub>(*store_, *timer_loop_);
  webhook_sender_ = std::make_unique<HttpWebhookSender>(settings_.webhook, *http_, clock_);
  webhooks_ = std::make_unique<WebhookDeliverer>(settings_.webhook, *timer_loop_, random_, *store_,
                                                 *webhook_sender_, metrics_);
  std::map<std::string, CxoneClient*> clients;
  for (const auto& [name, account] : settings_.accounts) {
    token_meters_[name] = std::make_unique<TokenMeter>(*http_, account.token_url, clock_, metrics_);
    clients_[name] =
        std::make_unique<HttpCxoneClient>(account, *token_meters_[name], *parsers_, clock_);
    clients[name] = clients_[name].get();
  }
  engine_ = std::make_unique<Engine>(
      EngineDependencies{
          .loop = *engine_loop_,
          .store = *store_,
          .random = random_,
          .metrics = metrics_,
          .listener = *hub_,
          .clients = std::move(clients),
          .try_run = [this](const std::string& pipeline,
                            Task task) { return pool_->TryPost(pipeline, std::move(task)); },
          .pipelines = [this] { return pipelines_.current(); },
          .audit_writable = [this] { return audit_->status(); },
          .webhook_stored = [this] { webhooks_->Notify(); },
      },
      EngineSettings{settings_.accounts, settings_.jobs});
}

absl::Status App::StartServing() {
  // Unfinished jobs are known before anybody can call, so that each is taken up once, by one side.
  // But nothing is done with them before all that can fail has gone well: a start that fails leaves
  // everything as it was.
  std::promise<absl::Status> recovered;
  engine_->Recover([&recovered](const absl::Status& status) { recovered.set_value(status); });
  if (const absl::Status status = recovered.get_future().get(); !status.ok()) {
    return Annotate(status, "taking up unfinished jobs");
  }
  if (!settings_.listen.metrics.empty()) {
    auto endpoint =
        TelemetryEndpoint::Start(settings_.listen.metrics, metrics_, [this] { return Ready(); });
    if (!endpoint.ok()) return endpoint.status();
    endpoint_ = *std::move(endpoint);
  }
  auto rpc = RpcServer::Start(
      RpcDependencies{
          .engine = *engine_,
          .store = *store_,
          .hub = *hub_,
          .authenticator = authenticator_,
          .random = random_,
          .metrics = metrics_,
          .rules = rules_,
          .pipelines = [this] { return pipelines_.current(); },
          .reload = [this](PipelineReloader::Callback done) { Reload(std::move(done)); },
      },
      settings_.listen);
  if (!rpc.ok()) return rpc.status();
  rpc_ = *std::move(rpc);
  for (const auto& [name, account] : settings_.accounts) {
    if (settings_.server.drain_timeout >= account.request_timeout) continue;
    LogWarn("drain_timeout_short",
            {{"account", name},
             {"note",
              "server.drain_timeout is shorter than the account's request_timeout: a "
              "submission that is under way when the server stops may need attention"}});
  }
  engine_->Run();
  webhooks_->Start();
  timer_loop_->Post([this] { MeasureGauges(); });
  serving_ = true;
  rpc_->SetServing(true);
  LogInfo("serving", {{"grpc_port", grpc_port()},
                      {"metrics_port", metrics_port()},
                      {"pipelines", pipelines_.current()->pipelines.size()},
                      {"accounts", settings_.accounts.size()}});
  return absl::OkStatus();
}

void App::MeasureGauges() {
  metrics_.SetAuditSequence(audit_->written_sequence());
  MeasurePlugins();
  timer_loop_->PostAfter(kGaugeInterval, [this] { MeasureGauges(); });
}

void App::MeasurePlugins() {
  std::map<std::string, std::string> states;
  for (const auto& [plugin, health] : WorstHealth(pipelines_.current()->PluginsWithHealth())) {
    states[plugin] = HealthName(health);
  }
  metrics_.SetPluginHealth(states);
}

std::map<std::string, v1::PluginHealth> WorstHealth(const std::vector<v1::Plugin>& plugins) {
  std::map<std::string, v1::PluginHealth> worst;
  for (const v1::Plugin& plugin : plugins) {
    v1::PluginHealth& health = worst[plugin.name()];
    health = WorseHealth(health, plugin.health());
  }
  return worst;
}

Readiness ReadinessOf(const Conditions& now) {
  Readiness readiness;
  readiness.components.push_back(
      {"audit", now.audit.ok() ? Health::kOk : Health::kFailed, std::string(now.audit.message())});
  const Health broken = now.commit_age < kStoreFailureCounts ? Health::kFailed : Health::kDegraded;
  readiness.components.push_back(
      {"store", now.commit.ok() ? Health::kOk : broken, std::string(now.commit.message())});
  readiness.components.push_back({"server",
                                  now.serving && !now.draining ? Health::kOk : Health::kFailed,
                                  now.draining ? "draining" : (now.serving ? "" : "starting")});
  for (const auto& [account, problem] : now.upstream) {
    readiness.components.push_back(
        {"upstream:" + account, problem.empty() ? Health::kOk : Health::kDegraded, problem});
  }
  for (const auto& [plugin, worst] : WorstHealth(now.plugins)) {
    const Health health = HealthOf(worst);
    readiness.components.push_back(
        {"plugin:" + plugin, health, health == Health::kOk ? "" : HealthName(worst)});
  }
  return readiness;
}

Readiness App::Ready() const {
  const auto commit = store_->last_commit();
  return ReadinessOf({audit_->status(), commit.status, commit.age, serving_, draining_,
                      engine_->UpstreamProblems(), pipelines_.current()->PluginsWithHealth()});
}

void App::ReloadPipelines() { Reload(nullptr); }

void App::Reload(PipelineReloader::Callback done) {
  pipelines_.Reload([done = std::move(done)](const absl::StatusOr<Reloaded>& reloaded) mutable {
    if (reloaded.ok()) {
      LogInfo("pipelines_reloaded", {{"pipelines", reloaded->pipelines->pipelines.size()}});
    } else {
      LogError("reload_failed", {{"error", DescribeForLog(reloaded.status())}});
      // With SIGHUP nobody else tells the operator where.
      for (const auto& [place, problem] : FieldsOf(reloaded.status())) {
        LogError("reload_problem", {{"place", place}, {"problem", problem}});
      }
    }
    if (done) done(reloaded);
  });
}

std::vector<std::string> App::TakeSettings(const Settings& read) {
  for (const auto& [name, account] : read.accounts) {
    const auto client = clients_.find(name);
    if (client == clients_.end()) continue;
    if (!CredentialsAreTakenIn(settings_.accounts.at(name), account)) continue;
    client->second->SetCredentials(account.client_id, account.client_secret);
  }
  // From or to none is a restart's affair, and in the list.
  if (!settings_.webhook.signing_secret.empty() && !read.webhook.signing_secret.empty()) {
    webhooks_->SetSigningSecret(read.webhook.signing_secret);
  }
  timer_loop_->Post([this] { MeasurePlugins(); });
  std::vector<std::string> restart = RestartRequired(settings_, read);
  if (!restart.empty()) {
    LogWarn("restart_required", {{"settings", absl::StrJoin(restart, ", ")},
                                 {"note",
                                  "changed in the configuration, but in force only after a "
                                  "restart"}});
  }
  return restart;
}

bool App::Drain() {
  const absl::Duration limit = settings_.server.drain_timeout;
  const absl::Time deadline = clock_.SteadyNow() + limit;
  const auto left_until = [this](absl::Time end) {
    return std::max(absl::ZeroDuration(), end - clock_.SteadyNow());
  };
  draining_ = true;
  rpc_->SetServing(false);
  // First of all: its callers would keep the listener, and what it waits for takes until it is
  // told.
  pipelines_.Drain(DrainingError());
  hub_->Drain(kComeBackAfter);
  const auto drained = std::make_shared<std::promise<void>>();
  engine_->Drain([drained] { drained->set_value(); });
  // Calls under way end by themselves. A stream that nobody reads does not: it is cut off while
  // there is time left for what matters more, and so is a job whose answer does not come.
  rpc_->Shutdown(std::min(limit / 4, kMostForStreams));
  if (drained->get_future().wait_for(absl::ToChronoMilliseconds(
          left_until(deadline - limit / 10))) != std::future_status::ready) {
    LogWarn("drain_incomplete", {{"note", "unfinished jobs resume at the next start"}});
  }
  AwaitAuditFile(deadline);
  const bool idle = pipelines_.AwaitIdle(std::min(kMostForReload, left_until(deadline)));
  if (!idle) {
    LogWarn("reload_stuck", {{"note",
                              "a plugin does not return to a reload that was given up; the "
                              "server stops without waiting for it"}});
  }
  return idle;
}

void App::AwaitAuditFile(absl::Time deadline) {
  const auto head = std::make_shared<std::promise<int64_t>>();
  store_->GetAuditHead([head](const absl::StatusOr<AuditLine>& line) {
    head->set_value(line.ok() ? line->sequence : 0);
  });
  auto sequence = head->get_future();
  const auto left = [&] { return std::max(absl::ZeroDuration(), deadline - clock_.SteadyNow()); };
  if (sequence.wait_for(absl::ToChronoMilliseconds(left())) != std::future_status::ready) return;
  const int64_t last = sequence.get();
  while (audit_->written_sequence() < last && left() > absl::ZeroDuration()) {
    absl::SleepFor(std::min(kAuditRecheck, left()));
  }
}

App::~App() {
  // What calls into a room stops before the room goes: listeners, then loops, then the store.
  endpoint_.reset();
  rpc_.reset();
  if (engine_loop_ != nullptr) engine_loop_->Stop();
  if (timer_loop_ != nullptr) timer_loop_->Stop();
  if (http_ != nullptr) http_->Stop();
  if (parsers_ != nullptr) parsers_->Stop();
  if (pool_ != nullptr) pool_->Stop();
  if (audit_loop_ != nullptr) audit_loop_->Stop();
  reload_loop_.Stop();
  store_.reset();  // runs the callbacks that it still owes
  engine_.reset();
  webhooks_.reset();
  hub_.reset();
}

}  // namespace cxscribe
