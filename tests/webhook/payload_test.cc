// What a webhook says, and what it never says.
#include "server/webhook/payload.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/timestamp.h"

namespace cxscribe {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

const absl::Time kNow = absl::FromUnixMillis(1'705'312'951'250);

v1::Job SampleJob(v1::JobState state) {
  v1::Job job;
  job.set_job_id("job_01HM6K7Q0000000000000000AA");
  job.set_state(state);
  job.set_status("completed");
  job.set_revision(7);
  job.add_recording_ids("rec_8a7f3b2c1d4e");
  job.add_recording_ids("rec_1b2c3d4e5f6a");
  job.set_transcription_id("txn_9f8e7d6c5b4a");
  (*job.mutable_labels())["team"] = "claims";
  return job;
}

TEST(WebhookEventType, IsEmptyForAStateThatIsNoEnd) {
  for (const v1::JobState state :
       {v1::JOB_STATE_UNSPECIFIED, v1::JOB_STATE_QUEUED, v1::JOB_STATE_VALIDATING,
        v1::JOB_STATE_TRANSCRIBING, v1::JOB_STATE_PROCESSING}) {
    EXPECT_EQ(WebhookEventType(state), "");
  }
}

TEST(WebhookEventType, NamesEachEnd) {
  EXPECT_EQ(WebhookEventType(v1::JOB_STATE_SUCCEEDED), "job.succeeded");
  EXPECT_EQ(WebhookEventType(v1::JOB_STATE_FAILED), "job.failed");
  EXPECT_EQ(WebhookEventType(v1::JOB_STATE_CANCELLED), "job.cancelled");
  EXPECT_EQ(WebhookEventType(v1::JOB_STATE_QUARANTINED), "job.quarantined");
  EXPECT_EQ(WebhookEventType(v1::JOB_STATE_NEEDS_ATTENTION), "job.needs_attention");
}

TEST(MakeWebhookPayload, TellsWhatASuccessCameTo) {
  internal::v1::ResultHeader result;
  result.mutable_compliance()->set_vendor_redaction(v1::OUTCOME_FAIL);
  result.mutable_compliance()->set_pii_redacted(v1::OUTCOME_PASS);
  result.mutable_compliance()->set_diarization_applied(v1::OUTCOME_NOT_RUN);
  result.mutable_compliance()->set_punctuation_restored(v1::OUTCOME_INCONCLUSIVE);
  (*result.mutable_compliance()->mutable_capabilities())["acme.script-adherence"] =
      v1::OUTCOME_FAIL;
  // The very bytes: receivers verify the signature over them, and humans read them.
  EXPECT_EQ(MakeWebhookPayload(SampleJob(v1::JOB_STATE_SUCCEEDED), &result, kNow),
            R"({"type":"job.succeeded","timestamp":"2024-01-15T10:02:31.25Z","data":{)"
            R"("job_id":"job_01HM6K7Q0000000000000000AA","state":"SUCCEEDED","status":"completed",)"
            R"("revision":7,"transcription_id":"txn_9f8e7d6c5b4a","recording_count":2,)"
            R"("labels":{"team":"claims"},"compliance":{"vendor_redaction":"FAIL",)"
            R"("pii_redacted":"PASS","diarization_applied":"NOT_RUN",)"
            R"("punctuation_restored":"INCONCLUSIVE",)"
            R"("capabilities":{"acme.script-adherence":"FAIL"}}}})");
}

TEST(MakeWebhookPayload, SaysWhyAJobFailed) {
  v1::Job job = SampleJob(v1::JOB_STATE_FAILED);
  job.set_status("failed");
  job.clear_transcription_id();
  *job.mutable_error() = ToRpcStatus(
      ErrorBuilder(absl::StatusCode::kUnavailable, "UPSTREAM_UNAVAILABLE", "tried 12 times in 45m")
          .Metadata("call", "submit")
          .Build());
  const Json json = Json::parse(MakeWebhookPayload(job, nullptr, kNow));
  EXPECT_EQ(json["type"], "job.failed");
  EXPECT_EQ(json["data"]["error"]["code"], "UNAVAILABLE");
  EXPECT_EQ(json["data"]["error"]["reason"], "UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(json["data"]["error"]["message"], "tried 12 times in 45m");
  EXPECT_FALSE(json["data"].contains("transcription_id"));
  EXPECT_FALSE(json["data"].contains("compliance")) << "nothing was checked";
}

TEST(MakeWebhookPayload, HoldsNothingOfTheTranscript) {
  internal::v1::ResultHeader result;
  auto* annotation = result.add_annotations();
  annotation->set_key("summary");
  annotation->set_value("my card is four one one one");
  result.add_stages()->set_reason("4111");
  const std::string payload =
      MakeWebhookPayload(SampleJob(v1::JOB_STATE_QUARANTINED), &result, kNow);
  EXPECT_THAT(payload, Not(HasSubstr("four one")));
  EXPECT_THAT(payload, Not(HasSubstr("4111")));
}

TEST(MakeWebhookPayload, IsValidJsonWhateverALabelHolds) {
  v1::Job job = SampleJob(v1::JOB_STATE_CANCELLED);
  (*job.mutable_labels())["quote\""] = "line\nbreak";
  const Json json = Json::parse(MakeWebhookPayload(job, nullptr, kNow));
  EXPECT_EQ(json["data"]["labels"]["quote\""], "line\nbreak");
}

TEST(MakeWebhookDelivery, IsDueAtOnceAndNotYetTried) {
  internal::v1::JobRecord record;
  *record.mutable_job() = SampleJob(v1::JOB_STATE_SUCCEEDED);
  record.set_webhook_url("https://hooks.example.com/x");
  const internal::v1::WebhookDelivery delivery =
      MakeWebhookDelivery(record, nullptr, "msg_1", kNow);
  EXPECT_EQ(delivery.message_id(), "msg_1");
  EXPECT_EQ(delivery.job_id(), record.job().job_id());
  EXPECT_EQ(delivery.url(), "https://hooks.example.com/x");
  EXPECT_EQ(delivery.payload(), MakeWebhookPayload(record.job(), nullptr, kNow));
  EXPECT_EQ(delivery.attempts(), 0);
  EXPECT_EQ(FromTimestamp(delivery.create_time()), kNow);
  EXPECT_EQ(FromTimestamp(delivery.next_attempt_time()), kNow);
  EXPECT_FALSE(delivery.has_done_time());
  EXPECT_THAT(delivery.payload(), Not(HasSubstr("hooks.example.com")));
}

}  // namespace
}  // namespace cxscribe
