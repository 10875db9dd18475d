// HttpLoop: every outgoing HTTP call of the process, on one thread, over libcurl's multi interface.
//
//   HttpRequest request;
//   request.url = "https://...";
//   http.Send(std::move(request), [](HttpResult result) { ... });
//
// HTTP/2 where TLS offers it, connections are reused, redirects are not followed, only http and
// https are spoken, certificates are always verified, answers are bounded in size and every request
// has a deadline. A request that is not a GET or HEAD is sent at most once: libcurl would send it
// again by itself when a reused connection breaks before the answer, so these get a connection of
// their own. Nothing of a request or an answer is logged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/functional/any_invocable.h>
#include <absl/time/time.h>

struct sockaddr;

namespace cxscribe {

// Whether a connection may be made to an address (sockaddr_in or sockaddr_in6). Called on the HTTP
// loop's thread for every address that the name resolves to, and for the peer of a reused
// connection; must not block.
using AddressFilter = std::function<bool(const sockaddr*)>;

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;  // http:// or https://
  HttpHeaders headers;
  std::string body;
  absl::Duration connect_timeout = absl::Seconds(10);
  // From Send to the end of the answer, waiting for a free transfer included.
  absl::Duration timeout = absl::Seconds(60);
  size_t max_response_bytes = size_t{1} << 20;
  std::string ca_file;  // PEM; empty: the system's
  // Set: only addresses that it accepts are connected to, and no proxy is used (a proxy would
  // connect for us, unseen).
  AddressFilter address_filter;
};

enum class HttpError {
  kNone,            // an answer came, of any status
  kInvalidRequest,  // a URL, method or header that cannot be sent
  kOverloaded,      // too many requests wait already
  kAddressRefused,  // the address filter accepts none of the addresses
  kResolve,         // the name does not resolve
  kConnect,         // no connection
  kTls,             // no secure connection, or a certificate that cannot be trusted
  kTimeout,         // no answer, or not all of it, within the timeout
  kBroken,          // the connection broke before the answer was complete
  kTooLarge,        // the answer is larger than allowed
  kProtocol,        // the answer is not HTTP
  kCancelled,       // the loop is stopping
};

struct HttpResult {
  HttpError error = HttpError::kNone;
  // Whether sending began: if not, the server cannot have acted on the request.
  bool request_sent = false;
  // 0: no status line came. May be set beside an error, when the answer broke off after it.
  int status = 0;
  HttpHeaders headers;  // of the final answer; names in lower case, repetitions kept, in order
  std::string body;
  std::string message;  // of an error: what went wrong, without the URL's path, query or headers

  bool ok() const { return error == HttpError::kNone; }
  // The first header of that (lower-case) name, or empty.
  std::string_view Header(std::string_view name) const;
};

using HttpCallback = absl::AnyInvocable<void(HttpResult)>;

// What sends requests. An interface, so that clients can be tested without a network.
class HttpSender {
 public:
  virtual ~HttpSender() = default;
  // Calls `done` exactly once, never inside this call (but see HttpLoop::Stop). Thread-safe.
  virtual void Send(HttpRequest request, HttpCallback done) = 0;
};

struct HttpLoopLimits {
  size_t concurrent = 256;  // transfers at a time
  size_t queued = 10'000;   // requests that wait for one; more are refused
};

// Thread-safe. Callbacks run on the loop's thread and must not block.
class HttpLoop final : public HttpSender {
 public:
  explicit HttpLoop(HttpLoopLimits limits = {});
  // Stops.
  ~HttpLoop() override;
  HttpLoop(const HttpLoop&) = delete;
  HttpLoop& operator=(const HttpLoop&) = delete;

  void Send(HttpRequest request, HttpCallback done) override;

  // Ends every request with kCancelled and joins the thread. A Send after that calls back inside
  // the call, with kCancelled. Idempotent; not from a callback.
  void Stop();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace cxscribe
