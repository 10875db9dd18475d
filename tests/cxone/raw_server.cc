#include "tests/cxone/raw_server.h"

#include <algorithm>
#include <cstdlib>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace cxscribe {
namespace {

// For this thread only, so that the code under test still has to look after itself: a handler may
// give its socket to OpenSSL, which writes with plain write() even when the client has gone.
void BlockBrokenPipe() {
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
}

}  // namespace

std::string RawConnection::ReadRequest() {
  for (;;) {
    const size_t head = buffer_.find("\r\n\r\n");
    if (head != std::string::npos) {
      size_t length = 0;
      const std::string lower = absl::AsciiStrToLower(buffer_.substr(0, head + 2));
      const size_t field = lower.find("\r\ncontent-length:");
      if (field != std::string::npos)
        length = std::strtoul(lower.c_str() + field + 17, nullptr, 10);
      const size_t whole = head + 4 + length;
      if (buffer_.size() >= whole) {
        std::string request = buffer_.substr(0, whole);
        buffer_.erase(0, whole);
        return request;
      }
    }
    char chunk[4096];
    const ssize_t got = recv(fd_, chunk, sizeof(chunk), 0);
    if (got <= 0) return "";
    buffer_.append(chunk, static_cast<size_t>(got));
  }
}

void RawConnection::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

void RawConnection::Reset() {
  const linger now = {1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

void RawConnection::WaitForClose() {
  char chunk[4096];
  while (recv(fd_, chunk, sizeof(chunk), 0) > 0) {
  }
}

RawServer::RawServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 512) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { Accept(); });
}

RawServer::~RawServer() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  for (std::thread& thread : threads_) thread.join();
  close(listener_);
}

std::string RawServer::Url(std::string_view path) const {
  return absl::StrCat("http://127.0.0.1:", port_, absl::string_view(path.data(), path.size()));
}

void RawServer::Accept() {
  for (;;) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    {
      MutexLock lock(mutex_);
      if (stopping_) {
        close(fd);
        return;
      }
      open_.push_back(fd);
    }
    threads_.emplace_back([this, fd, number = connections_++] {
      BlockBrokenPipe();
      RawConnection connection(fd);
      handler_(connection, number);
      MutexLock lock(mutex_);
      open_.erase(std::find(open_.begin(), open_.end(), fd));
      close(fd);
    });
  }
}

std::string HttpAnswer(int status, std::string_view body, std::string_view headers) {
  return absl::StrCat("HTTP/1.1 ", status, " X\r\nContent-Length: ", body.size(), "\r\n",
                      absl::string_view(headers.data(), headers.size()), "\r\n",
                      absl::string_view(body.data(), body.size()));
}

}  // namespace cxscribe
