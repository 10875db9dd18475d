// The operators' endpoint over real sockets, on ports of the system's choice.
#include "server/telemetry/http_endpoint.h"

#include <httplib.h>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/base/error.h"

namespace cxscribe {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

Readiness Ready() { return {{{"store", Health::kOk, ""}}}; }

class TelemetryEndpointTest : public ::testing::Test {
 protected:
  // Answers GET `path` of an endpoint whose readiness is `readiness`.
  httplib::Response Get(const std::string& path, const Readiness& readiness = Ready()) {
    auto endpoint = TelemetryEndpoint::Start("127.0.0.1:0", metrics_, [&] { return readiness; });
    EXPECT_TRUE(endpoint.ok()) << endpoint.status();
    httplib::Client client("127.0.0.1", (*endpoint)->port());
    const httplib::Result result = client.Get(path);
    EXPECT_TRUE(result) << httplib::to_string(result.error());
    return result ? *result : httplib::Response();
  }

  Metrics metrics_;
};

TEST_F(TelemetryEndpointTest, RefusesAnAddressThatIsNone) {
  for (const char* address : {"", "9464", ":9464", "localhost", "localhost:", "localhost:x",
                              "localhost:-1", "localhost:65536", "::1:9464", "[]:1"}) {
    const auto endpoint = TelemetryEndpoint::Start(address, metrics_, Ready);
    ASSERT_FALSE(endpoint.ok()) << address;
    EXPECT_EQ(endpoint.status().code(), absl::StatusCode::kInvalidArgument) << address;
    EXPECT_THAT(std::string(endpoint.status().message()), HasSubstr("listen.metrics"));
  }
}

TEST_F(TelemetryEndpointTest, RefusesAPortThatIsTaken) {
  const auto first = TelemetryEndpoint::Start("127.0.0.1:0", metrics_, Ready);
  ASSERT_TRUE(first.ok());
  const std::string address = "127.0.0.1:" + std::to_string((*first)->port());
  const auto second = TelemetryEndpoint::Start(address, metrics_, Ready);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(second.status()), "LISTEN_FAILED");
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(address));
}

TEST_F(TelemetryEndpointTest, IsUnreadyWhenAComponentFailed) {
  const httplib::Response response =
      Get("/readyz", {{{"store", Health::kFailed, "disk full"}, {"audit", Health::kOk, ""}}});
  EXPECT_EQ(response.status, 503);
  const Json json = Json::parse(response.body);
  EXPECT_EQ(json["ready"], false);
  EXPECT_EQ(json["components"]["store"]["health"], "failed");
  EXPECT_EQ(json["components"]["store"]["message"], "disk full");
  EXPECT_EQ(json["components"]["audit"]["health"], "ok");
}

TEST_F(TelemetryEndpointTest, StaysReadyWhenTheUpstreamIsDegraded) {
  const httplib::Response response =
      Get("/readyz", {{{"upstream:default", Health::kDegraded, "503 for 2m \xFF"}}});
  EXPECT_EQ(response.status, 200);
  const Json json = Json::parse(response.body);
  EXPECT_EQ(json["ready"], true);
  EXPECT_EQ(json["components"]["upstream:default"]["health"], "degraded");
  EXPECT_THAT(response.get_header_value("Content-Type"), HasSubstr("application/json"));
}

TEST_F(TelemetryEndpointTest, IsAliveWhateverReadinessSays) {
  const httplib::Response response = Get("/healthz", {{{"store", Health::kFailed, "gone"}}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "ok\n");
}

TEST_F(TelemetryEndpointTest, ServesTheMetrics) {
  metrics_.JobSubmitted();
  const httplib::Response response = Get("/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.get_header_value("Content-Type"), HasSubstr("version=0.0.4"));
  EXPECT_THAT(response.body, HasSubstr("cxscribe_jobs_submitted_total 1"));
}

TEST_F(TelemetryEndpointTest, KnowsNothingElse) {
  EXPECT_EQ(Get("/").status, 404);
  EXPECT_EQ(Get("/metrics/../secrets").status, 404);
}

TEST_F(TelemetryEndpointTest, ListensOnIpv6) {
  const auto endpoint = TelemetryEndpoint::Start("[::1]:0", metrics_, Ready);
  if (!endpoint.ok()) {  // a machine without IPv6 is told which address cannot be had
    EXPECT_EQ(endpoint.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(endpoint.status().message()), HasSubstr("::1"));
    return;
  }
  httplib::Client client("::1", (*endpoint)->port());
  const httplib::Result result = client.Get("/healthz");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 200);
}

TEST_F(TelemetryEndpointTest, ServesMoreClientsThanItHasThreads) {
  auto endpoint = TelemetryEndpoint::Start("127.0.0.1:0", metrics_, Ready);
  ASSERT_TRUE(endpoint.ok());
  const int port = (*endpoint)->port();
  std::vector<int> statuses(16, 0);
  std::vector<std::thread> clients;
  for (int& status : statuses) {
    clients.emplace_back([port, &status] {
      httplib::Client client("127.0.0.1", port);
      client.set_keep_alive(true);  // asks to hold the connection; must not starve the others
      if (const httplib::Result result = client.Get("/readyz")) status = result->status;
    });
  }
  for (std::thread& client : clients) client.join();
  for (const int status : statuses) EXPECT_EQ(status, 200);
}

TEST_F(TelemetryEndpointTest, FreesItsPortWhenItIsDestroyed) {
  auto endpoint = TelemetryEndpoint::Start("127.0.0.1:0", metrics_, Ready);
  ASSERT_TRUE(endpoint.ok());
  const std::string address = "127.0.0.1:" + std::to_string((*endpoint)->port());
  endpoint->reset();
  EXPECT_TRUE(TelemetryEndpoint::Start(address, metrics_, Ready).ok());
}

}  // namespace
}  // namespace cxscribe
