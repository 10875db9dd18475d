// See sim_server.h.
#include "tests/sim/sim_server.h"

#include <algorithm>
#include <httplib.h>
#include <utility>

#include <absl/strings/str_cat.h>

namespace cxscribe::sim {
namespace {

// Best effort: one try, and whatever comes back is ignored.
void Post(const WebhookCall& call) {
  const size_t host = call.url.find("://");
  if (host == std::string::npos) return;
  const size_t path = call.url.find('/', host + 3);
  httplib::Client client(call.url.substr(0, path));
  if (!client.is_valid()) return;
  client.set_connection_timeout(2);
  client.set_read_timeout(2);
  client.Post(path == std::string::npos ? "/" : call.url.substr(path), call.body,
              "application/json");
}

}  // namespace

SimServer::SimServer(SimOptions options)
    : options_(std::move(options)),
      transport_([this](const HttpRequest& request) { return Handle(request); }) {}

SimServer::~SimServer() { Stop(); }

absl::StatusOr<int> SimServer::Start() {
  if (service_ == nullptr) {
    absl::StatusOr<std::unique_ptr<SimService>> service = SimService::Create(options_);
    if (!service.ok()) return service.status();
    service_ = *std::move(service);
  }
  absl::StatusOr<int> port = transport_.Start(options_.port);
  if (!port.ok()) return port;
  options_.port = *port;
  base_url_ = absl::StrCat("http://127.0.0.1:", *port);
  {
    MutexLock lock(mutex_);
    stopping_ = false;
  }
  webhooks_ = std::thread([this] { CallWebhooks(); });
  return port;
}

void SimServer::Stop() {
  transport_.Stop();
  if (!webhooks_.joinable()) return;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  webhooks_.join();
}

HttpResponse SimServer::Handle(const HttpRequest& request) {
  HttpResponse answer = service_->Handle(request);
  if (request.method == "DELETE" && request.path == "/admin/faults") transport_.ReleaseHeld();
  // Any request can have created a transcription or moved time on.
  MutexLock lock(mutex_);
  poked_ = true;
  changed_.NotifyAll();
  return answer;
}

void SimServer::CallWebhooks() {
  for (;;) {
    for (const WebhookCall& call : service_->TakeDueWebhooks()) Post(call);
    const absl::Duration wait =
        std::clamp(service_->NextWebhookIn(), absl::Milliseconds(1), absl::Minutes(1));
    MutexLock lock(mutex_);
    if (!poked_ && !stopping_) changed_.WaitFor(mutex_, wait);
    if (stopping_) return;
    poked_ = false;
  }
}

}  // namespace cxscribe::sim
