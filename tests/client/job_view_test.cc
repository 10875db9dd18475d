#include "client/job_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/catalog_view.h"
#include "client/error_view.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "tests/client/fakes.h"

namespace cxscribe::client {
namespace {

View TestView() {
  View view;
  view.width = 100;
  view.now = absl::FromUnixSeconds(1'705'312'800);
  view.zone = absl::UTCTimeZone();
  return view;
}

TEST(JobView, ShowsARunningJob) {
  v1::Job job = MakeJob("job_1", v1::JOB_STATE_TRANSCRIBING, 4, 45);
  job.set_estimated_percent(60);
  job.mutable_estimated_end_time()->set_seconds(1'705'312'800 + 120);
  job.set_transcription_id("txn_9f8e7d6c5b4a");
  job.set_diarization(false);
  (*job.mutable_labels())["team"] = "claims";
  (*job.mutable_labels())["case"] = "7";
  auto* recording = job.add_recordings();
  recording->set_recording_id("rec_8a7f3b2c1d4e");
  recording->set_format("wav");
  recording->set_size_bytes(1'250'000);
  EXPECT_EQ(RenderJob(job, TestView()),
            "Job            job_1\n"
            "State          TRANSCRIBING\n"
            "Progress       45%, perhaps 60%, done in 2 min\n"
            "Revision       4\n"
            "Recordings     rec_8a7f3b2c1d4e\n"
            "Language       en-US\n"
            "Policy         pii\n"
            "Pipeline       default, no diarization\n"
            "Labels         case=7, team=claims\n"
            "Transcription  txn_9f8e7d6c5b4a\n"
            "Created        2024-01-15 09:59:00 (1 min ago)\n"
            "Updated        2024-01-15 09:59:30 (30 s ago)\n"
            "\n"
            "RECORDING         FORMAT    SIZE\n"
            "rec_8a7f3b2c1d4e  wav     1.2 MB\n");
}

TEST(JobView, ShowsWhyAJobFailed) {
  v1::Job job = MakeJob("job_1", v1::JOB_STATE_FAILED, 4, 45);
  job.clear_create_time();
  job.clear_update_time();
  *job.mutable_error() = ToRpcStatus(
      ErrorBuilder(absl::StatusCode::kPermissionDenied, "UPSTREAM_FORBIDDEN", "CXone says no")
          .Metadata("recording_id", "rec_1")
          .Build());
  EXPECT_THAT(RenderJob(job, TestView()),
              ::testing::EndsWith("Error\n"
                                  "  PERMISSION_DENIED, UPSTREAM_FORBIDDEN: CXone says no\n"
                                  "    recording_id: rec_1\n"));
  EXPECT_EQ(RenderStateLine(job, TestView()),
            "-  job_1  FAILED  UPSTREAM_FORBIDDEN: CXone says no\n");
}

TEST(JobView, ListsJobs) {
  v1::ListJobsResponse jobs;
  EXPECT_EQ(RenderJobs(jobs, TestView()), "No jobs.\n");
  *jobs.add_jobs() = MakeJob("job_1", v1::JOB_STATE_SUCCEEDED, 4, 100);
  jobs.mutable_jobs(0)->mutable_end_time()->set_seconds(1'705'312'800 - 15);
  *jobs.add_jobs() = MakeJob("job_22", v1::JOB_STATE_QUEUED, 1);
  jobs.mutable_jobs(1)->add_recording_ids("rec_2");
  EXPECT_EQ(
      RenderJobs(jobs, TestView()),
      "JOB     STATE        %  CREATED     TOOK  POLICY  PIPELINE  RECORDINGS\n"
      "job_1   SUCCEEDED  100  1 min ago   45 s  pii     default   rec_8a7f3b2c1d4e\n"
      "job_22  QUEUED       0  1 min ago  1 min  pii     default   rec_8a7f3b2c1d4e and 1 more\n");
}

TEST(JobView, ShowsAHistoryInFull) {
  v1::ListJobEventsResponse events;
  auto* event = events.add_events();
  event->set_revision(3);
  event->mutable_time()->set_seconds(1'705'312'800);
  event->set_type("UPSTREAM_THROTTLED");
  event->set_state(v1::JOB_STATE_TRANSCRIBING);
  event->set_message(std::string(120, 'x'));
  (*event->mutable_attributes())["retry_after"] = "30s";
  EXPECT_EQ(RenderEvents(events, TestView()),
            "TIME                 REV  EVENT               STATE         WHAT\n"
            "2024-01-15 10:00:00    3  UPSTREAM_THROTTLED  TRANSCRIBING  " +
                std::string(120, 'x') + "  retry_after=30s\n");
}

TEST(JobView, LinesForChangesAndEnds) {
  v1::Job job = MakeJob("job_1", v1::JOB_STATE_TRANSCRIBING, 4, 45);
  EXPECT_EQ(RenderStateLine(job, TestView()), "2024-01-15 09:59:30  job_1  TRANSCRIBING  45%\n");
  job.set_state(v1::JOB_STATE_SUCCEEDED);
  job.mutable_end_time()->set_seconds(1'705'312'800);
  EXPECT_EQ(RenderEndLine(job, TestView()), "job_1  SUCCEEDED  1 recording  1 min\n");
}

TEST(CatalogView, ShowsPipelinesAndPlugins) {
  v1::ListPipelinesResponse pipelines;
  auto* pipeline = pipelines.add_pipelines();
  pipeline->set_name("default");
  pipeline->set_hash("0123456789abcdef");
  auto* stage = pipeline->add_stages();
  stage->set_name("redaction-verification");
  stage->set_plugin("redaction.so");
  stage->set_capability("redaction-verification");
  stage->set_kind(v1::STAGE_KIND_VERIFY);
  stage->mutable_timeout()->set_seconds(30);
  stage->set_isolation("in_process");
  stage->set_on_error("fail");
  stage->set_on_finding("redact");
  EXPECT_EQ(RenderPipelines(pipelines, TestView()),
            "default  0123456789ab\n"
            "  STAGE                   PLUGIN        CAPABILITY              KIND    TIMEOUT  "
            "ISOLATION   ON ERROR  ON FINDING\n"
            "  redaction-verification  redaction.so  redaction-verification  verify     30 s  "
            "in_process  fail      redact\n");

  v1::ListPluginsResponse plugins;
  auto* plugin = plugins.add_plugins();
  plugin->set_name("redaction");
  plugin->set_version("0.1.0");
  plugin->set_capability("redaction-verification");
  plugin->set_kind(v1::STAGE_KIND_VERIFY);
  plugin->set_health(v1::PLUGIN_HEALTH_OK);
  plugin->set_abi("1.0");
  plugin->set_sha256("0123456789abcdef");
  plugin->add_used_by("default/redaction-verification");
  plugin->set_file("redaction.so");
  View wide = TestView();
  wide.width = 200;
  EXPECT_EQ(
      RenderPlugins(plugins, wide),
      "PLUGIN     VERSION  CAPABILITY              KIND    HEALTH  ABI  SHA-256       FILE     "
      "     USED BY\n"
      "redaction  0.1.0    redaction-verification  verify  OK      1.0  0123456789ab  "
      "redaction.so  default/redaction-verification\n");
}

}  // namespace
}  // namespace cxscribe::client
