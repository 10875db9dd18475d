// The whole way out: deliverer, HTTP loop and a receiver that checks the signature as the
// specification tells receivers to.
#include "server/webhook/http_sender.h"

#include <atomic>
#include <functional>
#include <future>
#include <httplib.h>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/hash.h"
#include "server/base/timestamp.h"
#include "server/webhook/deliverer.h"
#include "tests/support/fake_job_store.h"

namespace cxscribe {
namespace {

using internal::v1::WebhookDelivery;
using ::testing::HasSubstr;

// The 24 bytes that "whsec_" + Base64 stands for; the receiver's own copy.
constexpr char kKey[] = "0123456789abcdefghijklmn";

std::string SecretOf(const std::string& key) { return "whsec_" + Base64(key); }

// An HTTP server on a port of the system's choice.
class Receiver {
 public:
  explicit Receiver(httplib::Server::Handler handler) {
    server_.Post("/hook", std::move(handler));
    server_.Get("/elsewhere",
                [this](const httplib::Request&, httplib::Response&) { redirect_followed = true; });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~Receiver() {
    server_.stop();
    thread_.join();
  }

  std::string url(const std::string& host = "127.0.0.1") const {
    return absl::StrCat("http://", host, ":", port_, "/hook");
  }

  std::atomic<bool> redirect_followed{false};

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

WebhookSettings LocalSettings() {
  WebhookSettings settings;
  settings.signing_secret = Secret(SecretOf(kKey));
  settings.allow_http = true;
  settings.allow_private_networks = true;
  settings.timeout = absl::Seconds(10);
  return settings;
}

absl::StatusOr<WebhookResponse> SendTo(const std::string& url, const WebhookSettings& settings) {
  const SystemClock clock;
  HttpLoop http;
  HttpWebhookSender sender(settings, http, clock);
  WebhookRequest request;
  request.url = url;
  request.body = "{}";
  request.timeout = settings.timeout;
  std::promise<absl::StatusOr<WebhookResponse>> answer;
  sender.Send(std::move(request), [&answer](absl::StatusOr<WebhookResponse> response) {
    answer.set_value(std::move(response));
  });
  return answer.get_future().get();
}

// The name passes any check of the URL; only the address shows where it leads.
TEST(HttpWebhookSender, DoesNotConnectToANameThatResolvesToAPrivateAddress) {
  std::atomic<int> requests = 0;
  Receiver receiver([&requests](const httplib::Request&, httplib::Response&) { ++requests; });
  WebhookSettings settings = LocalSettings();
  settings.allow_private_networks = false;
  const auto response = SendTo(receiver.url("localhost"), settings);
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.status().code(), absl::StatusCode::kPermissionDenied) << response.status();
  EXPECT_THAT(std::string(response.status().message()),
              HasSubstr("webhook.allow_private_networks"));
  EXPECT_THAT(std::string(response.status().message()), ::testing::Not(HasSubstr("/hook")));
  EXPECT_EQ(requests, 0);
}

TEST(HttpWebhookSender, ReportsThatNobodyListens) {
  std::string url;
  {
    Receiver gone([](const httplib::Request&, httplib::Response&) {});
    url = gone.url();
  }
  const auto response = SendTo(url, LocalSettings());
  EXPECT_EQ(response.status().code(), absl::StatusCode::kUnavailable) << response.status();
}

TEST(HttpWebhookSender, DoesNotFollowRedirects) {
  Receiver receiver([](const httplib::Request&, httplib::Response& response) {
    response.set_redirect("/elsewhere", 307);
  });
  const auto response = SendTo(receiver.url(), LocalSettings());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 307);
  EXPECT_FALSE(receiver.redirect_followed);
}

TEST(HttpWebhookSender, ReadsRetryAfter) {
  Receiver receiver([](const httplib::Request&, httplib::Response& response) {
    response.status = 429;
    response.set_header("Retry-After", "120");
  });
  const auto response = SendTo(receiver.url(), LocalSettings());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 429);
  EXPECT_EQ(response->retry_after, absl::Seconds(120));
}

TEST(HttpWebhookSender, TakesTheStatusOfAnAnswerThatIsTooLarge) {
  Receiver receiver([](const httplib::Request&, httplib::Response& response) {
    response.set_content(std::string(1 << 20, 'x'), "text/plain");
  });
  const auto response = SendTo(receiver.url(), LocalSettings());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 200);
}

TEST(HttpWebhookSender, DeliversASignedMessageThatTheReceiverCanVerify) {
  std::promise<httplib::Request> received;
  Receiver receiver([&received](const httplib::Request& request, httplib::Response& response) {
    response.status = 204;
    received.set_value(request);
  });

  const SystemClock clock;
  SystemRandom random;
  Metrics metrics;
  const WebhookSettings settings = LocalSettings();
  LoopThread executor("deliverer", clock);
  FakeJobStore store(executor);

  JobWrite write;
  write.record.mutable_job()->set_job_id("job_1");
  write.record.mutable_job()->set_revision(1);
  write.record.mutable_job()->set_state(v1::JOB_STATE_SUCCEEDED);
  *write.record.mutable_job()->mutable_create_time() = ToTimestamp(clock.Now());
  write.webhook.emplace();
  write.webhook->set_message_id("msg_1");
  write.webhook->set_job_id("job_1");
  write.webhook->set_url(receiver.url());
  write.webhook->set_payload(R"({"type":"job.succeeded"})");
  *write.webhook->mutable_next_attempt_time() = ToTimestamp(clock.Now());
  std::promise<absl::Status> committed;
  store.Create(std::move(write), absl::InfinitePast(), 10,
               [&committed](absl::StatusOr<CreateOutcome> outcome) {
                 committed.set_value(outcome.status());
               });
  ASSERT_TRUE(committed.get_future().get().ok());

  HttpLoop http;
  HttpWebhookSender sender(settings, http, clock);
  WebhookDeliverer deliverer(settings, executor, random, store, sender, metrics);
  deliverer.Start();

  const httplib::Request request = received.get_future().get();
  EXPECT_EQ(request.body, R"({"type":"job.succeeded"})");
  EXPECT_EQ(request.get_header_value("content-type"), "application/json");
  EXPECT_THAT(request.get_header_value("user-agent"), HasSubstr("cxscribe/"));
  const std::string id = request.get_header_value("webhook-id");
  const std::string timestamp = request.get_header_value("webhook-timestamp");
  EXPECT_EQ(id, "msg_1");
  EXPECT_LT(absl::AbsDuration(clock.Now() - absl::FromUnixSeconds(std::stoll(timestamp))),
            absl::Minutes(5))
      << "receivers refuse what is older";
  EXPECT_EQ(request.get_header_value("webhook-signature"),
            "v1," + Base64(HmacSha256(kKey, id + "." + timestamp + "." + request.body)));

  // The outcome is stored after the answer: asked for on the executor, until it is there.
  std::promise<WebhookDelivery> stored;
  std::function<void()> look = [&] {
    const WebhookDelivery row = store.Webhooks().at(0);
    if (row.has_done_time()) {
      stored.set_value(row);
    } else {
      executor.PostAfter(absl::Milliseconds(1), look);
    }
  };
  executor.Post(look);
  const WebhookDelivery row = stored.get_future().get();
  EXPECT_TRUE(row.delivered());
  EXPECT_EQ(row.last_status(), 204);
  EXPECT_EQ(row.attempts(), 1);
  executor.Stop();
}

}  // namespace
}  // namespace cxscribe
