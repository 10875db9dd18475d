// HttpCxoneClient without a network: what it sends, and what it makes of every kind of answer.
#include "server/cxone/http_client.h"

#include <memory>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/cxone/fake_sender.h"

namespace cxscribe {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr char kPath[] = "https://cxone.example/api/v2/voice/transcriptions";

class HttpClientTest : public testing::Test {
 protected:
  // A pool without room: answers are parsed where the fake sender answers, in the test's thread.
  HttpClientTest() : pool_("test", 1, 0) {
    account_.base_url = "https://cxone.example/";
    account_.token_url = "https://cxone.example/oauth2/token";
    account_.client_id = "demo";
    account_.client_secret = Secret("s3cret");
    Restart();
  }

  void Restart() {
    client_ = std::make_unique<HttpCxoneClient>(account_, http_, pool_, clock_);
    issued_ = 0;
  }

  // Answers the token request that must be waiting.
  void GiveToken() {
    FakeSender::Sent sent = http_.Take();
    EXPECT_EQ(sent.request.url, account_.token_url);
    sent.Answer(
        200, absl::StrCat(R"({"access_token": "token-)", ++issued_, R"(", "expires_in": 3600})"));
  }

  UpstreamSubmission Submission() {
    UpstreamSubmission submission;
    submission.recording_ids = {"rec_1", "rec_2"};
    submission.language = "en-US";
    submission.redaction_policy = "pii";
    submission.punctuation = true;
    submission.diarization = false;
    submission.idempotency_key = "job_1";
    return submission;
  }
  void Submit() {
    submitted_.reset();
    client_->Submit(Submission(), [this](UpstreamResult<std::string> result) {
      EXPECT_FALSE(submitted_.has_value());
      submitted_ = std::move(result);
    });
  }
  // Submits and answers.
  UpstreamOutcome SubmitAnswered(int status, const std::string& body, HttpHeaders headers = {}) {
    Submit();
    if (issued_ == 0) GiveToken();
    http_.Take().Answer(status, body, std::move(headers));
    return submitted_->outcome;
  }

  void Poll(const std::string& id = "txn_1", std::vector<std::string> recordings = {"rec_1"}) {
    polled_.reset();
    client_->GetTranscription(id, recordings, [this](UpstreamResult<UpstreamTranscription> result) {
      EXPECT_FALSE(polled_.has_value());
      polled_ = std::move(result);
    });
  }
  UpstreamOutcome PollAnswered(int status, const std::string& body) {
    Poll();
    if (issued_ == 0) GiveToken();
    http_.Take().Answer(status, body);
    return polled_->outcome;
  }

  void GetRecordings(const std::vector<std::string>& ids) {
    recordings_.reset();
    client_->GetRecordings(ids, [this](UpstreamResult<std::vector<UpstreamRecording>> result) {
      EXPECT_FALSE(recordings_.has_value());
      recordings_ = std::move(result);
    });
  }

  AccountSettings account_;
  FakeSender http_;
  FixedClock clock_;
  ThreadPool pool_;
  std::unique_ptr<HttpCxoneClient> client_;
  int issued_ = 0;
  std::optional<UpstreamResult<std::string>> submitted_;
  std::optional<UpstreamResult<UpstreamTranscription>> polled_;
  std::optional<UpstreamResult<std::vector<UpstreamRecording>>> recordings_;
};

// --- What is sent ---

TEST_F(HttpClientTest, SubmitsTheContractsBody) {
  Submit();
  GiveToken();
  FakeSender::Sent sent = http_.Take();
  EXPECT_EQ(sent.request.method, "POST");
  EXPECT_EQ(sent.request.url, kPath);
  EXPECT_EQ(sent.Header("Authorization"), "Bearer token-1");
  EXPECT_EQ(sent.Header("Content-Type"), "application/json");
  EXPECT_EQ(json::parse(sent.request.body),
            json::parse(R"({"recording_ids": ["rec_1", "rec_2"], "language": "en-US",
                            "redaction_policy": "pii", "punctuation": true,
                            "diarization": false})"));
  sent.Answer(202, R"({"id": "txn_9f8e7d6c5b4a"})");
  EXPECT_TRUE(submitted_->outcome.ok());
  EXPECT_EQ(submitted_->value, "txn_9f8e7d6c5b4a");
  EXPECT_EQ(submitted_->outcome.requests, 2);  // one of them for the token
}

TEST_F(HttpClientTest, SendsAKeyOnlyWhereTheAccountDedupes) {
  Submit();
  GiveToken();
  EXPECT_EQ(http_.Take().Header("Idempotency-Key"), "");
  account_.idempotency = UpstreamIdempotency::kHeader;
  Restart();
  Submit();
  GiveToken();
  EXPECT_EQ(http_.Take().Header("Idempotency-Key"), "job_1");
}

TEST_F(HttpClientTest, SendsOnlyTheAccountsOwnWebhookUrl) {
  account_.upstream_webhook_url = "https://us.example/cxone";
  Restart();
  Submit();
  GiveToken();
  EXPECT_EQ(json::parse(http_.Take().request.body)["webhook_url"], "https://us.example/cxone");
}

TEST_F(HttpClientTest, AsksForAllRecordingsInOneRequest) {
  GetRecordings({"rec_1", "a&b=c", "rec_3"});
  GiveToken();
  FakeSender::Sent sent = http_.Take();
  EXPECT_EQ(sent.request.method, "GET");
  EXPECT_EQ(sent.request.url,
            "https://cxone.example/api/v2/recordings?ids=rec_1&ids=a%26b%3Dc&ids=rec_3");
  sent.Answer(200, R"({"entities": [
      {"id": "rec_3", "format": "mp3", "size": 7, "mediaType": "audio/mpeg"},
      {"id": "rec_1", "format": "wav", "size": 0}], "pageSize": 100, "pageNumber": 1, "total": 2})");
  ASSERT_TRUE(recordings_->outcome.ok());
  // What upstream leaves out is simply not there.
  ASSERT_EQ(recordings_->value.size(), 2u);
  EXPECT_EQ(recordings_->value[0].id, "rec_3");
  EXPECT_EQ(recordings_->value[0].format, "mp3");
  EXPECT_EQ(recordings_->value[0].size_bytes, 7);
  EXPECT_EQ(recordings_->value[0].media_type, "audio/mpeg");
  EXPECT_EQ(recordings_->value[1].media_type, "");
}

TEST_F(HttpClientTest, FollowsThePagesOfRecordings) {
  const auto page = [](const char* id, int number) {
    return absl::StrCat(R"({"entities": [{"id": ")", id,
                        R"(", "format": "wav", "size": 1}], "pageSize": 1, "pageNumber": )", number,
                        R"(, "total": 3})");
  };
  GetRecordings({"a", "b", "c"});
  GiveToken();
  http_.Take().Answer(200, page("a", 1));
  FakeSender::Sent second = http_.Take();
  EXPECT_THAT(second.request.url, testing::EndsWith("?ids=a&ids=b&ids=c&pageNumber=2"));
  second.Answer(200, page("b", 2));
  EXPECT_FALSE(recordings_.has_value());
  http_.Take().Answer(200, page("c", 3));
  ASSERT_TRUE(recordings_.has_value());
  EXPECT_EQ(recordings_->value.size(), 3u);
  EXPECT_EQ(recordings_->outcome.requests, 4);
  EXPECT_EQ(http_.waiting(), 0u);
}

TEST_F(HttpClientTest, PagingEndsWhateverUpstreamCounts) {
  // The same page for ever: every page after the first brings nothing new.
  GetRecordings({"a", "b"});
  GiveToken();
  for (int i = 0; i < 100 && !recordings_.has_value(); ++i) {
    http_.Take().Answer(200, R"({"entities": [{"id": "a", "format": "wav", "size": 1}],
                                 "pageSize": 1, "total": 9223372036854775807})");
  }
  ASSERT_TRUE(recordings_.has_value());
  EXPECT_EQ(recordings_->value.size(), 1u);
  for (const char* odd : {R"({"entities": [], "pageSize": 1, "total": 5})",
                          R"({"entities": [{"id": "x", "format": "wav", "size": 1}], "total": 5})",
                          R"({"entities": [], "pageSize": -1, "total": 99999999999999999999})"}) {
    GetRecordings({"a"});
    http_.Take().Answer(200, odd);
    ASSERT_TRUE(recordings_.has_value()) << odd;
    EXPECT_EQ(recordings_->value.size(), 0u) << odd;  // also nothing that was not asked for
  }
}

TEST_F(HttpClientTest, RefusesMoreThanAHundredRecordingsUnsent) {
  GetRecordings(std::vector<std::string>(101, "rec"));
  ASSERT_TRUE(recordings_.has_value());
  EXPECT_EQ(recordings_->outcome.failure, UpstreamFailure::kRejected);
  GetRecordings({});
  EXPECT_EQ(recordings_->outcome.failure, UpstreamFailure::kRejected);
  EXPECT_EQ(http_.count(), 0);
}

TEST_F(HttpClientTest, RefusesIdsThatWouldLeadElsewhere) {
  for (const char* id : {"", "..", ".", "a/b", "../token", "a?b", "a b", "a%2e", "a\r\nb"}) {
    Poll(id);
    ASSERT_TRUE(polled_.has_value()) << id;
    EXPECT_EQ(polled_->outcome.failure, UpstreamFailure::kRejected) << id;
  }
  Poll(std::string(129, 'a'));
  EXPECT_TRUE(polled_.has_value());
  EXPECT_EQ(http_.count(), 0);
  Poll(std::string(128, 'a'));
  EXPECT_FALSE(polled_.has_value());
  GiveToken();
  http_.Take().Answer(404, "{}");
  EXPECT_TRUE(polled_.has_value());
}

// --- The token ---

TEST_F(HttpClientTest, ALongLoopOutlivesItsToken) {
  // The trap: a token taken once before the loop is refused after an hour.
  for (int minute = 0; minute < 180; ++minute) {
    Poll();
    if (minute % 59 == 0) GiveToken();  // one minute early
    FakeSender::Sent sent = http_.Take();
    EXPECT_EQ(sent.Header("Authorization"), absl::StrCat("Bearer token-", minute / 59 + 1));
    sent.Answer(200, R"({"id": "txn_1", "status": "in_progress"})");
    ASSERT_TRUE(polled_->outcome.ok());
    clock_.Advance(absl::Minutes(1));
  }
}

TEST_F(HttpClientTest, A401IsRepeatedOnceWithAFreshToken) {
  Submit();
  GiveToken();
  http_.Take().Answer(401, R"({"message": "expired"})");
  GiveToken();
  FakeSender::Sent again = http_.Take();
  EXPECT_EQ(again.Header("Authorization"), "Bearer token-2");
  EXPECT_EQ(again.request.url, kPath);
  EXPECT_FALSE(submitted_.has_value());
  again.Answer(200, R"({"id": "txn_1"})");
  EXPECT_EQ(submitted_->value, "txn_1");
  EXPECT_EQ(submitted_->outcome.requests, 4);
}

TEST_F(HttpClientTest, ASecond401IsTheEnd) {
  Submit();
  GiveToken();
  http_.Take().Answer(401, "");
  GiveToken();
  http_.Take().Answer(401, R"({"message": "bad token-2 of s3cret"})");
  ASSERT_TRUE(submitted_.has_value());
  EXPECT_EQ(submitted_->outcome.failure, UpstreamFailure::kCredentials);
  EXPECT_EQ(submitted_->outcome.http_status, 401);
  EXPECT_EQ(submitted_->outcome.fate, RequestFate::kNotProcessed);
  EXPECT_THAT(submitted_->outcome.message, HasSubstr("bad ***"));
  EXPECT_THAT(submitted_->outcome.message, Not(HasSubstr("token-2")));
  EXPECT_THAT(submitted_->outcome.message, Not(HasSubstr("s3cret")));
  EXPECT_EQ(http_.waiting(), 0u);
  // The next call does not start with the refused token.
  Submit();
  GiveToken();
  EXPECT_EQ(http_.Take().Header("Authorization"), "Bearer token-3");
}

TEST_F(HttpClientTest, ManyRefusalsOfOneTokenFetchOneNew) {
  int done = 0;
  for (int i = 0; i < 100; ++i) {
    client_->GetTranscription("txn_1", {"rec_1"},
                              [&done](UpstreamResult<UpstreamTranscription> result) {
                                EXPECT_TRUE(result.outcome.ok());
                                ++done;
                              });
  }
  ASSERT_EQ(http_.waiting(), 1u);
  GiveToken();
  ASSERT_EQ(http_.waiting(), 100u);
  for (int i = 0; i < 100; ++i) http_.Take().Answer(401, "");
  ASSERT_EQ(http_.waiting(), 1u);
  GiveToken();
  ASSERT_EQ(http_.waiting(), 100u);
  while (http_.waiting() > 0) http_.Take().Answer(200, R"({"id": "txn_1", "status": "queued"})");
  EXPECT_EQ(done, 100);
  EXPECT_EQ(http_.count(), 202);
}

TEST_F(HttpClientTest, WithoutATokenNothingIsSent) {
  Submit();
  http_.Take().Answer(401, R"({"error": "invalid_client"})");
  ASSERT_TRUE(submitted_.has_value());
  EXPECT_EQ(submitted_->outcome.failure, UpstreamFailure::kCredentials);
  EXPECT_EQ(submitted_->outcome.fate, RequestFate::kNotProcessed);
  EXPECT_EQ(http_.count(), 1);
}

// --- What answers mean ---

struct StatusCase {
  int status;
  UpstreamFailure failure;
  RequestFate fate;
};

class StatusTest : public HttpClientTest, public testing::WithParamInterface<StatusCase> {};

TEST_P(StatusTest, IsMappedAndSentOnce) {
  const StatusCase& c = GetParam();
  const UpstreamOutcome outcome =
      SubmitAnswered(c.status, R"({"message": "because"})", {{"retry-after", "30"}});
  EXPECT_EQ(outcome.failure, c.failure);
  EXPECT_EQ(outcome.fate, c.fate);
  EXPECT_EQ(outcome.http_status, c.status);
  EXPECT_EQ(outcome.retry_after, absl::Seconds(30));
  EXPECT_THAT(outcome.message, HasSubstr("because"));
  EXPECT_THAT(outcome.message, HasSubstr(absl::StrCat(c.status)));
  EXPECT_THAT(outcome.message, HasSubstr("POST /api/v2/voice/transcriptions"));
  // The client itself repeats nothing but a 401.
  EXPECT_EQ(http_.count(), 2);
  EXPECT_EQ(http_.waiting(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    HttpClient, StatusTest,
    testing::Values(StatusCase{400, UpstreamFailure::kRejected, RequestFate::kNotProcessed},
                    StatusCase{403, UpstreamFailure::kForbidden, RequestFate::kNotProcessed},
                    StatusCase{404, UpstreamFailure::kGone, RequestFate::kNotProcessed},
                    StatusCase{409, UpstreamFailure::kRejected, RequestFate::kNotProcessed},
                    StatusCase{422, UpstreamFailure::kRejected, RequestFate::kNotProcessed},
                    StatusCase{429, UpstreamFailure::kThrottled, RequestFate::kNotProcessed},
                    StatusCase{503, UpstreamFailure::kUnavailable, RequestFate::kNotProcessed},
                    StatusCase{500, UpstreamFailure::kUnavailable, RequestFate::kUnknown},
                    StatusCase{502, UpstreamFailure::kUnavailable, RequestFate::kUnknown},
                    StatusCase{504, UpstreamFailure::kUnavailable, RequestFate::kUnknown},
                    StatusCase{301, UpstreamFailure::kMalformed, RequestFate::kNotProcessed},
                    StatusCase{303, UpstreamFailure::kMalformed, RequestFate::kUnknown}),
    [](const auto& param_info) { return absl::StrCat(param_info.param.status); });

TEST_F(HttpClientTest, RetryAfterMayBeADate) {
  const UpstreamOutcome outcome =
      SubmitAnswered(429, "", {{"retry-after", "Mon, 15 Jan 2024 10:00:40 GMT"}});
  EXPECT_EQ(outcome.retry_after, absl::Seconds(40));
  EXPECT_FALSE(SubmitAnswered(429, "", {{"retry-after", "later"}}).retry_after.has_value());
  EXPECT_FALSE(SubmitAnswered(429, "").retry_after.has_value());
}

TEST_F(HttpClientTest, AConnectionThatNeverStoodDidNothing) {
  for (const HttpError error :
       {HttpError::kResolve, HttpError::kConnect, HttpError::kTls, HttpError::kTimeout,
        HttpError::kOverloaded, HttpError::kCancelled}) {
    Submit();
    if (issued_ == 0) GiveToken();
    http_.Take().Fail(error, /*sent=*/false);
    EXPECT_EQ(submitted_->outcome.failure, UpstreamFailure::kUnavailable);
    EXPECT_EQ(submitted_->outcome.fate, RequestFate::kNotProcessed);
    EXPECT_EQ(submitted_->outcome.http_status, 0);
  }
}

TEST_F(HttpClientTest, ASentRequestWithoutAnAnswerMayHaveTakenEffect) {
  for (const HttpError error : {HttpError::kBroken, HttpError::kTimeout, HttpError::kCancelled}) {
    Submit();
    if (issued_ == 0) GiveToken();
    http_.Take().Fail(error, /*sent=*/true);
    EXPECT_EQ(submitted_->outcome.failure, UpstreamFailure::kUnavailable);
    EXPECT_EQ(submitted_->outcome.fate, RequestFate::kUnknown);
  }
  // Broken off after "200": it has been carried out, but the id is lost.
  Submit();
  http_.Take().Fail(HttpError::kBroken, /*sent=*/true, /*status=*/200);
  EXPECT_EQ(submitted_->outcome.fate, RequestFate::kUnknown);
}

TEST_F(HttpClientTest, TheStatusLineCountsEvenWhenTheBodyBreaksOff) {
  Submit();
  GiveToken();
  http_.Take().Fail(HttpError::kBroken, /*sent=*/true, /*status=*/403);
  EXPECT_EQ(submitted_->outcome.failure, UpstreamFailure::kForbidden);
  EXPECT_EQ(submitted_->outcome.fate, RequestFate::kNotProcessed);
}

TEST_F(HttpClientTest, MalformedSubmissionsMayHaveTakenEffect) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"id": 5})", R"({"id": ""})",
                           R"({"id": "../token"})", R"({"id": "txn)", "{\"id\": \"t\xff\"}"}) {
    const UpstreamOutcome outcome = SubmitAnswered(200, body);
    EXPECT_EQ(outcome.failure, UpstreamFailure::kMalformed) << body;
    EXPECT_EQ(outcome.fate, RequestFate::kUnknown) << body;
    EXPECT_EQ(submitted_->value, "");
    EXPECT_THAT(outcome.message, HasSubstr("POST /api/v2/voice/transcriptions"));
    EXPECT_EQ(outcome.requests, issued_ == 1 && http_.count() == 2 ? 2 : 1);
  }
}

TEST_F(HttpClientTest, TooLargeAnswersAreMalformed) {
  Poll();
  GiveToken();
  http_.Take().Fail(HttpError::kTooLarge, /*sent=*/true, /*status=*/200);
  EXPECT_EQ(polled_->outcome.failure, UpstreamFailure::kMalformed);
}

TEST_F(HttpClientTest, PollsEveryStatus) {
  EXPECT_TRUE(PollAnswered(200, R"({"id": "txn_1", "status": "queued"})").ok());
  EXPECT_EQ(polled_->value.status, UpstreamStatus::kQueued);
  EXPECT_TRUE(PollAnswered(200, R"({"id": "txn_1", "status": "in_progress", "progress": 7})").ok());
  EXPECT_EQ(polled_->value.progress_percent, 7);
  EXPECT_TRUE(
      PollAnswered(200, R"({"id": "txn_1", "status": "failed", "error": {"message": "x"}})").ok());
  EXPECT_EQ(polled_->value.failure_message, "x");
  EXPECT_TRUE(PollAnswered(200, R"({"id": "txn_1", "status": "completed", "results": [
      {"text": "hi", "startOffsetMs": 0, "endOffsetMs": 5}]})")
                  .ok());
  EXPECT_EQ(polled_->value.transcript->segments(0).recording_id(), "rec_1");
}

TEST_F(HttpClientTest, PollsNameWhatIsWrong) {
  UpstreamOutcome outcome = PollAnswered(200, R"({"id": "txn_1", "status": "paused"})");
  EXPECT_EQ(outcome.failure, UpstreamFailure::kMalformed);
  EXPECT_EQ(outcome.field, "status");
  outcome = PollAnswered(200, R"({"id": "txn_2", "status": "queued"})");
  EXPECT_EQ(outcome.failure, UpstreamFailure::kMalformed);
  EXPECT_EQ(outcome.field, "id");
  outcome = PollAnswered(200, R"({"id": "txn_1", "status": "completed", "results": [{}]})");
  EXPECT_EQ(outcome.field, "results[0].text");
  EXPECT_FALSE(polled_->value.transcript.has_value());
  outcome = PollAnswered(404, "");
  EXPECT_EQ(outcome.failure, UpstreamFailure::kGone);
}

TEST_F(HttpClientTest, MalformedRecordingsNameTheField) {
  GetRecordings({"rec_1"});
  GiveToken();
  http_.Take().Answer(200, "{}");
  EXPECT_EQ(recordings_->outcome.field, "entities");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"entities": {}})", "entities"},
      {R"({"entities": ["rec_1"]})", "entities[0]"},
      {R"({"entities": [{"format": "wav", "size": 1}]})", "entities[0].id"},
      {R"({"entities": [{"id": "rec_1", "size": 1}]})", "entities[0].format"},
      {R"({"entities": [{"id": "rec_1", "format": "wav"}]})", "entities[0].size"},
      {R"({"entities": [{"id": "rec_1", "format": "wav", "size": -1}]})", "entities[0].size"},
      {R"({"entities": [{"id": "rec_1", "format": "wav", "size": "1"}]})", "entities[0].size"},
      {R"({"entities": [{"id": "rec_1", "format": "wav", "size": 18446744073709551615}]})",
       "entities[0].size"}};
  for (const auto& [body, field] : cases) {
    GetRecordings({"rec_1"});
    http_.Take().Answer(200, body);
    EXPECT_EQ(recordings_->outcome.failure, UpstreamFailure::kMalformed) << body;
    EXPECT_EQ(recordings_->outcome.field, field) << body;
    EXPECT_TRUE(recordings_->value.empty());
  }
}

TEST_F(HttpClientTest, CallsBackAlsoWhenItIsGone) {
  Poll();
  client_.reset();
  GiveToken();
  http_.Take().Answer(200, R"({"id": "txn_1", "status": "queued"})");
  EXPECT_TRUE(polled_->outcome.ok());
}

}  // namespace
}  // namespace cxscribe
