#include "server/cxone/http_loop.h"

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include "tests/cxone/raw_server.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

// No test waits that long unless it fails.
constexpr auto kForever = std::chrono::seconds(30);

HttpRequest Get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  return request;
}

HttpRequest Post(std::string url, std::string body) {
  HttpRequest request = Get(std::move(url));
  request.method = "POST";
  request.body = std::move(body);
  return request;
}

std::future<HttpResult> SendAsync(HttpSender& http, HttpRequest request) {
  auto promise = std::make_shared<std::promise<HttpResult>>();
  std::future<HttpResult> future = promise->get_future();
  // A second call would throw: each callback runs once.
  http.Send(std::move(request),
            [promise](HttpResult result) { promise->set_value(std::move(result)); });
  return future;
}

HttpResult Wait(std::future<HttpResult>& future) {
  if (future.wait_for(kForever) != std::future_status::ready) {
    ADD_FAILURE() << "no callback";
    return {};
  }
  return future.get();
}

HttpResult Send(HttpSender& http, HttpRequest request) {
  std::future<HttpResult> future = SendAsync(http, std::move(request));
  return Wait(future);
}

// Answers every request of every connection alike.
RawServer::Handler Always(std::string answer) {
  return [answer](RawConnection& connection, int) {
    while (!connection.ReadRequest().empty()) connection.Write(answer);
  };
}

TEST(HttpLoop, BringsTheAnswerBack) {
  std::string seen;
  RawServer server([&seen](RawConnection& connection, int) {
    seen = connection.ReadRequest();
    connection.Write(HttpAnswer(404, "not here",
                                "X-Thing:  a \r\nSET-Cookie: 1\r\nset-cookie: 2\r\nEmpty:\r\n"));
  });
  HttpResult result;
  {
    HttpLoop http;
    HttpRequest request = Get(server.Url("/a?b=c"));
    request.headers = {{"Authorization", "Bearer t"}, {"X-Empty", ""}};
    result = Send(http, std::move(request));
  }
  EXPECT_TRUE(result.ok());
  EXPECT_TRUE(result.request_sent);
  EXPECT_EQ(result.status, 404);
  EXPECT_EQ(result.body, "not here");
  EXPECT_THAT(result.headers,
              ElementsAre(Pair("content-length", "8"), Pair("x-thing", "a"),
                          Pair("set-cookie", "1"), Pair("set-cookie", "2"), Pair("empty", "")));
  EXPECT_EQ(result.Header("set-cookie"), "1");
  EXPECT_EQ(result.Header("missing"), "");
  EXPECT_THAT(seen, testing::StartsWith("GET /a?b=c HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nAuthorization: Bearer t\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nX-Empty:\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nUser-Agent: cxscribe/"));
}

TEST(HttpLoop, SendsBodiesWithoutAskingFirst) {
  const std::string body(100'000, 'b');
  std::string seen;
  RawServer server([&seen](RawConnection& connection, int) {
    seen = connection.ReadRequest();
    connection.Write(HttpAnswer(200, ""));
  });
  {
    HttpLoop http;
    EXPECT_EQ(Send(http, Post(server.Url(), body)).status, 200);
  }
  EXPECT_THAT(seen, testing::StartsWith("POST / HTTP/1.1\r\n"));
  EXPECT_THAT(seen, testing::EndsWith("\r\n\r\n" + body));
  EXPECT_THAT(seen, Not(HasSubstr("Expect:")));
}

TEST(HttpLoop, ReusesConnections) {
  RawServer server(Always(HttpAnswer(200, "x")));
  HttpLoop http;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Send(http, Get(server.Url())).body, "x");
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpLoop, SkipsInterimAnswers) {
  RawServer server(
      Always("HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + HttpAnswer(200, "x", "Final: 1\r\n")));
  HttpLoop http;
  const HttpResult result = Send(http, Get(server.Url()));
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.Header("link"), "");
  EXPECT_EQ(result.Header("final"), "1");
}

// --- Whether a request was sent ---

TEST(HttpLoop, ARefusedConnectionSentNothing) {
  int port = 0;
  { port = RawServer(Always("")).port(); }
  HttpLoop http;
  const HttpResult result =
      Send(http, Post("http://127.0.0.1:" + std::to_string(port) + "/hooks/s3cret?k=v", "x"));
  EXPECT_EQ(result.error, HttpError::kConnect);
  EXPECT_FALSE(result.request_sent);
  EXPECT_EQ(result.status, 0);
  EXPECT_FALSE(result.message.empty());
  EXPECT_THAT(result.message, Not(HasSubstr("s3cret")));
}

TEST(HttpLoop, AnUnknownHostSentNothing) {
  HttpLoop http;
  const HttpResult result = Send(http, Get("http://no..host/"));
  EXPECT_EQ(result.error, HttpError::kResolve);
  EXPECT_FALSE(result.request_sent);
}

TEST(HttpLoop, ATlsFailureSentNothing) {
  std::atomic<bool> got_request = false;
  RawServer server([&got_request](RawConnection& connection, int) {
    connection.Write("HTTP/1.1 400 no TLS here\r\n\r\n");
    got_request = !connection.ReadRequest().empty();
  });
  HttpLoop http;
  const HttpResult result =
      Send(http, Get("https://127.0.0.1:" + std::to_string(server.port()) + "/"));
  EXPECT_EQ(result.error, HttpError::kTls);
  EXPECT_FALSE(result.request_sent);
  EXPECT_FALSE(got_request);
}

TEST(HttpLoop, AResetAfterTheRequestLeavesItsFateOpen) {
  RawServer server([](RawConnection& connection, int) {
    connection.ReadRequest();
    connection.Reset();
  });
  HttpLoop http;
  const HttpResult result = Send(http, Post(server.Url("/s3cret"), "x"));
  EXPECT_EQ(result.error, HttpError::kBroken);
  EXPECT_TRUE(result.request_sent);
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.message, Not(HasSubstr("s3cret")));
}

TEST(HttpLoop, SilenceIsATimeoutThatLeavesTheFateOpen) {
  RawServer server([](RawConnection& connection, int) { connection.WaitForClose(); });
  HttpLoop http;
  HttpRequest request = Post(server.Url(), "x");
  request.timeout = absl::Milliseconds(50);
  const HttpResult result = Send(http, std::move(request));
  EXPECT_EQ(result.error, HttpError::kTimeout);
  EXPECT_TRUE(result.request_sent);
}

TEST(HttpLoop, AnAnswerThatBreaksOffKeepsItsStatus) {
  RawServer server([](RawConnection& connection, int) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  });
  HttpLoop http;
  const HttpResult result = Send(http, Get(server.Url()));
  EXPECT_EQ(result.error, HttpError::kBroken);
  EXPECT_EQ(result.status, 200);
  EXPECT_TRUE(result.request_sent);
}

TEST(HttpLoop, WhatIsNotHttpIsNotAnAnswer) {
  RawServer server([](RawConnection& connection, int) {
    connection.ReadRequest();
    connection.Write("SSH-2.0-OpenSSH_9.2\r\n");
  });
  HttpLoop http;
  const HttpResult result = Send(http, Get(server.Url()));
  EXPECT_EQ(result.error, HttpError::kProtocol);
  EXPECT_TRUE(result.request_sent);
}

// Reads a first request, answers it and keeps the connection; reads the second one on it, and
// closes without an answer. Counts the requests of `method`.
RawServer::Handler BreaksOnReuse(const std::string& method, std::atomic<int>& count) {
  return [method, &count](RawConnection& connection, int) {
    for (int i = 0; i < 2; ++i) {
      const std::string request = connection.ReadRequest();
      if (request.empty()) return;
      const bool counted = absl::StartsWith(request, method);
      if (counted) ++count;
      // The first request on a connection is answered, unless it is the counted one.
      if (i > 0 || counted) return;
      connection.Write(HttpAnswer(200, "x"));
    }
  };
}

TEST(HttpLoop, APostIsNeverSentTwice) {
  std::atomic<int> posts = 0;
  RawServer server(BreaksOnReuse("POST", posts));
  HttpLoop http;
  // libcurl, left alone, sends a POST again when a kept connection breaks before the answer.
  EXPECT_EQ(Send(http, Get(server.Url())).status, 200);
  const HttpResult result = Send(http, Post(server.Url(), "{}"));
  EXPECT_EQ(result.error, HttpError::kBroken);
  EXPECT_TRUE(result.request_sent);
  EXPECT_EQ(posts, 1);
}

// --- What is refused ---

TEST(HttpLoop, DoesNotFollowRedirects) {
  std::atomic<int> requests = 0;
  RawServer server([&requests](RawConnection& connection, int) {
    while (!connection.ReadRequest().empty()) {
      ++requests;
      connection.Write(HttpAnswer(302, "", "Location: /elsewhere\r\n"));
    }
  });
  HttpLoop http;
  const HttpResult result = Send(http, Get(server.Url()));
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(result.status, 302);
  EXPECT_EQ(result.Header("location"), "/elsewhere");
  EXPECT_EQ(requests, 1);
}

TEST(HttpLoop, RefusesWhatIsNotARequest) {
  RawServer server(Always(HttpAnswer(200, "")));
  HttpLoop http;
  std::vector<HttpRequest> requests = {Get(""),
                                       Get("file:///etc/passwd"),
                                       Get("ftp://127.0.0.1/"),
                                       Get("127.0.0.1"),
                                       Get("http://"),
                                       Get("http://[::1"),
                                       Get(server.Url("/a b")),
                                       Get(server.Url("/\r\nX: 1")),
                                       Get(server.Url()),
                                       Get(server.Url()),
                                       Get(server.Url()),
                                       Get(server.Url())};
  requests[8].method = "GET /x HTTP/1.1\r\nX: y";
  requests[9].method = "";
  requests[10].headers = {{"X-Ok", "a\r\nX-Evil: 1"}};
  requests[11].headers = {{"X-Bad: 1\r\nX", "a"}};
  for (HttpRequest& request : requests) {
    const std::string what = request.url + " " + request.method;
    const HttpResult result = Send(http, std::move(request));
    EXPECT_EQ(result.error, HttpError::kInvalidRequest) << what;
    EXPECT_FALSE(result.request_sent);
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(HttpLoop, AnAnswerIsBoundedWhetherItsLengthIsToldOrNot) {
  const std::string big(2000, 'x');
  for (const std::string& answer :
       {HttpAnswer(200, big), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + big,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + big + "\r\n0\r\n\r\n"}) {
    RawServer server([&answer](RawConnection& connection, int) {
      connection.ReadRequest();
      connection.Write(answer);
    });
    HttpLoop http;
    HttpRequest request = Get(server.Url());
    request.max_response_bytes = 1999;
    HttpResult result = Send(http, std::move(request));
    EXPECT_EQ(result.error, HttpError::kTooLarge);
    EXPECT_EQ(result.status, 200);
    EXPECT_THAT(result.message, HasSubstr("1999"));
    request = Get(server.Url());
    request.max_response_bytes = 2000;
    result = Send(http, std::move(request));
    EXPECT_TRUE(result.ok()) << result.message;
    EXPECT_EQ(result.body, big);
  }
}

TEST(HttpLoop, EndlessHeadersAreRefused) {
  RawServer server([](RawConnection& connection, int) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 400; ++i) connection.Write("X-H: " + std::string(1000, 'h') + "\r\n");
    connection.Write("\r\n");
  });
  HttpLoop http;
  EXPECT_EQ(Send(http, Get(server.Url())).error, HttpError::kTooLarge);
}

// --- The address filter ---

bool RefuseLoopback(const sockaddr* address) {
  if (address->sa_family != AF_INET) return false;
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
  return (ntohl(v4->sin_addr.s_addr) >> 24) != 127;
}

TEST(HttpLoop, TheAddressFilterKeepsConnectionsAway) {
  RawServer server(Always(HttpAnswer(200, "")));
  HttpLoop http;
  for (const char* host : {"127.0.0.1", "localhost", "2130706433", "0x7f.1"}) {
    HttpRequest request =
        Post("http://" + std::string(host) + ":" + std::to_string(server.port()) + "/", "x");
    request.address_filter = RefuseLoopback;
    const HttpResult result = Send(http, std::move(request));
    EXPECT_EQ(result.error, HttpError::kAddressRefused) << host;
    EXPECT_FALSE(result.request_sent);
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(HttpLoop, TheAddressFilterSeesReusedConnectionsToo) {
  std::atomic<int> requests = 0;
  RawServer server([&requests](RawConnection& connection, int) {
    while (!connection.ReadRequest().empty()) {
      ++requests;
      connection.Write(HttpAnswer(200, ""));
    }
  });
  HttpLoop http;
  EXPECT_EQ(Send(http, Get(server.Url())).status, 200);
  HttpRequest request = Get(server.Url());  // would be sent on the connection that is there
  request.address_filter = RefuseLoopback;
  const HttpResult result = Send(http, std::move(request));
  EXPECT_EQ(result.error, HttpError::kAddressRefused);
  EXPECT_FALSE(result.request_sent);
  EXPECT_EQ(requests, 1);
}

TEST(HttpLoop, TheAddressFilterLetsThroughWhatItAccepts) {
  RawServer server(Always(HttpAnswer(204, "")));
  HttpLoop http;
  std::atomic<int> asked = 0;
  HttpRequest request = Get(server.Url());
  request.address_filter = [&asked, port = server.port()](const sockaddr* address) {
    ++asked;
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    return address->sa_family == AF_INET && (v4->sin_port == 0 || ntohs(v4->sin_port) == port);
  };
  EXPECT_EQ(Send(http, std::move(request)).status, 204);
  EXPECT_GE(asked, 1);
}

// --- Bounds and ends ---

TEST(HttpLoop, ManyRequestsShareTheLoop) {
  RawServer server(Always(HttpAnswer(200, "x")));
  HttpLoop http({.concurrent = 16, .queued = 1000});
  std::vector<std::future<HttpResult>> results;
  for (int i = 0; i < 300; ++i) results.push_back(SendAsync(http, Get(server.Url())));
  for (auto& result : results) EXPECT_EQ(Wait(result).status, 200);
  EXPECT_LE(server.connections(), 16);
}

TEST(HttpLoop, AFullQueueRefusesAndAWaitingRequestTimesOut) {
  std::promise<void> arrived;
  RawServer server([&arrived](RawConnection& connection, int) {
    connection.ReadRequest();
    arrived.set_value();
    connection.WaitForClose();
  });
  HttpLoop http({.concurrent = 1, .queued = 1});
  std::future<HttpResult> active = SendAsync(http, Get(server.Url()));
  ASSERT_EQ(arrived.get_future().wait_for(kForever), std::future_status::ready);
  HttpRequest waiting = Get(server.Url());
  waiting.timeout = absl::Milliseconds(20);
  std::future<HttpResult> queued = SendAsync(http, std::move(waiting));
  const HttpResult refused = Send(http, Get(server.Url()));
  EXPECT_EQ(refused.error, HttpError::kOverloaded);
  EXPECT_FALSE(refused.request_sent);
  const HttpResult late = Wait(queued);
  EXPECT_EQ(late.error, HttpError::kTimeout);
  EXPECT_FALSE(late.request_sent);
  http.Stop();
  EXPECT_EQ(Wait(active).error, HttpError::kCancelled);
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpLoop, StoppingEndsEverythingOnce) {
  std::promise<void> arrived;
  RawServer server([&arrived](RawConnection& connection, int number) {
    connection.ReadRequest();
    if (number == 0) arrived.set_value();
    connection.WaitForClose();
  });
  auto http = std::make_unique<HttpLoop>(HttpLoopLimits{.concurrent = 1, .queued = 100});
  std::vector<std::future<HttpResult>> results;
  results.push_back(SendAsync(*http, Post(server.Url(), "x")));
  ASSERT_EQ(arrived.get_future().wait_for(kForever), std::future_status::ready);
  for (int i = 0; i < 20; ++i) results.push_back(SendAsync(*http, Get(server.Url())));
  http.reset();
  for (size_t i = 0; i < results.size(); ++i) {
    ASSERT_EQ(results[i].wait_for(std::chrono::seconds(0)), std::future_status::ready);
    const HttpResult result = results[i].get();
    EXPECT_EQ(result.error, HttpError::kCancelled);
    EXPECT_EQ(result.request_sent, i == 0);
  }
}

TEST(HttpLoop, SendingAfterTheEndFailsAtOnce) {
  HttpLoop http;
  http.Stop();
  http.Stop();
  bool called = false;
  http.Send(Get("http://127.0.0.1:1/"), [&called](HttpResult result) {
    called = true;
    EXPECT_EQ(result.error, HttpError::kCancelled);
  });
  EXPECT_TRUE(called);
}

TEST(HttpLoop, ACallbackMaySendAgainAlsoWhileStopping) {
  RawServer server([](RawConnection& connection, int) { connection.WaitForClose(); });
  std::promise<HttpError> second;
  {
    HttpLoop http;
    http.Send(Get(server.Url()), [&](HttpResult first) {
      EXPECT_EQ(first.error, HttpError::kCancelled);
      http.Send(Get(server.Url()),
                [&second](HttpResult result) { second.set_value(result.error); });
    });
  }
  EXPECT_EQ(second.get_future().get(), HttpError::kCancelled);
}

TEST(HttpLoop, TakesRequestsFromManyThreads) {
  RawServer server(Always(HttpAnswer(200, "x")));
  HttpLoop http;
  std::atomic<int> ok = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&http, &server, &ok] {
      for (int i = 0; i < 20; ++i) {
        if (Send(http, Get(server.Url())).status == 200) ++ok;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ok, 160);
}

}  // namespace
}  // namespace cxscribe
