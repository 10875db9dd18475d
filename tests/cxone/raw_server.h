// RawServer: a TCP server on 127.0.0.1 whose every byte the test decides. For what an HTTP library
// would not let a server do: breaking off, resetting, not answering.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>

#include "server/base/mutex.h"

namespace cxscribe {

// One accepted connection. Used by its handler only.
class RawConnection {
 public:
  explicit RawConnection(int fd) : fd_(fd) {}

  // One HTTP request, head and body (by Content-Length); "" when the client has gone.
  std::string ReadRequest();
  void Write(std::string_view bytes);
  // Closes with RST instead of FIN, when the handler returns.
  void Reset();
  // Blocks until the client closes or the server stops.
  void WaitForClose();

  int fd() const { return fd_; }

 private:
  const int fd_;
  std::string buffer_;
};

class RawServer {
 public:
  // Called on a thread of its own for each connection, counted from 0.
  using Handler = std::function<void(RawConnection& connection, int number)>;

  explicit RawServer(Handler handler);
  // Shuts all connections down and waits for their handlers.
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return port_; }
  std::string Url(std::string_view path = "/") const;
  int connections() const { return connections_; }

 private:
  void Accept();

  const Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<int> open_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;  // of the accepting thread until that is joined
  std::thread accepting_;
};

// A whole answer with a Content-Length.
std::string HttpAnswer(int status, std::string_view body, std::string_view headers = "");

}  // namespace cxscribe
