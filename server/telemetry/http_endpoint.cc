#include "server/telemetry/http_endpoint.h"

#include <algorithm>
#include <atomic>
#include <httplib.h>
#include <string_view>
#include <thread>
#include <utility>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

// A scrape and a few probes at a time; a client that dawdles holds one thread for kIoTimeout.
constexpr size_t kThreads = 4;
constexpr int kIoTimeoutSeconds = 5;

const char* NameOf(Health health) {
  switch (health) {
    case Health::kOk:
      return "ok";
    case Health::kDegraded:
      return "degraded";
    case Health::kFailed:
      return "failed";
  }
  return "failed";
}

std::string ToJson(const Readiness& readiness) {
  nlohmann::ordered_json json;
  json["ready"] = readiness.ready();
  nlohmann::ordered_json& components = json["components"] = nlohmann::ordered_json::object();
  for (const ComponentHealth& component : readiness.components) {
    nlohmann::ordered_json& entry = components[component.name];
    entry["health"] = NameOf(component.health);
    if (!component.message.empty()) entry["message"] = component.message;
  }
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// "host:port" or "[v6]:port".
bool SplitAddress(const std::string& address, std::string& host, int& port) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  host = address.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return false;  // an IPv6 address without brackets: where its port starts is a guess
  }
  return !host.empty() && absl::SimpleAtoi(address.substr(colon + 1), &port) && port >= 0 &&
         port <= 65535;
}

}  // namespace

bool Readiness::ready() const {
  return std::none_of(components.begin(), components.end(), [](const ComponentHealth& component) {
    return component.health == Health::kFailed;
  });
}

struct TelemetryEndpoint::Server {
  httplib::Server http;
  int port = 0;
  std::atomic<bool> ended{false};
  std::thread thread;
};

absl::StatusOr<std::unique_ptr<TelemetryEndpoint>> TelemetryEndpoint::Start(
    const std::string& address, const Metrics& metrics, std::function<Readiness()> readiness) {
  std::string host;
  int port = 0;
  if (!SplitAddress(address, host, port)) {
    return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_ADDRESS",
                        absl::StrCat("listen.metrics: \"", address,
                                     "\" is not an address; write host:port, for example "
                                     "127.0.0.1:9464"))
        .Build();
  }

  auto server = std::make_unique<Server>();
  httplib::Server& http = server->http;
  http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  // The library's default adds SO_REUSEPORT, with which two servers could share a port unnoticed.
  http.set_socket_options([](socket_t socket) {
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  });
  http.set_read_timeout(kIoTimeoutSeconds);
  http.set_write_timeout(kIoTimeoutSeconds);
  // An idle connection would hold a thread.
  http.set_keep_alive_max_count(1);
  http.set_payload_max_length(1024);

  http.Get("/metrics", [&metrics](const httplib::Request&, httplib::Response& response) {
    response.set_content(metrics.Render(), "text/plain; version=0.0.4; charset=utf-8");
  });
  http.Get("/healthz", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("ok\n", "text/plain; charset=utf-8");
  });
  http.Get("/readyz", [readiness = std::move(readiness)](const httplib::Request&,
                                                         httplib::Response& response) {
    const Readiness now = readiness();
    response.status = now.ready() ? 200 : 503;
    response.set_content(ToJson(now), "application/json");
  });

  server->port =
      port == 0 ? http.bind_to_any_port(host) : (http.bind_to_port(host, port) ? port : -1);
  if (server->port < 0) {
    return ErrorBuilder(absl::StatusCode::kUnavailable, "LISTEN_FAILED",
                        absl::StrCat("listen.metrics: cannot listen on ", address,
                                     "; is the port taken, or the address not this machine's?"))
        .Build();
  }
  server->thread = std::thread([server = server.get()] {
    server->http.listen_after_bind();
    server->ended = true;
  });
  // stop() does nothing before the loop runs, and the library has no call that waits for it.
  while (!http.is_running() && !server->ended) std::this_thread::yield();
  return std::unique_ptr<TelemetryEndpoint>(new TelemetryEndpoint(std::move(server)));
}

TelemetryEndpoint::TelemetryEndpoint(std::unique_ptr<Server> server) : server_(std::move(server)) {}

TelemetryEndpoint::~TelemetryEndpoint() {
  server_->http.stop();
  server_->thread.join();
}

int TelemetryEndpoint::port() const { return server_->port; }

}  // namespace cxscribe
