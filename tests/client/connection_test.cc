// cxctl over real gRPC, against an in-process server.
#include "client/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "client/error_view.h"
#include "server/base/error.h"
#include "tests/client/fake_server.h"
#include "tests/client/fakes.h"

namespace cxscribe::client {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// cxctl with the real connection; time is still virtual, so that no test waits for a backoff.
struct ConnectedHarness : Harness {
  explicit ConnectedHarness(const std::string& address) {
    variables["CXSCRIBE_SERVER"] = address;
    environment.connect = Connect;
  }
};

std::shared_ptr<ApiClient> ConnectTo(const std::string& address,
                                     absl::Duration timeout = absl::Seconds(30)) {
  ServerOptions options;
  options.address = address;
  options.timeout = timeout;
  return *Connect(options);
}

v1::GetJobRequest JobRequest(const std::string& job_id) {
  v1::GetJobRequest request;
  request.set_job_id(job_id);
  return request;
}

TEST(Connection, CarriesErrorDetails) {
  FakeServer server({});
  const auto job = ConnectTo(server.address())->GetJob(JobRequest("job_9"));
  EXPECT_EQ(job.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(job.status()), "JOB_NOT_FOUND");
  EXPECT_TRUE(IsFromServer(job.status()));
}

TEST(Connection, RetriesReadsAsTheServiceConfigSays) {
  FakeServer::Options options;
  options.failing_reads = 2;
  FakeServer server(options);
  const auto job = ConnectTo(server.address())->GetJob(JobRequest("job_1"));
  EXPECT_TRUE(job.ok()) << job.status();
  EXPECT_EQ(server.get_job_calls(), 3);
}

TEST(Connection, ACallEndsAtItsDeadline) {
  FakeServer server({});
  const auto job =
      ConnectTo(server.address(), absl::Milliseconds(100))->GetJob(JobRequest("job_slow"));
  EXPECT_TRUE(absl::IsDeadlineExceeded(job.status())) << job.status();
}

TEST(Connection, NobodyThereIsUnavailableAndNotFromTheServer) {
  std::string address;
  {
    FakeServer server({});
    address = server.address();
  }
  const auto job = ConnectTo(address)->GetJob(JobRequest("job_1"));
  EXPECT_TRUE(absl::IsUnavailable(job.status())) << job.status();
  EXPECT_FALSE(IsFromServer(job.status()));
}

TEST(Connection, AMissingCertificateIsALocalError) {
  ServerOptions options;
  options.tls = true;
  options.tls_ca = "/nonexistent/ca.pem";
  const auto api = Connect(options);
  EXPECT_THAT(std::string(api.status().message()), HasSubstr("/nonexistent/ca.pem"));
}

TEST(Connection, AStreamCanBeLeftAtAnyTime) {
  FakeServer server({});
  const auto api = ConnectTo(server.address());
  v1::WatchRequest request;
  request.add_targets()->set_job_id("job_endless");
  v1::WatchResponse response;
  api->Watch(request);  // before anything has arrived
  const auto stream = api->Watch(request);
  EXPECT_EQ(stream->Next(absl::Seconds(30), response), WatchStream::Event::kMessage);
  EXPECT_EQ(stream->Next(absl::Milliseconds(1), response), WatchStream::Event::kTick);
}

TEST(Connection, AStreamReportsItsStatus) {
  FakeServer server({});
  v1::WatchRequest request;
  request.add_targets()->set_job_id("job_1");
  const auto stream = ConnectTo(server.address())->Watch(request);
  v1::WatchResponse response;
  int messages = 0;
  WatchStream::Event event = WatchStream::Event::kTick;
  while (event != WatchStream::Event::kEnd) {
    event = stream->Next(absl::Seconds(30), response);
    if (event == WatchStream::Event::kMessage) ++messages;
  }
  EXPECT_EQ(messages, 3);
  EXPECT_TRUE(absl::IsUnavailable(stream->Finish()));
}

TEST(CxctlOverGrpc, SubmitsAndWatchesAcrossALostStream) {
  FakeServer server({});
  ConnectedHarness cxctl(server.address());
  EXPECT_EQ(cxctl.Run({"submit", "rec_1", "--watch", "-o", "jsonl"}), 0) << cxctl.err.str();
  std::istringstream lines(cxctl.out.str());
  std::vector<std::string> revisions;
  for (std::string line; std::getline(lines, line);) {
    revisions.push_back(nlohmann::json::parse(line)["revision"]);
  }
  EXPECT_THAT(revisions, ::testing::ElementsAre("1", "2", "3"));
  ASSERT_THAT(server.watch_requests(), SizeIs(2));
  EXPECT_EQ(server.watch_requests()[1].targets(0).after_revision(), 2);
}

TEST(CxctlOverGrpc, PrintsEveryFieldViolation) {
  FakeServer server({});
  ConnectedHarness cxctl(server.address());
  EXPECT_EQ(cxctl.Run({"submit", "bad"}), 67);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("- recording_ids: \"bad\" is bad\n  - language: unknown"));
}

TEST(CxctlOverGrpc, JoinsPagesLargerThanGrpcTakesByDefault) {
  FakeServer server({});
  ConnectedHarness cxctl(server.address());
  EXPECT_EQ(cxctl.Run({"result", "job_large", "-o", "json"}), 0) << cxctl.err.str();
  const auto result = nlohmann::json::parse(cxctl.out.str());
  EXPECT_EQ(result["segments"].size(), 2u);
  EXPECT_EQ(result["segments"][1]["text"].get<std::string>().size(), 5u << 20);
  EXPECT_EQ(result["next_page_token"], "");
}

TEST(CxctlOverGrpc, AServiceThatIsMissingIsUnimplemented) {
  FakeServer server({});
  ConnectedHarness cxctl(server.address());
  EXPECT_EQ(cxctl.Run({"plugin", "list"}), 76);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("as new as this cxctl"));
}

TEST(CxctlOverGrpc, AsksWhetherTheServerRuns) {
  std::string address;
  {
    FakeServer server({});
    address = server.address();
  }
  ConnectedHarness cxctl(address);
  EXPECT_EQ(cxctl.Run({"get", "job_1"}), 78);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("Is cxscribed running at " + address + "?"));
}

}  // namespace
}  // namespace cxscribe::client
