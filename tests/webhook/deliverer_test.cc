// The outbox in virtual time: what is sent when, what is stored, and what a crash leaves.
#include "server/webhook/deliverer.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/timestamp.h"
#include "server/webhook/signature.h"
#include "tests/support/fake_job_store.h"
#include "tests/support/manual_loop.h"

namespace cxscribe {
namespace {

using internal::v1::WebhookDelivery;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr char kUrl[] = "https://hooks.example.com/cxscribe?key=secret-part";

// Keeps requests until the test answers them.
class FakeSender final : public WebhookSender {
 public:
  void Send(WebhookRequest request, Done done) override {
    seen.push_back(request);
    open.emplace_back(std::move(request), std::move(done));
  }

  // Answers the oldest open request.
  void Answer(absl::StatusOr<WebhookResponse> response) {
    ASSERT_FALSE(open.empty());
    Done done = std::move(open.front().second);
    open.pop_front();
    done(std::move(response));
  }
  void Answer(int status, std::optional<absl::Duration> retry_after = std::nullopt) {
    Answer(WebhookResponse{status, retry_after});
  }

  std::vector<WebhookRequest> seen;
  std::deque<std::pair<WebhookRequest, Done>> open;
};

// Always the middle: no jitter.
class MiddleRandom final : public Random {
 public:
  uint64_t Next() override { return uint64_t{1} << 63; }
};

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(uint64_t value) : value_(value) {}
  uint64_t Next() override { return value_; }

 private:
  const uint64_t value_;
};

std::string HeaderOf(const WebhookRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "";
}

class WebhookDelivererTest : public ::testing::Test {
 protected:
  WebhookDelivererTest() {
    settings_.signing_secret = Secret(kSecret);
    settings_.retry_schedule = {absl::Seconds(5), absl::Minutes(5), absl::Minutes(30)};
  }

  void Start(WebhookDeliverer::Limits limits = {}) {
    deliverer_ = std::make_unique<WebhookDeliverer>(settings_, loop_, *random_, store_, sender_,
                                                    metrics_, limits);
    deliverer_->Start();
    loop_.RunReady();
  }

  // Commits a job that ended, with its message; the message's id is "msg_" and `name`.
  void Commit(const std::string& name, const std::string& url = kUrl) {
    JobWrite write;
    v1::Job& job = *write.record.mutable_job();
    job.set_job_id("job_" + name);
    job.set_revision(1);
    job.set_state(v1::JOB_STATE_SUCCEEDED);
    *job.mutable_create_time() = ToTimestamp(loop_.Now());
    write.record.set_tenant("default");
    WebhookDelivery delivery;
    delivery.set_message_id("msg_" + name);
    delivery.set_job_id(job.job_id());
    delivery.set_url(url);
    delivery.set_payload(absl::StrCat("{\"job\":\"", name, "\"}"));
    *delivery.mutable_create_time() = ToTimestamp(loop_.Now());
    *delivery.mutable_next_attempt_time() = ToTimestamp(loop_.Now());
    write.webhook = delivery;
    absl::Status committed = absl::UnknownError("no callback");
    store_.Create(
        std::move(write), absl::InfinitePast(), 1'000'000,
        [&committed](absl::StatusOr<CreateOutcome> outcome) { committed = outcome.status(); });
    loop_.RunReady();
    ASSERT_TRUE(committed.ok()) << committed;
  }

  WebhookDelivery Row(const std::string& name) {
    for (const WebhookDelivery& row : store_.Webhooks()) {
      if (row.message_id() == "msg_" + name) return row;
    }
    ADD_FAILURE() << "no message " << name;
    return {};
  }

  // Answers the oldest open request and lets the outcome be stored.
  template <typename... T>
  void Answer(T... answer) {
    sender_.Answer(answer...);
    loop_.RunReady();
  }

  ManualLoop loop_;
  MiddleRandom middle_;
  Random* random_ = &middle_;
  Metrics metrics_;
  WebhookSettings settings_;
  FakeJobStore store_{loop_};
  FakeSender sender_;
  std::unique_ptr<WebhookDeliverer> deliverer_;
};

TEST_F(WebhookDelivererTest, TriesAgainOnTheScheduleAndThenGivesUp) {
  Commit("a");
  Start();
  const absl::Time start = loop_.Now();
  std::vector<absl::Duration> sent;
  while (!Row("a").has_done_time()) {
    ASSERT_THAT(sender_.open, SizeIs(1));
    sent.push_back(loop_.Now() - start);
    Answer(503);
    loop_.AdvanceToNextTimer();
  }
  EXPECT_THAT(sent, ::testing::ElementsAre(absl::ZeroDuration(), absl::Seconds(5),
                                           absl::Seconds(305), absl::Seconds(2105)));
  const WebhookDelivery row = Row("a");
  EXPECT_FALSE(row.delivered());
  EXPECT_EQ(row.attempts(), 4);
  EXPECT_EQ(row.last_status(), 503);
  EXPECT_EQ(row.last_error(), "HTTP 503");
  EXPECT_EQ(FromTimestamp(row.done_time()) - start, absl::Seconds(2105));
  EXPECT_EQ(loop_.pending_timers(), 0u);
  EXPECT_THAT(metrics_.Render(), HasSubstr("deliveries_total{result=\"exhausted\"} 1"));
  EXPECT_THAT(metrics_.Render(), HasSubstr("deliveries_total{result=\"retried\"} 3"));
}

TEST_F(WebhookDelivererTest, GivesUpAtOnceWhenTheReceiverIsGone) {
  Commit("a");
  Start();
  Answer(410);
  const WebhookDelivery row = Row("a");
  EXPECT_TRUE(row.has_done_time());
  EXPECT_FALSE(row.delivered());
  EXPECT_EQ(row.attempts(), 1);
  EXPECT_EQ(loop_.pending_timers(), 0u);
}

TEST_F(WebhookDelivererTest, TakesNothingButA2xxForDelivered) {
  int n = 0;
  for (const int status : {100, 199, 300, 301, 302, 307, 400, 401, 404, 429, 500, 600}) {
    const std::string name = absl::StrCat("n", n++);
    Commit(name);
    Start();
    Answer(status);
    const WebhookDelivery row = Row(name);
    EXPECT_FALSE(row.has_done_time()) << status;
    EXPECT_EQ(row.last_status(), status);
    EXPECT_EQ(FromTimestamp(row.next_attempt_time()), loop_.Now() + absl::Seconds(5)) << status;
    deliverer_.reset();
  }
}

TEST_F(WebhookDelivererTest, TriesAgainWhenNoAnswerComes) {
  Commit("a");
  Start();
  Answer(absl::StatusOr<WebhookResponse>(absl::DeadlineExceededError("no answer within 15s")));
  const WebhookDelivery row = Row("a");
  EXPECT_FALSE(row.has_done_time());
  EXPECT_EQ(row.last_status(), 0);
  EXPECT_EQ(row.last_error(), "no answer within 15s");
  loop_.Advance(absl::Seconds(5));
  EXPECT_THAT(sender_.open, SizeIs(1));
}

TEST_F(WebhookDelivererTest, RetryAfterPutsOffButNeverBringsForward) {
  Commit("a");
  Start();
  Answer(429, absl::Seconds(90));
  EXPECT_EQ(FromTimestamp(Row("a").next_attempt_time()), loop_.Now() + absl::Seconds(90));
  loop_.Advance(absl::Seconds(89));
  EXPECT_THAT(sender_.open, SizeIs(0));
  loop_.Advance(absl::Seconds(1));
  ASSERT_THAT(sender_.open, SizeIs(1));
  Answer(503, absl::Seconds(1));
  EXPECT_EQ(FromTimestamp(Row("a").next_attempt_time()), loop_.Now() + absl::Minutes(5));
  loop_.Advance(absl::Minutes(5));
  Answer(503, absl::Hours(24 * 365));
  EXPECT_EQ(FromTimestamp(Row("a").next_attempt_time()), loop_.Now() + absl::Hours(24))
      << "a receiver cannot park a message for a year";
}

TEST_F(WebhookDelivererTest, SpreadsRetriesByATenthEitherWay) {
  FixedRandom low(0);
  FixedRandom high(~uint64_t{0});
  settings_.retry_schedule = {absl::Seconds(100)};
  random_ = &low;
  Commit("low");
  Start();
  Answer(503);
  EXPECT_EQ(FromTimestamp(Row("low").next_attempt_time()) - loop_.Now(), absl::Seconds(90));
  deliverer_.reset();
  random_ = &high;
  Commit("high");
  Start();
  Answer(503);
  const absl::Duration delay = FromTimestamp(Row("high").next_attempt_time()) - loop_.Now();
  EXPECT_GT(delay, absl::Seconds(109));
  EXPECT_LE(delay, absl::Seconds(110));
}

TEST_F(WebhookDelivererTest, DeliversOnceAndNotesIt) {
  Start();
  Commit("a");
  EXPECT_THAT(sender_.seen, SizeIs(0)) << "nobody has told it";
  deliverer_->Notify();
  loop_.RunReady();
  ASSERT_THAT(sender_.seen, SizeIs(1));
  EXPECT_EQ(sender_.seen[0].url, kUrl);
  EXPECT_EQ(sender_.seen[0].body, "{\"job\":\"a\"}");
  EXPECT_EQ(sender_.seen[0].timeout, absl::Seconds(15));
  EXPECT_EQ(HeaderOf(sender_.seen[0], "content-type"), "application/json");
  Answer(204);
  const WebhookDelivery row = Row("a");
  EXPECT_TRUE(row.delivered());
  EXPECT_EQ(FromTimestamp(row.done_time()), loop_.Now());
  EXPECT_EQ(row.attempts(), 1);
  EXPECT_EQ(row.last_status(), 204);
  deliverer_->Notify();
  loop_.Advance(absl::Hours(48));
  EXPECT_THAT(sender_.seen, SizeIs(1));
}

TEST_F(WebhookDelivererTest, SignsEachAttemptWithItsOwnTimeAndTheSameId) {
  Commit("a");
  Start();
  Answer(500);
  loop_.Advance(absl::Seconds(5));
  ASSERT_THAT(sender_.seen, SizeIs(2));
  const auto signer = WebhookSigner::Create(kSecret);
  ASSERT_TRUE(signer.ok());
  for (size_t i = 0; i < 2; ++i) {
    const absl::Time time = loop_.Now() - absl::Seconds(5) * (1 - static_cast<int>(i));
    const WebhookRequest& request = sender_.seen[i];
    EXPECT_EQ(HeaderOf(request, "webhook-id"), "msg_a");
    EXPECT_EQ(HeaderOf(request, "webhook-timestamp"), absl::StrCat(absl::ToUnixSeconds(time)));
    EXPECT_EQ(HeaderOf(request, "webhook-signature"), signer->Sign("msg_a", time, request.body));
  }
}

// A crash is the deliverer gone and the store kept.
TEST_F(WebhookDelivererTest, GoesOnAfterARestartWhereItStood) {
  Commit("a");
  Start();
  Answer(503);
  deliverer_.reset();
  loop_.Advance(absl::Seconds(2));
  Start();
  EXPECT_THAT(sender_.seen, SizeIs(1)) << "the wait outlives the process";
  loop_.Advance(absl::Seconds(3));
  ASSERT_THAT(sender_.seen, SizeIs(2));
  EXPECT_EQ(HeaderOf(sender_.seen[1], "webhook-id"), "msg_a");
  Answer(503);
  EXPECT_EQ(Row("a").attempts(), 2);
  EXPECT_EQ(FromTimestamp(Row("a").next_attempt_time()), loop_.Now() + absl::Minutes(5));
}

TEST_F(WebhookDelivererTest, SendsAgainAfterACrashBeforeTheOutcomeWasStored) {
  Commit("a");
  Start();
  store_.HoldCommits();
  Answer(200);
  store_.LoseHeldWrites();
  deliverer_.reset();
  Start();
  ASSERT_THAT(sender_.seen, SizeIs(2));
  EXPECT_EQ(HeaderOf(sender_.seen[1], "webhook-id"), HeaderOf(sender_.seen[0], "webhook-id"))
      << "so that the receiver can tell";
}

TEST_F(WebhookDelivererTest, AnswersThatComeAfterItsEndAreHarmless) {
  Commit("a");
  Start();
  ASSERT_THAT(sender_.open, SizeIs(1));
  deliverer_.reset();
  Answer(200);
  EXPECT_FALSE(Row("a").has_done_time());
}

TEST_F(WebhookDelivererTest, AnAttemptThatShutdownCutsOffDoesNotCount) {
  Commit("a");
  Start();
  Answer(absl::StatusOr<WebhookResponse>(absl::CancelledError("stopping")));
  EXPECT_EQ(Row("a").attempts(), 0);
  deliverer_.reset();
  Start();
  EXPECT_THAT(sender_.seen, SizeIs(2));
}

TEST_F(WebhookDelivererTest, DoesNotSendTwiceWhileAnOutcomeIsBeingStored) {
  Commit("a");
  Start();
  store_.HoldCommits();
  Answer(200);
  deliverer_->Notify();  // reads the row as it was before
  loop_.RunReady();
  store_.ReleaseCommits();
  loop_.RunReady();
  EXPECT_THAT(sender_.seen, SizeIs(1));
  EXPECT_TRUE(Row("a").delivered());
}

TEST_F(WebhookDelivererTest, StoresAnOutcomeUntilTheStoreTakesItAndSendsNothingMeanwhile) {
  Commit("a");
  Start();
  store_.FailWrites(3, absl::UnavailableError("disk full"));
  Answer(200);
  EXPECT_FALSE(Row("a").has_done_time());
  deliverer_->Notify();
  loop_.RunReady();
  EXPECT_THAT(sender_.seen, SizeIs(1));
  loop_.Advance(absl::Minutes(1));
  EXPECT_TRUE(Row("a").delivered());
  EXPECT_THAT(sender_.seen, SizeIs(1));
}

TEST_F(WebhookDelivererTest, HoldsOtherMessagesWhileOutcomesCannotBeStored) {
  Commit("a");
  Start();
  store_.FailWrites(1, absl::UnavailableError("disk full"));
  Answer(200);
  Commit("b", "https://other.example.com/");
  deliverer_->Notify();
  loop_.RunReady();
  EXPECT_THAT(sender_.seen, SizeIs(1));
  loop_.Advance(absl::Seconds(1));
  EXPECT_TRUE(Row("a").delivered());
  EXPECT_THAT(sender_.seen, SizeIs(2)) << "once the outcome is stored, the rest goes on";
}

TEST_F(WebhookDelivererTest, ReadsAgainWhenTheStoreCouldNotBeRead) {
  Commit("a");
  store_.FailReads(2, absl::UnavailableError("locked"));
  Start();
  EXPECT_THAT(sender_.seen, SizeIs(0));
  loop_.Advance(absl::Seconds(10));
  EXPECT_THAT(sender_.seen, SizeIs(1));
}

TEST_F(WebhookDelivererTest, SendsAtMostTwoAtOnceToAHost) {
  for (int i = 0; i < 5; ++i) Commit(absl::StrCat("a", i));
  Commit("b", "https://other.example.com/");
  Start();
  ASSERT_THAT(sender_.open, SizeIs(3));
  EXPECT_EQ(sender_.seen[2].url, "https://other.example.com/")
      << "one host does not hold up another";
  Answer(200);
  EXPECT_THAT(sender_.open, SizeIs(3)) << "a free place is taken";
  EXPECT_THAT(sender_.seen, SizeIs(4));
}

TEST_F(WebhookDelivererTest, SendsAtMostSoManyAtOnceInAll) {
  for (int i = 0; i < 10; ++i) Commit(absl::StrCat(i), absl::StrCat("https://h", i, ".example/"));
  WebhookDeliverer::Limits limits;
  limits.in_flight = 4;
  Start(limits);
  EXPECT_THAT(sender_.open, SizeIs(4));
  while (!sender_.open.empty()) {
    EXPECT_LE(sender_.open.size(), 4u);
    Answer(200);
  }
  EXPECT_THAT(sender_.seen, SizeIs(10));
  for (const WebhookDelivery& row : store_.Webhooks()) EXPECT_TRUE(row.delivered());
}

TEST_F(WebhookDelivererTest, DeliversMoreThanOnePageHolds) {
  for (int i = 0; i < 25; ++i) Commit(absl::StrCat(i), absl::StrCat("https://h", i, ".example/"));
  WebhookDeliverer::Limits limits;
  limits.page = 4;
  Start(limits);
  while (!sender_.open.empty()) Answer(200);
  EXPECT_THAT(sender_.seen, SizeIs(25));
  for (const WebhookDelivery& row : store_.Webhooks()) EXPECT_TRUE(row.delivered());
}

TEST_F(WebhookDelivererTest, AHostThatFillsThePageDoesNotHoldUpTheOthers) {
  for (int i = 0; i < 20; ++i) Commit(absl::StrCat("slow", i));
  loop_.Advance(absl::Seconds(1));
  Commit("other", "https://other.example.com/");
  WebhookDeliverer::Limits limits;
  limits.page = 4;
  Start(limits);
  ASSERT_THAT(sender_.seen, SizeIs(3)) << "two of the slow host, which do not end, and the other";
  EXPECT_EQ(sender_.seen[2].url, "https://other.example.com/");
}

TEST_F(WebhookDelivererTest, RetriesBeyondAFullPageComeInTheirOwnTime) {
  WebhookDeliverer::Limits limits;
  limits.page = 2;
  for (int i = 0; i < 6; ++i) Commit(absl::StrCat(i), absl::StrCat("https://h", i, ".example/"));
  Start(limits);
  while (!sender_.open.empty()) Answer(503);
  EXPECT_THAT(sender_.seen, SizeIs(6));
  loop_.Advance(absl::Seconds(5));
  while (!sender_.open.empty()) Answer(200);
  EXPECT_THAT(sender_.seen, SizeIs(12));
  for (const WebhookDelivery& row : store_.Webhooks()) EXPECT_TRUE(row.delivered());
}

TEST_F(WebhookDelivererTest, DoesNotSendToATargetThatIsNoLongerAllowed) {
  Commit("a", "https://10.0.0.1/");
  Commit("b", "http://hooks.example.com/");
  Start();
  EXPECT_THAT(sender_.seen, SizeIs(0));
  EXPECT_EQ(Row("a").attempts(), 1);
  EXPECT_THAT(Row("a").last_error(), HasSubstr("webhook.allow_private_networks"));
  EXPECT_THAT(Row("b").last_error(), HasSubstr("webhook.allow_http"));
  EXPECT_FALSE(Row("a").has_done_time()) << "an operator may still allow it";
}

TEST_F(WebhookDelivererTest, DoesNotSendUnsigned) {
  settings_.signing_secret = Secret("whsec_tooshort");
  Commit("a");
  Start();
  EXPECT_THAT(sender_.seen, SizeIs(0));
  EXPECT_THAT(Row("a").last_error(), HasSubstr("webhook.signing_secret"));
}

TEST_F(WebhookDelivererTest, ANewSecretSignsFirstAndTheOneBeforeItForADay) {
  const std::string old_secret = kSecret;
  const std::string new_secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  const auto signature = [this](const std::string& secret) {
    return WebhookSigner::Create(secret)->Sign(HeaderOf(sender_.seen.back(), "webhook-id"),
                                               loop_.Now(), sender_.seen.back().body);
  };
  const auto sent = [this] { return HeaderOf(sender_.seen.back(), "webhook-signature"); };
  settings_.retry_schedule = {absl::Hours(23), absl::Hours(2)};
  random_ = &middle_;
  Start();
  deliverer_->SetSigningSecret(Secret(new_secret));
  deliverer_->SetSigningSecret(Secret(new_secret));  // read again and not changed
  deliverer_->SetSigningSecret(Secret("whsec_tooshort"));
  loop_.RunReady();
  Commit("a");
  deliverer_->Notify();
  loop_.RunReady();
  ASSERT_THAT(sender_.seen, SizeIs(1));
  EXPECT_EQ(sent(), signature(new_secret) + " " + signature(old_secret));
  Answer(503);
  loop_.AdvanceToNextTimer();  // 23 hours later
  ASSERT_THAT(sender_.seen, SizeIs(2));
  EXPECT_EQ(sent(), signature(new_secret) + " " + signature(old_secret));
  Answer(503);
  loop_.AdvanceToNextTimer();
  ASSERT_THAT(sender_.seen, SizeIs(3));
  EXPECT_EQ(sent(), signature(new_secret));
}

TEST_F(WebhookDelivererTest, ALogLineHoldsTheHostButNotTheUrl) {
  ::testing::internal::CaptureStderr();
  Commit("a");
  Start();
  Answer(503);
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("\"host\":\"hooks.example.com:443\""));
  EXPECT_THAT(log, HasSubstr("\"message_id\":\"msg_a\""));
  EXPECT_THAT(log, ::testing::Not(HasSubstr("secret-part")));
  EXPECT_THAT(log, ::testing::Not(HasSubstr("{\\\"job\\\"")));
}

}  // namespace
}  // namespace cxscribe
