// HttpCxoneClient over a real HTTP loop against the simulated CXone: the contract, and its faults.
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/cxone/http_client.h"
#include "tests/sim/sim_server.h"

namespace cxscribe {
namespace {

using sim::Fault;
using sim::FaultKind;
using sim::Route;
using testing::HasSubstr;

constexpr auto kForever = std::chrono::seconds(60);

class ClientSimTest : public testing::Test {
 protected:
  void SetUp() override { Start({}); }

  void Start(sim::SimOptions options) {
    options.transcription_time = absl::ZeroDuration();
    sim_ = std::make_unique<sim::SimServer>(options);
    const auto port = sim_->Start();
    ASSERT_TRUE(port.ok()) << port.status();
    account_.name = "default";
    account_.base_url = sim_->base_url();
    account_.token_url = sim_->base_url() + "/oauth2/token";
    account_.client_id = "demo";
    account_.client_secret = Secret("demo");
    account_.idempotency = UpstreamIdempotency::kHeader;
    Connect();
  }
  void Connect() {
    http_ = std::make_unique<HttpLoop>();
    client_ = std::make_unique<HttpCxoneClient>(account_, *http_, pool_, clock_);
  }

  template <typename T>
  static UpstreamResult<T> Wait(std::future<UpstreamResult<T>> future) {
    if (future.wait_for(kForever) != std::future_status::ready) {
      ADD_FAILURE() << "no callback";
      return {};
    }
    return future.get();
  }
  template <typename T>
  static CxoneClient::Callback<T> Into(std::promise<UpstreamResult<T>>& promise) {
    return [&promise](UpstreamResult<T> result) { promise.set_value(std::move(result)); };
  }

  UpstreamResult<std::vector<UpstreamRecording>> Recordings(const std::vector<std::string>& ids) {
    std::promise<UpstreamResult<std::vector<UpstreamRecording>>> promise;
    client_->GetRecordings(ids, Into(promise));
    return Wait(promise.get_future());
  }
  UpstreamResult<std::string> Submit(const std::vector<std::string>& ids,
                                     const std::string& key = "job_1") {
    UpstreamSubmission submission;
    submission.recording_ids = ids;
    submission.language = "en-US";
    submission.redaction_policy = "pii";
    submission.idempotency_key = key;
    std::promise<UpstreamResult<std::string>> promise;
    client_->Submit(submission, Into(promise));
    return Wait(promise.get_future());
  }
  UpstreamResult<UpstreamTranscription> Poll(const std::string& id,
                                             const std::vector<std::string>& recordings) {
    std::promise<UpstreamResult<UpstreamTranscription>> promise;
    client_->GetTranscription(id, recordings, Into(promise));
    return Wait(promise.get_future());
  }

  SystemClock clock_;
  std::unique_ptr<sim::SimServer> sim_;
  AccountSettings account_;
  ThreadPool pool_{"pool", 2, 100};
  std::unique_ptr<HttpLoop> http_;  // stops before the pool
  std::unique_ptr<HttpCxoneClient> client_;
};

TEST_F(ClientSimTest, TakesAJobFromRecordingsToTranscript) {
  const std::vector<std::string> ids = {"rec_card_payment", "rec_complaint"};
  const auto recordings = Recordings({ids[0], "rec_unknown", ids[1]});
  ASSERT_TRUE(recordings.outcome.ok()) << recordings.outcome.message;
  ASSERT_EQ(recordings.value.size(), 2u);  // the unknown one is silently left out
  EXPECT_EQ(recordings.value[0].format, "wav");
  EXPECT_GT(recordings.value[0].size_bytes, 0);

  const auto submitted = Submit(ids);
  ASSERT_TRUE(submitted.outcome.ok()) << submitted.outcome.message;
  EXPECT_THAT(submitted.value, testing::StartsWith("txn_"));

  const auto polled = Poll(submitted.value, ids);
  ASSERT_TRUE(polled.outcome.ok()) << polled.outcome.message;
  ASSERT_EQ(polled.value.status, UpstreamStatus::kCompleted);
  const v1::Transcript& transcript = *polled.value.transcript;
  ASSERT_GT(transcript.segments_size(), 40);
  EXPECT_EQ(transcript.segments(0).recording_id(), ids[0]);
  EXPECT_EQ(transcript.segments(transcript.segments_size() - 1).recording_id(), ids[1]);
  EXPECT_EQ(sim_->operator->()->TokensIssued(), 1);
}

TEST_F(ClientSimTest, EveryBuiltInRecordingCanBeRead) {
  for (const std::string& id : (*sim_)->RecordingIds()) {
    const auto submitted = Submit({id}, "job_" + id);
    if (id == "rec_unsupported" || id == "rec_huge") {
      EXPECT_EQ(submitted.outcome.failure, UpstreamFailure::kRejected) << id;
      continue;
    }
    ASSERT_TRUE(submitted.outcome.ok()) << id << ": " << submitted.outcome.message;
    const auto polled = Poll(submitted.value, {id});
    EXPECT_TRUE(polled.outcome.ok()) << id << ": " << polled.outcome.message;
    EXPECT_EQ(polled.value.status,
              id == "rec_failing" ? UpstreamStatus::kFailed : UpstreamStatus::kCompleted)
        << id;
  }
}

TEST_F(ClientSimTest, AHundredConcurrentCallsTakeOneToken) {
  std::vector<std::promise<UpstreamResult<std::vector<UpstreamRecording>>>> promises(100);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 4; ++t) {
    threads.emplace_back([this, &promises, t] {
      for (size_t i = t; i < promises.size(); i += 4) {
        client_->GetRecordings({"rec_complaint"}, Into(promises[i]));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (auto& promise : promises) EXPECT_TRUE(Wait(promise.get_future()).outcome.ok());
  EXPECT_EQ((*sim_)->CallCount(Route::kToken), 1);
}

TEST_F(ClientSimTest, ARevokedTokenCostsOneRepetition) {
  ASSERT_TRUE(Recordings({"rec_complaint"}).outcome.ok());
  (*sim_)->RevokeTokens();
  const auto again = Recordings({"rec_complaint"});
  EXPECT_TRUE(again.outcome.ok()) << again.outcome.message;
  EXPECT_EQ((*sim_)->CallCount(Route::kToken), 2);
  EXPECT_EQ((*sim_)->CallCount(Route::kRecordings), 3);
}

TEST_F(ClientSimTest, WrongCredentialsAreNamedAndNotRepeated) {
  account_.client_secret = Secret("not-demo");
  Connect();
  const auto result = Recordings({"rec_complaint"});
  EXPECT_EQ(result.outcome.failure, UpstreamFailure::kCredentials);
  EXPECT_EQ((*sim_)->CallCount(Route::kToken), 1);
  EXPECT_EQ((*sim_)->CallCount(Route::kRecordings), 0);
}

TEST_F(ClientSimTest, AMissingScopeIsForbidden) {
  account_.scope = "recordings:read";
  Connect();
  EXPECT_TRUE(Recordings({"rec_complaint"}).outcome.ok());
  EXPECT_EQ(Submit({"rec_complaint"}).outcome.failure, UpstreamFailure::kForbidden);
  EXPECT_EQ((*sim_)->CallCount(Route::kSubmit), 1);
}

TEST_F(ClientSimTest, ARejectionCarriesCxonesOwnWords) {
  const auto result = Submit({"rec_unsupported"});
  EXPECT_EQ(result.outcome.failure, UpstreamFailure::kRejected);
  EXPECT_EQ(result.outcome.http_status, 400);
  EXPECT_THAT(result.outcome.message, HasSubstr("POST /api/v2/voice/transcriptions answered 400"));
  EXPECT_GT(result.outcome.message.size(),
            std::string("POST /api/v2/voice/transcriptions answered 400: ").size());
  EXPECT_EQ((*sim_)->CallCount(Route::kSubmit), 1);
}

TEST_F(ClientSimTest, AnUnknownTranscriptionIsGone) {
  EXPECT_EQ(Poll("txn_000000000000", {"rec_complaint"}).outcome.failure, UpstreamFailure::kGone);
}

TEST_F(ClientSimTest, RetryAfterComesInBothForms) {
  for (const bool as_date : {false, true}) {
    Fault fault;
    fault.kind = FaultKind::kStatus;
    fault.route = Route::kSubmit;
    fault.times = 1;
    fault.status = 429;
    fault.retry_after = absl::Seconds(90);
    fault.retry_after_date = as_date;
    (*sim_)->AddFault(fault);
    const auto result = Submit({"rec_complaint"});
    EXPECT_EQ(result.outcome.failure, UpstreamFailure::kThrottled);
    ASSERT_TRUE(result.outcome.retry_after.has_value());
    EXPECT_LE(*result.outcome.retry_after, absl::Seconds(91));  // a date has whole seconds
    EXPECT_GE(*result.outcome.retry_after, absl::Seconds(60));
  }
  EXPECT_EQ((*sim_)->CallCount(Route::kSubmit), 2);
}

TEST_F(ClientSimTest, ASubmissionWhoseAnswerIsLostIsNotSentAgain) {
  // First a request that leaves a connection behind, which a retrying client would reuse.
  ASSERT_TRUE(Recordings({"rec_complaint"}).outcome.ok());
  Fault fault;
  fault.kind = FaultKind::kReset;
  fault.route = Route::kSubmit;
  fault.times = 1;
  fault.processed = true;
  (*sim_)->AddFault(fault);
  const auto lost = Submit({"rec_complaint"});
  EXPECT_EQ(lost.outcome.failure, UpstreamFailure::kUnavailable);
  EXPECT_EQ(lost.outcome.fate, RequestFate::kUnknown);
  EXPECT_EQ((*sim_)->Transcriptions().size(), 1u);
  // With the key the repetition, which is the engine's decision, finds the first.
  const auto again = Submit({"rec_complaint"});
  EXPECT_TRUE(again.outcome.ok());
  EXPECT_EQ((*sim_)->Transcriptions().size(), 1u);
  EXPECT_EQ((*sim_)->Transcriptions()[0].id, again.value);
}

TEST_F(ClientSimTest, ASubmissionThatReachedNobodyWasNotProcessed) {
  ASSERT_TRUE(Recordings({"rec_complaint"}).outcome.ok());
  sim_->Stop();
  const auto result = Submit({"rec_complaint"});
  EXPECT_EQ(result.outcome.failure, UpstreamFailure::kUnavailable);
  EXPECT_EQ(result.outcome.fate, RequestFate::kNotProcessed);
  EXPECT_EQ(result.outcome.http_status, 0);
}

TEST_F(ClientSimTest, BadAnswersAreNamed) {
  const auto submitted = Submit({"rec_complaint"});
  ASSERT_TRUE(submitted.outcome.ok());
  struct Case {
    Fault fault;
    UpstreamFailure failure;
    const char* field;
    const char* words;
  };
  std::vector<Case> cases = {
      {{.kind = FaultKind::kTruncated}, UpstreamFailure::kUnavailable, "", "whole answer"},
      {{.kind = FaultKind::kMalformedJson}, UpstreamFailure::kMalformed, "", "ends in the middle"},
      {{.kind = FaultKind::kStatus, .status = 200, .body = "<html>Maintenance</html>"},
       UpstreamFailure::kMalformed,
       "",
       "not JSON"},
      {{.kind = FaultKind::kStatus, .status = 200, .body = ""},
       UpstreamFailure::kMalformed,
       "",
       "empty"},
      {{.kind = FaultKind::kWrongShape}, UpstreamFailure::kMalformed, "results", "list"},
      {{.kind = FaultKind::kInvalidUtf8}, UpstreamFailure::kMalformed, "", "UTF-8"},
      {{.kind = FaultKind::kUnknownStatus, .value = "paused"},
       UpstreamFailure::kMalformed,
       "status",
       "paused"},
      {{.kind = FaultKind::kHugeBody}, UpstreamFailure::kMalformed, "", "larger than"},
      {{.kind = FaultKind::kReset}, UpstreamFailure::kUnavailable, "", "no answer"},
      {{.kind = FaultKind::kStatus, .status = 503}, UpstreamFailure::kUnavailable, "", "503"}};
  for (Case& c : cases) {
    c.fault.route = Route::kPoll;
    c.fault.times = 1;
    (*sim_)->AddFault(c.fault);
    const auto polled = Poll(submitted.value, {"rec_complaint"});
    const std::string kind(sim::FaultKindName(c.fault.kind));
    EXPECT_EQ(polled.outcome.failure, c.failure) << kind << ": " << polled.outcome.message;
    EXPECT_EQ(polled.outcome.field, c.field) << kind << ": " << polled.outcome.message;
    EXPECT_THAT(polled.outcome.message, HasSubstr(c.words)) << kind;
    EXPECT_THAT(polled.outcome.message, HasSubstr("GET /api/v2/voice/transcriptions/txn_")) << kind;
    EXPECT_FALSE(polled.value.transcript.has_value());
    (*sim_)->ClearFaults();
  }
  // And the next one is fine.
  EXPECT_TRUE(Poll(submitted.value, {"rec_complaint"}).outcome.ok());
}

TEST_F(ClientSimTest, ATranscriptionThatStaysQueuedIsJustQueued) {
  (*sim_)->AddFault({.kind = FaultKind::kNeverEnding, .route = Route::kSubmit, .value = "queued"});
  const auto submitted = Submit({"rec_complaint"});
  ASSERT_TRUE(submitted.outcome.ok());
  const auto polled = Poll(submitted.value, {"rec_complaint"});
  EXPECT_TRUE(polled.outcome.ok()) << polled.outcome.message;
  EXPECT_EQ(polled.value.status, UpstreamStatus::kQueued);
}

TEST_F(ClientSimTest, APollHasADeadline) {
  account_.request_timeout = absl::Milliseconds(200);
  Connect();
  const auto submitted = Submit({"rec_complaint"});
  ASSERT_TRUE(submitted.outcome.ok()) << submitted.outcome.message;
  (*sim_)->AddFault({.kind = FaultKind::kHang, .route = Route::kPoll});
  const auto polled = Poll(submitted.value, {"rec_complaint"});
  EXPECT_EQ(polled.outcome.failure, UpstreamFailure::kUnavailable);
  EXPECT_EQ(polled.outcome.http_status, 0);
}

TEST_F(ClientSimTest, StoppingTheLoopEndsEveryCall) {
  (*sim_)->AddFault({.kind = FaultKind::kHang, .route = Route::kRecordings});
  std::promise<UpstreamResult<std::vector<UpstreamRecording>>> promise;
  client_->GetRecordings({"rec_complaint"}, Into(promise));
  ASSERT_TRUE((*sim_)->WaitForCalls(Route::kRecordings, 1, absl::Seconds(30)));
  client_.reset();
  http_->Stop();
  const auto result = Wait(promise.get_future());
  EXPECT_EQ(result.outcome.failure, UpstreamFailure::kUnavailable);
}

}  // namespace
}  // namespace cxscribe
