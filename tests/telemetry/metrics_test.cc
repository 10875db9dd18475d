// Metrics as a scraper sees them.
#include "server/telemetry/metrics.h"

#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/version.h"

namespace cxscribe {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

size_t CountOf(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// A plugin names its own entity types: what it makes up must not fill the memory of the server and
// of everything that scrapes it.
TEST(Metrics, BoundsTheLabelSetsOfAFamily) {
  Metrics metrics;
  for (int i = 0; i < 10'000; ++i) {
    metrics.FindingsReported("acme.TYPE_" + std::to_string(i), 1);
  }
  const std::string text = metrics.Render();
  EXPECT_EQ(CountOf(text, "\ncxscribe_findings_total{"), Metrics::kMaxSeries);
  EXPECT_THAT(text, HasSubstr("cxscribe_findings_total{entity_type=\"other\"} " +
                              std::to_string(10'000 - (Metrics::kMaxSeries - 1))));
  metrics.FindingsReported("acme.TYPE_0", 4);
  EXPECT_THAT(metrics.Render(), HasSubstr("cxscribe_findings_total{entity_type=\"acme.TYPE_0\"} 5"))
      << "a known one is still counted as itself";
}

TEST(Metrics, EscapesLabelValues) {
  Metrics metrics;
  metrics.StageRan("quo\"te\n", "back\\slash", {absl::Seconds(1), 1, 1, 0, false});
  EXPECT_THAT(metrics.Render(), HasSubstr(R"(pipeline="quo\"te\n",stage="back\\slash")"));
}

TEST(Metrics, PluginsThatAreGoneAreNotShown) {
  Metrics metrics;
  metrics.SetPluginHealth({{"old", "FAILED"}, {"kept", "OK"}});
  metrics.SetPluginHealth({{"kept", "RECOVERING"}, {"new", "OK"}});
  const std::string text = metrics.Render();
  EXPECT_THAT(text, Not(HasSubstr("plugin=\"old\"")));
  EXPECT_THAT(text, HasSubstr("cxscribe_plugin_health{plugin=\"kept\",state=\"OK\"} 0"));
  EXPECT_THAT(text, HasSubstr("cxscribe_plugin_health{plugin=\"kept\",state=\"RECOVERING\"} 1"));
  EXPECT_THAT(text, HasSubstr("cxscribe_plugin_health{plugin=\"new\",state=\"OK\"} 1"));
  EXPECT_EQ(CountOf(text, "\ncxscribe_plugin_health{"), 8u);
}

TEST(Metrics, PluginsBeyondTheBoundAreOneAsBadAsTheWorst) {
  Metrics metrics;
  std::map<std::string, std::string> states;
  for (int i = 100; i < 300; ++i) states["p" + std::to_string(i)] = "OK";
  states["p200"] = "FAILED";
  metrics.SetPluginHealth(states);
  const std::string text = metrics.Render();
  EXPECT_LE(CountOf(text, "\ncxscribe_plugin_health{"), Metrics::kMaxSeries);
  EXPECT_THAT(text, HasSubstr("cxscribe_plugin_health{plugin=\"p100\",state=\"OK\"} 1"));
  EXPECT_THAT(text, HasSubstr("cxscribe_plugin_health{plugin=\"other\",state=\"OK\"} 0"));
  EXPECT_THAT(text, HasSubstr("cxscribe_plugin_health{plugin=\"other\",state=\"FAILED\"} 1"));
}

TEST(Metrics, CountsJobs) {
  Metrics metrics;
  metrics.JobSubmitted();
  metrics.JobSubmitted();
  metrics.JobFinished("SUCCEEDED");
  metrics.JobFinished("FAILED");
  metrics.JobFinished("SUCCEEDED");
  metrics.SetUnfinishedJobs("QUEUED", 7);
  metrics.SetUnfinishedJobs("QUEUED", 5);
  const std::string text = metrics.Render();
  EXPECT_THAT(text, HasSubstr("\ncxscribe_jobs_submitted_total 2\n"));
  EXPECT_THAT(text, HasSubstr("\ncxscribe_jobs_finished_total{state=\"SUCCEEDED\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("\ncxscribe_jobs_finished_total{state=\"FAILED\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncxscribe_jobs_unfinished{state=\"QUEUED\"} 5\n"));
}

TEST(Metrics, MeasuresUpstream) {
  Metrics metrics;
  metrics.UpstreamRequest("poll", "ok", absl::Milliseconds(30));
  metrics.UpstreamRequest("poll", "throttled", absl::Milliseconds(3));
  metrics.UpstreamThrottled();
  metrics.TokenRefreshed();
  const std::string text = metrics.Render();
  EXPECT_THAT(text, HasSubstr("cxscribe_upstream_requests_total{call=\"poll\",result=\"ok\"} 1"));
  EXPECT_THAT(text,
              HasSubstr("cxscribe_upstream_requests_total{call=\"poll\",result=\"throttled\"} 1"));
  EXPECT_THAT(text, HasSubstr("cxscribe_upstream_request_seconds_count{call=\"poll\"} 2"));
  EXPECT_THAT(text,
              HasSubstr("cxscribe_upstream_request_seconds_bucket{call=\"poll\",le=\"0.01\"} 1"));
  EXPECT_THAT(text,
              HasSubstr("cxscribe_upstream_request_seconds_bucket{call=\"poll\",le=\"0.05\"} 2"));
  EXPECT_THAT(text, HasSubstr("\ncxscribe_upstream_throttled_total 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncxscribe_token_refreshes_total 1\n"));
}

TEST(Metrics, MeasuresTheRest) {
  Metrics metrics;
  metrics.StageRan("default", "punctuation", {absl::Milliseconds(2), 30, 28, 3, true});
  metrics.SetPluginHealth({{"punctuation", "OK"}});
  metrics.SetPluginHealth({{"punctuation", "FAILED"}});
  metrics.WatchStreamOpened();
  metrics.WatchStreamOpened();
  metrics.WatchStreamClosed();
  metrics.StoreCommitted(3, absl::Milliseconds(1));
  metrics.StoreCommitted(1, absl::Milliseconds(1));
  metrics.WebhookAttempted("delivered");
  metrics.SetAuditSequence(42);
  const std::string text = metrics.Render();
  EXPECT_THAT(
      text,
      HasSubstr("cxscribe_stage_seconds_count{pipeline=\"default\",stage=\"punctuation\"} 1"));
  const std::string stage = "{pipeline=\"default\",stage=\"punctuation\"} ";
  EXPECT_THAT(text, HasSubstr("cxscribe_stage_errors_total" + stage + "1"));
  EXPECT_THAT(text, HasSubstr("cxscribe_stage_findings_total" + stage + "3"));
  EXPECT_THAT(text, HasSubstr("direction=\"in\",pipeline=\"default\",stage=\"punctuation\"} 30"));
  EXPECT_THAT(text, HasSubstr("direction=\"out\",pipeline=\"default\",stage=\"punctuation\"} 28"));
  EXPECT_THAT(text, HasSubstr("cxscribe_plugin_health{plugin=\"punctuation\",state=\"OK\"} 0"));
  EXPECT_THAT(text, HasSubstr("cxscribe_plugin_health{plugin=\"punctuation\",state=\"FAILED\"} 1"));
  EXPECT_THAT(text, HasSubstr("\ncxscribe_watch_streams 1\n"));
  EXPECT_THAT(text, HasSubstr("\ncxscribe_store_commits_total 2\n"));
  EXPECT_THAT(text, HasSubstr("\ncxscribe_store_commit_batch_size_sum 4\n"));
  EXPECT_THAT(text, HasSubstr("\ncxscribe_store_commit_seconds_count 2\n"));
  EXPECT_THAT(text, HasSubstr("cxscribe_webhook_deliveries_total{result=\"delivered\"} 1"));
  EXPECT_THAT(text, HasSubstr("\ncxscribe_audit_sequence 42\n"));
}

TEST(Metrics, SaysWhatRuns) {
  Metrics metrics;
  EXPECT_THAT(metrics.Render(),
              HasSubstr(std::string("cxscribe_build_info{version=\"") + kVersion + "\"} 1"));
}

TEST(Metrics, ExplainsEveryFamily) {
  Metrics metrics;
  metrics.JobFinished("SUCCEEDED");
  const std::string text = metrics.Render();
  EXPECT_EQ(CountOf(text, "# HELP cxscribe_"), CountOf(text, "# TYPE cxscribe_"));
  EXPECT_THAT(text, Not(HasSubstr("# HELP cxscribe_jobs_finished_total \n")));
}

TEST(Metrics, CountsFromManyThreads) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics] {
      for (int i = 0; i < 500; ++i) {
        metrics.JobSubmitted();
        metrics.FindingsReported("TYPE_" + std::to_string(i % 50), 1);
        if (i % 100 == 0) metrics.Render();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = metrics.Render();
  EXPECT_THAT(text, HasSubstr("\ncxscribe_jobs_submitted_total 2000\n"));
  EXPECT_THAT(text, HasSubstr("cxscribe_findings_total{entity_type=\"TYPE_7\"} 40\n"));
}

}  // namespace
}  // namespace cxscribe
