// SimServer on real sockets: delivery faults byte by byte, connections, restarts, callbacks.
#include <cerrno>
#include <future>
#include <poll.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "tests/sim/sim_server.h"

namespace cxscribe::sim {
namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int kPatienceMs = 10'000;

// A bare client socket: what a client library would hide is what these tests are about.
class Client {
 public:
  explicit Client(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  void Send(const std::string& bytes) {
    ASSERT_EQ(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // Reads until `text` has arrived. False: the connection ended before.
  bool ReadUntil(const std::string& text) {
    while (!absl::StrContains(received, text)) {
      if (!ReadSome()) return false;
    }
    return true;
  }
  // Reads one answer with a Content-Length and returns it, removed from `received`.
  std::string ReadAnswer() {
    if (!ReadUntil("\r\n\r\n")) return "";
    const size_t head = received.find("\r\n\r\n") + 4;
    const size_t length = std::stoul(received.substr(received.find("Content-Length: ") + 16));
    while (received.size() < head + length) {
      if (!ReadSome()) return "";
    }
    const std::string answer = received.substr(0, head + length);
    received.erase(0, head + length);
    return answer;
  }
  void ReadToEnd() {
    while (ReadSome()) {
    }
  }

  std::string received;
  bool reset = false;  // the connection ended with RST, not with FIN

 private:
  bool ReadSome() {
    pollfd poller{fd_, POLLIN, 0};
    if (poll(&poller, 1, kPatienceMs) != 1) {
      ADD_FAILURE() << "nothing came in " << kPatienceMs << " ms";
      return false;
    }
    char buffer[64 * 1024];
    const ssize_t count = recv(fd_, buffer, sizeof buffer, 0);
    if (count <= 0) {
      reset = count < 0 && errno == ECONNRESET;
      return false;
    }
    received.append(buffer, static_cast<size_t>(count));
    return true;
  }

  const int fd_;
  bool connected_ = false;
};

class ServerTest : public testing::Test {
 protected:
  explicit ServerTest(SimOptions options = {.transcription_time = absl::ZeroDuration()})
      : server(options) {}
  void SetUp() override {
    const auto started = server.Start();
    ASSERT_TRUE(started.ok()) << started.status();
    port = *started;
    Client client(port);
    client.Send(Form("grant_type=client_credentials&client_id=demo&client_secret=demo"));
    const std::string answer = client.ReadAnswer();
    token = json::parse(answer.substr(answer.find("\r\n\r\n"))).at("access_token");
  }

  static std::string Form(const std::string& body) {
    return absl::StrCat("POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Type: ",
                        "application/x-www-form-urlencoded\r\nContent-Length: ", body.size(),
                        "\r\n\r\n", body);
  }
  std::string Get(const std::string& target) const {
    return absl::StrCat("GET ", target, " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ", token,
                        "\r\n\r\n");
  }
  std::string Submit(const std::string& body) const {
    return absl::StrCat("POST /api/v2/voice/transcriptions HTTP/1.1\r\nHost: x\r\n",
                        "Authorization: Bearer ", token, "\r\nContent-Type: application/json\r\n",
                        "Content-Length: ", body.size(), "\r\n\r\n", body);
  }
  // Waits until `count` requests hang; false when they do not.
  bool HeldBecomes(int count) const {
    const absl::Time deadline = absl::Now() + absl::Milliseconds(kPatienceMs);
    while (server.HeldCount() != count) {
      if (absl::Now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
  std::string SubmitSeed() const { return Submit(R"({"recording_ids": ["rec_8a7f3b2c1d4e"]})"); }

  SimServer server;
  int port = 0;
  std::string token;
};

TEST_F(ServerTest, ResetSendsNotOneByte) {
  server->AddFault({.kind = FaultKind::kReset, .route = Route::kSubmit, .processed = true});
  Client client(port);
  client.Send(SubmitSeed());
  client.ReadToEnd();
  EXPECT_TRUE(client.reset);
  EXPECT_EQ(client.received, "");
  EXPECT_EQ(server->Transcriptions().size(), 1u);
}

TEST_F(ServerTest, TruncatedBodyEndsBeforeItsLength) {
  server->AddFault({.kind = FaultKind::kTruncated, .route = Route::kSubmit, .keep_bytes = 7});
  Client client(port);
  client.Send(SubmitSeed());
  client.ReadToEnd();
  EXPECT_THAT(client.received, HasSubstr("Content-Length: 25\r\n"));
  EXPECT_THAT(client.received, EndsWith("\r\n\r\n{\"id\":\""));
}

TEST_F(ServerTest, HangEndsWhenItIsReleased) {
  server->AddFault({.kind = FaultKind::kHang, .route = Route::kSubmit});
  Client client(port);
  client.Send(SubmitSeed());
  ASSERT_TRUE(server->WaitForCalls(Route::kSubmit, 1, absl::Seconds(10)));
  ASSERT_TRUE(HeldBecomes(1));
  server.ReleaseHeld();
  client.ReadToEnd();
  EXPECT_EQ(client.received, "");
}

TEST_F(ServerTest, HangEndsWhenTheFaultsAreDeleted) {
  server->AddFault({.kind = FaultKind::kHang, .route = Route::kSubmit});
  Client client(port);
  client.Send(SubmitSeed());
  ASSERT_TRUE(HeldBecomes(1));
  Client admin(port);
  admin.Send("DELETE /admin/faults HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(admin.ReadAnswer(), StartsWith("HTTP/1.1 200"));
  client.ReadToEnd();
  EXPECT_EQ(client.received, "");
}

TEST_F(ServerTest, HangEndsWhenTheClientLeaves) {
  server->AddFault({.kind = FaultKind::kHang, .route = Route::kSubmit});
  {
    Client client(port);
    client.Send(SubmitSeed());
    ASSERT_TRUE(HeldBecomes(1));
  }
  EXPECT_TRUE(HeldBecomes(0));
}

TEST_F(ServerTest, HangInBodySendsItsPartFirst) {
  server->AddFault({.kind = FaultKind::kHang, .route = Route::kSubmit, .keep_bytes = 7});
  Client client(port);
  client.Send(SubmitSeed());
  EXPECT_TRUE(client.ReadUntil("{\"id\":\""));
  ASSERT_TRUE(HeldBecomes(1));
  server.ReleaseHeld();
  client.ReadToEnd();
  EXPECT_THAT(client.received, EndsWith("{\"id\":\""));
}

TEST_F(ServerTest, LatencyPassesBeforeTheAnswer) {
  server->AddFault({.kind = FaultKind::kLatency, .latency = absl::Milliseconds(80)});
  Client client(port);
  const absl::Time start = absl::Now();
  client.Send(SubmitSeed());
  EXPECT_THAT(client.ReadAnswer(), StartsWith("HTTP/1.1 200"));
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(79));
}

TEST_F(ServerTest, HugeBodyIsStreamedAndStillJson) {
  server->AddFault({.kind = FaultKind::kHugeBody, .route = Route::kSubmit, .mib = 3});
  Client client(port);
  client.Send(SubmitSeed());
  ASSERT_TRUE(client.ReadUntil("\r\n0\r\n\r\n"));
  EXPECT_THAT(client.received, HasSubstr("Transfer-Encoding: chunked"));
  EXPECT_GT(client.received.size(), 3u * 1024 * 1024);
  EXPECT_THAT(client.received, HasSubstr("\"id\":\"txn_9f8e7d6c5b4a\"}"));
}

TEST_F(ServerTest, InvalidUtf8ArrivesAsItIs) {
  server->AddFault({.kind = FaultKind::kInvalidUtf8, .route = Route::kSubmit});
  Client client(port);
  client.Send(SubmitSeed());
  EXPECT_THAT(client.ReadAnswer(), HasSubstr("{\"id\":\"\xff\xc3\x28\"}"));
}

TEST_F(ServerTest, RetryAfterArrives) {
  server->AddFault({.kind = FaultKind::kStatus, .status = 429, .retry_after = absl::Seconds(7)});
  Client client(port);
  client.Send(SubmitSeed());
  const std::string answer = client.ReadAnswer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 429"));
  EXPECT_THAT(answer, HasSubstr("Retry-After: 7\r\n"));
}

TEST_F(ServerTest, AHundredOfTheLongestIdsFitInACall) {
  std::string target = "/api/v2/recordings?ids=rec_8a7f3b2c1d4e";
  for (int i = 0; i < 99; ++i) absl::StrAppend(&target, "&ids=", std::string(128, 'a'));
  Client client(port);
  client.Send(Get(target));
  const std::string answer = client.ReadAnswer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("rec_8a7f3b2c1d4e"));
  EXPECT_EQ(server->Requests(Route::kRecordings).front().request.target, target);
}

TEST_F(ServerTest, APostWithoutLengthHasNoBodyAndDoesNotWait) {
  Client client(port);
  client.Send("POST /admin/revoke-tokens HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.ReadAnswer(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, AConnectionServesManyRequestsAlsoPipelined) {
  Client client(port);
  client.Send(SubmitSeed() + Get("/api/v2/voice/transcriptions/txn_9f8e7d6c5b4a"));
  EXPECT_THAT(client.ReadAnswer(), HasSubstr("txn_9f8e7d6c5b4a"));
  EXPECT_THAT(client.ReadAnswer(), HasSubstr("\"completed\""));
  for (int i = 0; i < 20; ++i) {
    client.Send(Get("/api/v2/recordings?ids=rec_silent"));
    EXPECT_THAT(client.ReadAnswer(), StartsWith("HTTP/1.1 200")) << i;
  }
}

TEST_F(ServerTest, GarbageIsRefusedAndTheConnectionEnds) {
  for (const char* bytes : {"\r\n\r\n", "nonsense\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01 x\r\n\r\n",
                            "GET / HTTP/9.9\r\nHost: x\r\n\r\n"}) {
    Client client(port);
    client.Send(bytes);
    client.ReadToEnd();
    EXPECT_THAT(client.received, StartsWith("HTTP/1.1 400")) << bytes;
    Client next(port);
    next.Send(Get("/api/v2/recordings?ids=rec_silent"));
    EXPECT_THAT(next.ReadAnswer(), StartsWith("HTTP/1.1 200")) << bytes;
  }
}

TEST_F(ServerTest, AHeadWithoutEndIsCutOff) {
  Client client(port);
  client.Send("GET /" + std::string(300 * 1024, 'a'));
  client.ReadToEnd();
  EXPECT_EQ(client.received, "");
}

TEST_F(ServerTest, ManyClientsAtOnce) {
  std::vector<std::future<int>> clients;
  for (int i = 0; i < 64; ++i) {
    clients.push_back(std::async(std::launch::async, [this] {
      int good = 0;
      Client client(port);
      for (int k = 0; k < 5; ++k) {
        client.Send(Get("/api/v2/recordings?ids=rec_silent"));
        good += absl::StartsWith(client.ReadAnswer(), "HTTP/1.1 200") ? 1 : 0;
      }
      return good;
    }));
  }
  for (auto& client : clients) EXPECT_EQ(client.get(), 5);
  EXPECT_EQ(server->CallCount(Route::kRecordings), 320);
}

TEST_F(ServerTest, StopAndStartIsAnOutageThatKeepsTheState) {
  Client client(port);
  client.Send(SubmitSeed());
  client.ReadAnswer();
  server.Stop();
  client.ReadToEnd();
  EXPECT_FALSE(Client(port).connected());
  ASSERT_EQ(server.Start().value(), port);
  Client again(port);
  again.Send(Get("/api/v2/voice/transcriptions/txn_9f8e7d6c5b4a"));
  EXPECT_THAT(again.ReadAnswer(), HasSubstr("\"completed\""));
}

TEST_F(ServerTest, StopsWhileRequestsHang) {
  server->AddFault({.kind = FaultKind::kHang});
  Client client(port);
  client.Send(SubmitSeed());
  ASSERT_TRUE(HeldBecomes(1));
  server.Stop();
  client.ReadToEnd();
  EXPECT_EQ(client.received, "");
}

TEST_F(ServerTest, ATakenPortIsAnError) {
  SimServer second({.port = port});
  const auto started = second.Start();
  EXPECT_EQ(started.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(started.status().message()), HasSubstr(absl::StrCat(port)));
}

TEST_F(ServerTest, ListensOnLoopbackOnly) {
  EXPECT_EQ(server.base_url(), absl::StrCat("http://127.0.0.1:", port));
  // The whole of 127/8 reaches a socket that is bound to any address, but not one bound to
  // 127.0.0.1.
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
  EXPECT_NE(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  close(fd);
}

TEST_F(ServerTest, CallsTheWebhookWhenATranscriptionEnds) {
  SimServer receiver;
  ASSERT_TRUE(receiver.Start().ok());
  Client client(port);
  client.Send(Submit(absl::StrCat(R"({"recording_ids": ["rec_8a7f3b2c1d4e"], "webhook_url": ")",
                                  receiver.base_url(), R"(/done?x=1"})")));
  client.ReadAnswer();
  ASSERT_TRUE(receiver->WaitForCalls(Route::kOther, 1, absl::Seconds(10)));
  const HttpRequest call = receiver->Requests(Route::kOther).front().request;
  EXPECT_EQ(call.method, "POST");
  EXPECT_EQ(call.target, "/done?x=1");
  EXPECT_EQ(json::parse(call.body), json({{"id", "txn_9f8e7d6c5b4a"}, {"status", "completed"}}));
}

}  // namespace
}  // namespace cxscribe::sim
