// App: the server put together. Start makes every room in order; Drain ends what is under way; the
// destructor takes the rooms apart in reverse order.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "server/audit/projector.h"
#include "server/auth/caller.h"
#include "server/base/clock.h"
#include "server/base/executor.h"
#include "server/base/random.h"
#include "server/base/thread_pool.h"
#include "server/base/thread_pools.h"
#include "server/config/settings.h"
#include "server/cxone/http_client.h"
#include "server/cxone/http_loop.h"
#include "server/engine/engine.h"
#include "server/job/request.h"
#include "server/pipeline/pipeline.h"
#include "server/pipeline/reloader.h"
#include "server/rpc/rpc_server.h"
#include "server/store/sqlite_store.h"
#include "server/telemetry/http_endpoint.h"
#include "server/telemetry/metrics.h"
#include "server/watch/hub.h"
#include "server/webhook/deliverer.h"
#include "server/webhook/http_sender.h"
#include "server/webhook/policy.h"

namespace cxscribe {

// What readiness depends on.
struct Conditions {
  absl::Status audit;
  absl::Status commit;  // the store's last
  absl::Duration commit_age;
  bool serving = false;
  bool draining = false;
  std::map<std::string, std::string> upstream;  // what is wrong with each account; "" is nothing
  std::vector<v1::Plugin> plugins;              // with their health
};

// Pure.
Readiness ReadinessOf(const Conditions& now);

// By plugin name, the worst health of the plugins that are called so: a name is the plugin's own
// choice, and two files may choose the same. Pure.
std::map<std::string, v1::PluginHealth> WorstHealth(const std::vector<v1::Plugin>& plugins);

// Used by one thread.
class App {
 public:
  // Blocks until the server serves, or says why it cannot. `settings` and `pipelines` are loaded
  // already; `load` loads pipelines again, on a thread of its own.
  static absl::StatusOr<std::unique_ptr<App>> Start(Settings settings,
                                                    std::shared_ptr<const PipelineSet> pipelines,
                                                    PipelineReloader::Load load);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  int grpc_port() const { return rpc_->port(); }
  // 0: there is no metrics listener.
  int metrics_port() const { return endpoint_ == nullptr ? 0 : endpoint_->port(); }

  // Reads the configuration again and takes in what can be taken in while the server runs, whole or
  // not at all; the log says what came of it. Returns at once.
  void ReloadPipelines();

  // Stops taking calls: NOT_SERVING first, a reload under way is given up, then watchers are told
  // to come back, then the engine stops at the next durable step, all within
  // settings.server.drain_timeout. False: the reload is stuck in a plugin's code, and the
  // destructor would wait for it. Everything else has been seen to, so leave without it.
  bool Drain();

 private:
  App(Settings settings, std::shared_ptr<const PipelineSet> pipelines, PipelineReloader::Load load);

  absl::Status OpenStore();
  absl::Status StartAudit();
  void StartEngine();
  absl::Status StartServing();
  // For gRPC and signals alike; `done` may be null.
  void Reload(PipelineReloader::Callback done);
  // A reload's settings beside its pipelines; see PipelineReloader::TakeRest.
  std::vector<std::string> TakeSettings(const Settings& read);
  Readiness Ready() const;
  // Refreshes the gauges that nobody pushes, now and every few seconds.
  void MeasureGauges();
  void MeasurePlugins();
  // Waits until the audit file holds every entry of the store, so that a stopped server leaves a
  // complete log.
  void AwaitAuditFile(absl::Time deadline);

  const Settings settings_;  // as they were at the start
  SystemClock clock_;
  SystemRandom random_;
  Metrics metrics_;
  AnonymousAuthenticator authenticator_;
  WebhookPolicy webhook_policy_;
  RequestRules rules_;
  LoopThread reload_loop_{"reload", clock_};
  PipelineReloader pipelines_;
  std::atomic<bool> serving_{false};
  std::atomic<bool> draining_{false};

  // In the order in which they are made.
  std::unique_ptr<SqliteJobStore> store_;
  std::unique_ptr<LoopThread> audit_loop_;  // writes the audit file
  std::unique_ptr<AuditProjector> audit_;
  std::unique_ptr<ThreadPools> pool_;  // by pipeline
  std::unique_ptr<ThreadPool> parsers_;
  std::unique_ptr<HttpLoop> http_;
  std::map<std::string, std::unique_ptr<HttpSender>> token_meters_;
  std::map<std::string, std::unique_ptr<HttpCxoneClient>> clients_;
  std::unique_ptr<LoopThread> engine_loop_;
  std::unique_ptr<LoopThread> timer_loop_;  // heartbeats and webhooks
  std::unique_ptr<WatchHub> hub_;
  std::unique_ptr<HttpWebhookSender> webhook_sender_;
  std::unique_ptr<WebhookDeliverer> webhooks_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<RpcServer> rpc_;
  std::unique_ptr<TelemetryEndpoint> endpoint_;
};

}  // namespace cxscribe
