#include "server/telemetry/metrics.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <type_traits>
#include <utility>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "server/base/mutex.h"
#include "server/base/version.h"

namespace cxscribe {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

// Upper bounds, in seconds. Upstream calls take tens of milliseconds to a minute (their time-out).
Buckets UpstreamBuckets() { return {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60}; }
// Stages take from well under a millisecond (a short call) to their time-out (30 s by default).
Buckets StageBuckets() { return {0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60}; }
// A commit is an fsync or two: about 0.1 ms on good flash, tens of milliseconds on a busy disk.
Buckets CommitBuckets() { return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1}; }
Buckets BatchBuckets() { return {1, 2, 4, 8, 16, 32, 64, 128, 256}; }

// Each worse than the one before it.
constexpr const char* kPluginStates[] = {"OK", "STARTING", "RECOVERING", "FAILED"};

// A family whose series are made on first use, at most Metrics::kMaxSeries of them. Thread-safe.
template <typename Metric>
class Series {
 public:
  Series(prometheus::Family<Metric>& family, std::vector<std::string> label_names,
         Buckets buckets = {})
      : family_(family), label_names_(std::move(label_names)), buckets_(std::move(buckets)) {}

  Metric& At(std::vector<std::string> values) {
    MutexLock lock(mutex_);
    return Find(std::move(values));
  }

  // Makes these all the series there are. Not beside At, whose metrics it may destroy.
  void Replace(const std::map<std::vector<std::string>, double>& values) {
    MutexLock lock(mutex_);
    for (auto entry = series_.begin(); entry != series_.end();) {
      if (values.count(entry->first) != 0) {
        ++entry;
        continue;
      }
      family_.Remove(entry->second);
      entry = series_.erase(entry);
    }
    for (const auto& [labels, value] : values) Find(labels).Set(value);
  }

 private:
  Metric& Find(std::vector<std::string> values) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    auto known = series_.find(values);
    if (known != series_.end()) return *known->second;
    if (series_.size() >= Metrics::kMaxSeries - 1) {
      values.assign(label_names_.size(), "other");
      known = series_.find(values);
      if (known != series_.end()) return *known->second;
    }
    prometheus::Labels labels;
    for (size_t i = 0; i < label_names_.size(); ++i) labels[label_names_[i]] = values[i];
    Metric& metric = Make(labels);
    series_.emplace(std::move(values), &metric);
    return metric;
  }

  Metric& Make(const prometheus::Labels& labels) {
    if constexpr (std::is_same_v<Metric, prometheus::Histogram>) {
      return family_.Add(labels, buckets_);
    } else {
      return family_.Add(labels);
    }
  }

  prometheus::Family<Metric>& family_;  // the registry owns it
  const std::vector<std::string> label_names_;
  const Buckets buckets_;
  Mutex mutex_;
  std::map<std::vector<std::string>, Metric*> series_ ABSL_GUARDED_BY(mutex_);
};

prometheus::Family<prometheus::Counter>& CounterFamily(prometheus::Registry& registry,
                                                       const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Family<prometheus::Gauge>& GaugeFamily(prometheus::Registry& registry, const char* name,
                                                   const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

prometheus::Family<prometheus::Histogram>& HistogramFamily(prometheus::Registry& registry,
                                                           const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;

  prometheus::Counter& jobs_submitted =
      CounterFamily(registry, "cxscribe_jobs_submitted_total", "Jobs that Submit created.").Add({});
  Series<prometheus::Counter> jobs_finished{
      CounterFamily(registry, "cxscribe_jobs_finished_total", "Jobs that reached an end state."),
      {"state"}};
  Series<prometheus::Gauge> jobs_unfinished{
      GaugeFamily(registry, "cxscribe_jobs_unfinished", "Jobs that have not ended, by state."),
      {"state"}};

  Series<prometheus::Counter> upstream_requests{
      CounterFamily(registry, "cxscribe_upstream_requests_total",
                    "Requests to CXone, each attempt counted, by call and result."),
      {"call", "result"}};
  Series<prometheus::Histogram> upstream_seconds{
      HistogramFamily(registry, "cxscribe_upstream_request_seconds",
                      "How long a request to CXone took."),
      {"call"},
      UpstreamBuckets()};
  prometheus::Counter& upstream_throttled =
      CounterFamily(registry, "cxscribe_upstream_throttled_total",
                    "Answers of CXone that asked for fewer requests (429).")
          .Add({});
  prometheus::Counter& token_refreshes =
      CounterFamily(registry, "cxscribe_token_refreshes_total", "Access tokens fetched.").Add({});

  Series<prometheus::Histogram> stage_seconds{
      HistogramFamily(registry, "cxscribe_stage_seconds", "How long a pipeline stage ran."),
      {"pipeline", "stage"},
      StageBuckets()};
  Series<prometheus::Counter> stage_errors{
      CounterFamily(registry, "cxscribe_stage_errors_total", "Runs of a stage that failed."),
      {"pipeline", "stage"}};
  Series<prometheus::Counter> stage_findings{
      CounterFamily(registry, "cxscribe_stage_findings_total", "Findings that a stage reported."),
      {"pipeline", "stage"}};
  Series<prometheus::Counter> stage_segments{
      CounterFamily(registry, "cxscribe_stage_segments_total",
                    "Segments that went into a stage and came out of it."),
      {"pipeline", "stage", "direction"}};
  Series<prometheus::Gauge> plugin_health{
      GaugeFamily(registry, "cxscribe_plugin_health", "1 for the state that a plugin is in."),
      {"plugin", "state"}};
  Series<prometheus::Counter> findings{
      CounterFamily(registry, "cxscribe_findings_total",
                    "Findings of verifying stages, by entity type."),
      {"entity_type"}};

  Series<prometheus::Counter> rpc_calls{
      CounterFamily(registry, "cxscribe_rpc_calls_total", "Calls that were answered, by code."),
      {"method", "code"}};
  prometheus::Gauge& watch_streams =
      GaugeFamily(registry, "cxscribe_watch_streams", "Open Watch streams.").Add({});

  prometheus::Counter& store_commits =
      CounterFamily(registry, "cxscribe_store_commits_total", "Commits of the job store.").Add({});
  prometheus::Histogram& store_batch_size =
      HistogramFamily(registry, "cxscribe_store_commit_batch_size", "Writes in one commit.")
          .Add({}, BatchBuckets());
  prometheus::Histogram& store_seconds =
      HistogramFamily(registry, "cxscribe_store_commit_seconds", "How long a commit took.")
          .Add({}, CommitBuckets());

  Series<prometheus::Counter> webhook_deliveries{
      CounterFamily(registry, "cxscribe_webhook_deliveries_total",
                    "Attempts to deliver a webhook, by what followed."),
      {"result"}};

  prometheus::Gauge& audit_sequence =
      GaugeFamily(registry, "cxscribe_audit_sequence", "The number of the newest audit entry.")
          .Add({});
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {
  GaugeFamily(families_->registry, "cxscribe_build_info", "Always 1; the label says what runs.")
      .Add({{"version", kVersion}})
      .Set(1);
}

Metrics::~Metrics() = default;

void Metrics::JobSubmitted() { families_->jobs_submitted.Increment(); }

void Metrics::JobFinished(std::string_view state) {
  families_->jobs_finished.At({std::string(state)}).Increment();
}

void Metrics::SetUnfinishedJobs(std::string_view state, int64_t count) {
  families_->jobs_unfinished.At({std::string(state)}).Set(static_cast<double>(count));
}

void Metrics::UpstreamRequest(std::string_view call, std::string_view result, absl::Duration took) {
  families_->upstream_requests.At({std::string(call), std::string(result)}).Increment();
  families_->upstream_seconds.At({std::string(call)}).Observe(absl::ToDoubleSeconds(took));
}

void Metrics::UpstreamThrottled() { families_->upstream_throttled.Increment(); }

void Metrics::TokenRefreshed() { families_->token_refreshes.Increment(); }

void Metrics::StageRan(std::string_view pipeline, std::string_view stage, const StageRun& run) {
  const std::vector<std::string> labels = {std::string(pipeline), std::string(stage)};
  families_->stage_seconds.At(labels).Observe(absl::ToDoubleSeconds(run.took));
  families_->stage_errors.At(labels).Increment(run.failed ? 1 : 0);
  families_->stage_findings.At(labels).Increment(run.findings);
  families_->stage_segments.At({labels[0], labels[1], "in"}).Increment(run.segments_in);
  families_->stage_segments.At({labels[0], labels[1], "out"}).Increment(run.segments_out);
}

void Metrics::SetPluginHealth(const std::map<std::string, std::string>& states) {
  // One less for "other", and one for what Find keeps free.
  constexpr size_t kMostPlugins = kMaxSeries / std::size(kPluginStates) - 2;
  std::map<std::string, size_t> indices;  // of the state; std::size: none of them
  for (const auto& [plugin, state] : states) {
    const auto* found = std::find(std::begin(kPluginStates), std::end(kPluginStates), state);
    const auto index = static_cast<size_t>(found - std::begin(kPluginStates));
    const bool room = indices.size() < kMostPlugins;
    const auto [place, added] = indices.emplace(room ? plugin : "other", index);
    if (!added) place->second = std::max(place->second, index);
  }
  std::map<std::vector<std::string>, double> values;
  for (const auto& [plugin, index] : indices) {
    for (size_t i = 0; i < std::size(kPluginStates); ++i) {
      values[{plugin, kPluginStates[i]}] = i == index ? 1 : 0;
    }
  }
  families_->plugin_health.Replace(values);
}

void Metrics::FindingsReported(std::string_view entity_type, int64_t count) {
  families_->findings.At({std::string(entity_type)}).Increment(static_cast<double>(count));
}

void Metrics::RpcAnswered(std::string_view method, std::string_view code) {
  families_->rpc_calls.At({std::string(method), std::string(code)}).Increment();
}

void Metrics::WatchStreamOpened() { families_->watch_streams.Increment(); }

void Metrics::WatchStreamClosed() { families_->watch_streams.Decrement(); }

void Metrics::StoreCommitted(size_t batch_size, absl::Duration took) {
  families_->store_commits.Increment();
  families_->store_batch_size.Observe(static_cast<double>(batch_size));
  families_->store_seconds.Observe(absl::ToDoubleSeconds(took));
}

void Metrics::WebhookAttempted(std::string_view result) {
  families_->webhook_deliveries.At({std::string(result)}).Increment();
}

void Metrics::SetAuditSequence(int64_t sequence) {
  families_->audit_sequence.Set(static_cast<double>(sequence));
}

std::string Metrics::Render() const {
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace cxscribe
