#include "server/cxone/token_source.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cxone/fake_sender.h"

namespace cxscribe {
namespace {

using testing::HasSubstr;
using testing::Not;

class TokenSourceTest : public testing::Test {
 protected:
  TokenSourceTest() {
    account_.token_url = "https://cxone.example/oauth2/token";
    account_.client_id = "me & you";
    account_.client_secret = Secret("s3cret=+");
    source_ = std::make_unique<TokenSource>(account_, http_, clock_);
  }

  // Asks; the answer appears in results_.
  void Get() {
    source_->Get([this](TokenResult result) { results_.push_back(std::move(result)); });
  }
  // Asks, and answers the request that this must make.
  std::string GetFresh(const std::string& token, int expires_in = 3600) {
    Get();
    http_.Take().Answer(
        200, absl::StrCat(R"({"access_token": ")", token, R"(", "expires_in": )", expires_in, "}"));
    return results_.back().token;
  }
  // The token that is served without a request, or "".
  std::string GetCached() {
    const size_t before = results_.size();
    Get();
    return results_.size() > before ? results_.back().token : "";
  }

  AccountSettings account_;
  FakeSender http_;
  FixedClock clock_;
  std::unique_ptr<TokenSource> source_;
  std::vector<TokenResult> results_;
};

TEST_F(TokenSourceTest, SendsTheClientCredentialsForm) {
  Get();
  const FakeSender::Sent sent = http_.Take();
  EXPECT_EQ(sent.request.method, "POST");
  EXPECT_EQ(sent.request.url, "https://cxone.example/oauth2/token");
  EXPECT_EQ(sent.Header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(sent.request.body,
            "grant_type=client_credentials&client_id=me%20%26%20you&client_secret=s3cret%3D%2B"
            "&scope=recordings%3Aread%20voice%3Atranscribe");
}

TEST_F(TokenSourceTest, ATokenIsKept) {
  EXPECT_EQ(GetFresh("t1"), "t1");
  EXPECT_EQ(GetCached(), "t1");
  EXPECT_EQ(http_.count(), 1);
}

TEST_F(TokenSourceTest, NewCredentialsAreUsedForTheNextTokenAndEndNone) {
  GetFresh("t1", 3600);
  source_->SetCredentials("other me", Secret("r0tated"));
  EXPECT_EQ(GetCached(), "t1");
  source_->Invalidate("t1");
  Get();
  const FakeSender::Sent sent = http_.Take();
  EXPECT_THAT(sent.request.body, HasSubstr("&client_id=other%20me&client_secret=r0tated&"));
}

TEST_F(TokenSourceTest, NoSecretThatWasInUseIsQuoted) {
  source_->SetCredentials("me", Secret("r0tated-secret"));
  source_->SetCredentials("me", Secret("r0tated-secret"));
  EXPECT_THAT(source_->Secrets(), testing::UnorderedElementsAre("r0tated-secret", "s3cret=+"));
  Get();
  http_.Take().Answer(400, R"({"error": "not r0tated-secret, nor s3cret=+"})");
  EXPECT_THAT(results_.back().outcome.message,
              AllOf(Not(HasSubstr("r0tated-secret")), Not(HasSubstr("s3cret=+"))));
}

TEST_F(TokenSourceTest, ATokenIsRenewedAMinuteBeforeItExpires) {
  GetFresh("t1", 3600);
  clock_.Advance(absl::Seconds(3539));
  EXPECT_EQ(GetCached(), "t1");
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(GetFresh("t2"), "t2");
}

TEST_F(TokenSourceTest, AShortLivedTokenServesHalfOfItsLife) {
  GetFresh("t1", 10);
  clock_.Advance(absl::Seconds(4));
  EXPECT_EQ(GetCached(), "t1");
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(GetFresh("t2"), "t2");
}

TEST_F(TokenSourceTest, ATokensLifeCountsFromTheRequest) {
  Get();
  FakeSender::Sent slow = http_.Take();
  clock_.Advance(absl::Seconds(50));
  slow.Answer(200, R"({"access_token": "t1", "expires_in": 300})");
  clock_.Advance(absl::Seconds(190));  // 240 after the request
  EXPECT_EQ(GetCached(), "");
}

TEST_F(TokenSourceTest, ATokenWithoutAUsableLifetimeIsRenewedAfterFourMinutes) {
  for (const char* lifetime :
       {"", R"(, "expires_in": null)", R"(, "expires_in": 0)", R"(, "expires_in": -5)",
        R"(, "expires_in": "soon")", R"(, "expires_in": [3600])"}) {
    source_ = std::make_unique<TokenSource>(account_, http_, clock_);
    Get();
    http_.Take().Answer(200, absl::StrCat(R"({"access_token": "t1")", lifetime, "}"));
    clock_.Advance(absl::Seconds(239));
    EXPECT_EQ(GetCached(), "t1") << lifetime;
    clock_.Advance(absl::Seconds(1));
    EXPECT_EQ(GetFresh("t2"), "t2") << lifetime;
  }
}

TEST_F(TokenSourceTest, LifetimesMayBeWrittenAsStringsAndAreCapped) {
  Get();
  http_.Take().Answer(200, R"({"access_token": "t1", "expires_in": "600"})");
  clock_.Advance(absl::Seconds(539));
  EXPECT_EQ(GetCached(), "t1");
  clock_.Advance(absl::Seconds(1));
  Get();
  http_.Take().Answer(200, R"({"access_token": "t2", "expires_in": 1e300})");
  clock_.Advance(absl::Hours(23));
  EXPECT_EQ(GetCached(), "t2");
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(GetCached(), "");
}

TEST_F(TokenSourceTest, ALifeOfNextToNothingStillServesTheCallsThatWait) {
  Get();
  http_.Take().Answer(200, R"({"access_token": "t1", "expires_in": 1e-12})");
  EXPECT_EQ(GetCached(), "t1") << "or every call would fetch a token of its own";
}

TEST_F(TokenSourceTest, AHundredConcurrentCallsMakeOneRequest) {
  constexpr int kCalls = 100;
  std::atomic<int> served = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kCalls; ++i) {
    threads.emplace_back([this, &served] {
      source_->Get([&served](TokenResult result) {
        if (result.token == "t1") ++served;
      });
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(http_.count(), 1);
  http_.Take().Answer(200, R"({"access_token": "t1", "expires_in": 3600})");
  EXPECT_EQ(served, kCalls);
  EXPECT_EQ(http_.count(), 1);
}

TEST_F(TokenSourceTest, OnlyOneCallerIsChargedForTheRequest) {
  Get();
  Get();
  http_.Take().Answer(200, R"({"access_token": "t1", "expires_in": 3600})");
  Get();
  ASSERT_EQ(results_.size(), 3u);
  EXPECT_EQ(results_[0].outcome.requests, 1);
  EXPECT_EQ(results_[1].outcome.requests, 0);
  EXPECT_EQ(results_[2].outcome.requests, 0);
}

TEST_F(TokenSourceTest, ARefusedTokenIsDroppedOnce) {
  GetFresh("t1");
  source_->Invalidate("t1");
  EXPECT_EQ(GetFresh("t2"), "t2");
  // Late refusals of the old token must not cost the new one.
  for (int i = 0; i < 10; ++i) source_->Invalidate("t1");
  EXPECT_EQ(GetCached(), "t2");
  EXPECT_EQ(http_.count(), 2);
}

TEST_F(TokenSourceTest, AFailureReachesAllWhoWaitAndIsNotKept) {
  Get();
  Get();
  Get();
  http_.Take().Answer(503, "", {{"retry-after", "7"}});
  ASSERT_EQ(results_.size(), 3u);
  for (const TokenResult& result : results_) {
    EXPECT_EQ(result.outcome.failure, UpstreamFailure::kUnavailable);
    EXPECT_EQ(result.outcome.retry_after, absl::Seconds(7));
    EXPECT_EQ(result.token, "");
  }
  EXPECT_EQ(GetFresh("t1"), "t1");
  EXPECT_TRUE(results_.back().outcome.ok());
}

TEST_F(TokenSourceTest, AValidTokenServesOnWhileItsRenewalFails) {
  GetFresh("t1", 3600);
  clock_.Advance(absl::Seconds(3550));
  Get();
  http_.Take().Fail(HttpError::kConnect, false);
  EXPECT_TRUE(results_.back().outcome.ok());
  EXPECT_EQ(results_.back().token, "t1");
  clock_.Advance(absl::Seconds(50));  // expired
  Get();
  http_.Take().Fail(HttpError::kConnect, false);
  EXPECT_EQ(results_.back().outcome.failure, UpstreamFailure::kUnavailable);
}

TEST_F(TokenSourceTest, ARefusedTokenDoesNotServeOn) {
  GetFresh("t1", 3600);
  source_->Invalidate("t1");
  Get();
  http_.Take().Answer(500, "");
  EXPECT_EQ(results_.back().outcome.failure, UpstreamFailure::kUnavailable);
  EXPECT_EQ(results_.back().token, "");
}

TEST_F(TokenSourceTest, RefusalsAreCredentials) {
  for (const int status : {400, 401, 403, 404}) {
    Get();
    http_.Take().Answer(status, R"({"error": "invalid_client", "error_description":
                                    "client me: s3cret=+ is wrong"})");
    const UpstreamOutcome& outcome = results_.back().outcome;
    EXPECT_EQ(outcome.failure, UpstreamFailure::kCredentials) << status;
    EXPECT_EQ(outcome.http_status, status);
    EXPECT_THAT(outcome.message, HasSubstr("client me"));
    EXPECT_THAT(outcome.message, Not(HasSubstr("s3cret")));
  }
}

TEST_F(TokenSourceTest, OtherFailuresKeepTheirKind) {
  Get();
  http_.Take().Answer(429, "");
  EXPECT_EQ(results_.back().outcome.failure, UpstreamFailure::kThrottled);
  Get();
  http_.Take().Fail(HttpError::kTimeout, /*sent=*/true);
  EXPECT_EQ(results_.back().outcome.failure, UpstreamFailure::kUnavailable);
  // The call that needs the token was not sent, whatever became of the token request.
  EXPECT_EQ(results_.back().outcome.fate, RequestFate::kNotProcessed);
}

TEST_F(TokenSourceTest, MalformedAnswersNameTheField) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", ""},
      {"<html>", ""},
      {"[]", ""},
      {"{\"access_token\": \"cut", ""},
      {"{}", "access_token"},
      {R"({"access_token": 5})", "access_token"},
      {R"({"access_token": ""})", "access_token"},
      {R"({"access_token": "two words"})", "access_token"},
      {R"({"access_token": "a\r\nX-Evil: 1"})", "access_token"},
      {absl::StrCat(R"({"access_token": ")", std::string(20'000, 'a'), "\"}"), "access_token"},
      {R"({"access_token": "abc", "token_type": "mac"})", "token_type"}};
  for (const auto& [body, field] : cases) {
    Get();
    http_.Take().Answer(200, body);
    EXPECT_EQ(results_.back().outcome.failure, UpstreamFailure::kMalformed) << body;
    EXPECT_EQ(results_.back().outcome.field, field) << body;
  }
  Get();
  http_.Take().Answer(200, R"({"access_token": "abc", "token_type": "BEARER"})");
  EXPECT_TRUE(results_.back().outcome.ok());
}

TEST_F(TokenSourceTest, CallsBackAlsoWhenItIsGone) {
  Get();
  source_.reset();
  http_.Take().Answer(200, R"({"access_token": "t1"})");
  ASSERT_EQ(results_.size(), 1u);
  EXPECT_EQ(results_[0].token, "t1");
}

TEST_F(TokenSourceTest, AWaiterMayAskAgain) {
  source_->Get([this](TokenResult) { Get(); });
  http_.Take().Answer(503, "");
  ASSERT_EQ(http_.waiting(), 1u);
  http_.Take().Answer(200, R"({"access_token": "t1"})");
  EXPECT_EQ(results_.back().token, "t1");
}

}  // namespace
}  // namespace cxscribe
