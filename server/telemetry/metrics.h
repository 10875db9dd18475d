// Metrics: what the server counts and measures, in Prometheus' form.
//
//   counter    cxscribe_jobs_submitted_total
//   counter    cxscribe_jobs_finished_total{state}
//   gauge      cxscribe_jobs_unfinished{state}
//   counter    cxscribe_upstream_requests_total{call,result}
//   histogram  cxscribe_upstream_request_seconds{call}
//   counter    cxscribe_upstream_throttled_total
//   counter    cxscribe_token_refreshes_total
//   histogram  cxscribe_stage_seconds{pipeline,stage}
//   counter    cxscribe_stage_errors_total{pipeline,stage}
//   counter    cxscribe_stage_findings_total{pipeline,stage}
//   counter    cxscribe_stage_segments_total{pipeline,stage,direction}
//   gauge      cxscribe_plugin_health{plugin,state}
//   counter    cxscribe_findings_total{entity_type}
//   counter    cxscribe_rpc_calls_total{method,code}
//   gauge      cxscribe_watch_streams
//   counter    cxscribe_store_commits_total
//   histogram  cxscribe_store_commit_batch_size
//   histogram  cxscribe_store_commit_seconds
//   counter    cxscribe_webhook_deliveries_total{result}
//   gauge      cxscribe_audit_sequence
//   gauge      cxscribe_build_info{version}
//
// Labels never hold ids, URLs or anything else that a caller chooses freely. Each family keeps at
// most kMaxSeries label sets; what comes after is counted under the label value "other".
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <absl/time/time.h>

namespace cxscribe {

// Thread-safe. One instance a process, made by main and handed to whoever measures.
class Metrics {
 public:
  static constexpr size_t kMaxSeries = 128;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void JobSubmitted();
  // `state` as in the API without its prefix, for example "SUCCEEDED".
  void JobFinished(std::string_view state);
  void SetUnfinishedJobs(std::string_view state, int64_t count);

  // `call`: "token", "recordings", "submit" or "poll". `result`: "ok", "throttled", "rejected",
  // "unauthorized", "forbidden", "not_found", "unavailable", "malformed" or "cancelled".
  void UpstreamRequest(std::string_view call, std::string_view result, absl::Duration took);
  void UpstreamThrottled();
  void TokenRefreshed();

  // What one run of a stage came to.
  struct StageRun {
    absl::Duration took;
    int segments_in = 0;
    int segments_out = 0;
    int findings = 0;
    bool failed = false;
  };
  void StageRan(std::string_view pipeline, std::string_view stage, const StageRun& run);
  // The state of every plugin by name, as in the API without its prefix: that one is 1 from now on,
  // the plugin's others 0. Plugins that are not in it are not shown any more. Those beyond what
  // kMaxSeries has room for are shown as one, "other", in the worst of their states.
  void SetPluginHealth(const std::map<std::string, std::string>& states);
  void FindingsReported(std::string_view entity_type, int64_t count);

  // A call was answered. `method`: "TranscriptionService/Submit". `code`: as gRPC names it, "OK".
  void RpcAnswered(std::string_view method, std::string_view code);
  void WatchStreamOpened();
  void WatchStreamClosed();

  // One commit of `batch_size` writes.
  void StoreCommitted(size_t batch_size, absl::Duration took);

  // `result`: "delivered", "retried", "gone", "exhausted".
  void WebhookAttempted(std::string_view result);

  // The number of the newest audit entry.
  void SetAuditSequence(int64_t sequence);

  // Everything, in Prometheus' text format 0.0.4.
  std::string Render() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace cxscribe
