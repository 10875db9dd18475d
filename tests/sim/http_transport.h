// HttpTransport: serves HTTP/1.1 on 127.0.0.1 and delivers answers as faithfully, or as badly, as
// asked.
//
// cpp-httplib parses requests and frames answers; sockets and threads are cxsim's own, because the
// packaged library fixes what a fault-injecting server must control: a listen backlog of 5, a
// request target of at most 8 KiB (100 recording ids can take 13 KiB), select() and so no
// descriptor above 1023, SO_REUSEPORT (two simulators could share a port unnoticed), and no way to
// reset a connection. One thread serves one connection.
#pragma once

#include <functional>
#include <memory>

#include <absl/status/statusor.h>

#include "tests/sim/http_message.h"

namespace cxscribe::sim {

// Thread-safe. Stops when destroyed.
class HttpTransport {
 public:
  // Called on connection threads, several at once; must not block for long (delays belong into
  // HttpResponse::delay, which ends early when the client leaves or the transport stops).
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  explicit HttpTransport(Handler handler);
  ~HttpTransport();
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;

  // Listens on 127.0.0.1:`port` (0 = any free port) and returns the port. UNAVAILABLE when it is
  // taken.
  absl::StatusOr<int> Start(int port);
  // Drops every connection, at once, and waits for their threads. May be started again.
  void Stop();
  // Resets the connections of the requests that hang or are being delayed now.
  void ReleaseHeld();
  // Requests that hang or are being delayed now.
  int HeldCount() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cxscribe::sim
