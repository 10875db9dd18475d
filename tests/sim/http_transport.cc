// See http_transport.h.
#include "tests/sim/http_transport.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <httplib.h>
#include <list>
#include <poll.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "server/base/mutex.h"

namespace cxscribe::sim {
namespace {

constexpr int kListenBacklog = 512;
constexpr int kIdleTimeoutMs = 120'000;  // a kept-alive connection without a request
constexpr int kIoTimeoutMs = 20'000;     // a client that stops reading or writing in mid-message
constexpr size_t kMaxHeadBytes = 256 * 1024;
constexpr size_t kMaxBodyBytes = 16 * 1024 * 1024;
// Longer request targets are hidden from httplib, whose limit is 8192.
constexpr size_t kLibraryTargetLimit = 4096;

// Waits until `fd` is ready or broken; false at the timeout.
bool Ready(int fd, short events, int timeout_ms) {
  pollfd poller{fd, events, 0};
  int result;
  do {
    result = poll(&poller, 1, timeout_ms);
  } while (result < 0 && errno == EINTR);
  return result > 0;
}

// One client connection. Used by its own thread only, except Shutdown and held().
class Connection final : public httplib::Stream {
 public:
  explicit Connection(int fd) : fd_(fd) {}
  ~Connection() override {
    if (reset_) {
      const linger at_once{1, 0};
      setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    close(fd_);
  }

  // Reads the head of the next request, to correct what httplib cannot cope with. False: no request
  // comes.
  bool AwaitRequest() {
    input_.erase(0, read_at_);
    read_at_ = 0;
    size_t end;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (input_.size() > kMaxHeadBytes) return false;
      if (!Fill(input_.empty() ? kIdleTimeoutMs : kIoTimeoutMs)) return false;
    }
    std::string head = input_.substr(0, end + 2);
    input_.erase(0, end + 2);  // leaves the empty line

    full_target_.clear();
    const size_t line_end = head.find("\r\n");
    const size_t target_at = head.find(' ') + 1;
    const size_t target_end = head.find(' ', target_at);
    if (target_at != 0 && target_end < line_end && target_end - target_at > kLibraryTargetLimit) {
      full_target_ = head.substr(target_at, target_end - target_at);
      const size_t path_length = std::min(full_target_.find('?'), kLibraryTargetLimit);
      head.replace(target_at, target_end - target_at, full_target_.substr(0, path_length));
    }
    // httplib waits for a body until the peer closes when neither header is there; HTTP says there
    // is none.
    const std::string lower = absl::AsciiStrToLower(head);
    if (!absl::StrContains(lower, "\r\ncontent-length:") &&
        !absl::StrContains(lower, "\r\ntransfer-encoding:")) {
      head += "Content-Length: 0\r\n";
    }
    input_.insert(0, head);
    return true;
  }

  // The target of the current request where httplib got a shortened one, else "".
  const std::string& full_target() const { return full_target_; }

  // No byte goes out any more; the connection ends with a reset.
  void Abort() { reset_ = true; }
  // Nothing can be sent any more.
  bool broken() const { return reset_ || write_failed_; }

  // Waits for `duration`; false when the client left or the connection was shut down meanwhile.
  bool Hold(absl::Duration duration) {
    held_ = true;
    const int timeout_ms =
        duration == absl::InfiniteDuration()
            ? -1
            : static_cast<int>(absl::ToInt64Milliseconds(std::min(duration, absl::Hours(24))));
    const bool interrupted = Ready(fd_, POLLRDHUP, timeout_ms);
    held_ = false;
    return !interrupted;
  }

  // May be called by any thread: ends every wait of this connection.
  void Shutdown() { shutdown(fd_, SHUT_RDWR); }
  bool held() const { return held_; }

  bool is_readable() const override { return !input_.empty() || Ready(fd_, POLLIN, kIoTimeoutMs); }
  bool is_writable() const override { return !reset_ && Ready(fd_, POLLOUT, kIoTimeoutMs); }
  ssize_t read(char* data, size_t size) override {
    if (input_.empty() && !Fill(kIoTimeoutMs)) return -1;
    const size_t count = std::min(size, input_.size() - read_at_);
    std::memcpy(data, input_.data() + read_at_, count);
    read_at_ += count;
    if (read_at_ == input_.size()) {
      input_.clear();
      read_at_ = 0;
    }
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* data, size_t size) override {
    size_t sent = 0;
    while (sent < size) {
      if (!is_writable()) {
        write_failed_ = true;
        return -1;
      }
      const ssize_t count = send(fd_, data + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count > 0) {
        sent += static_cast<size_t>(count);
      } else if (errno != EAGAIN && errno != EINTR) {
        write_failed_ = true;
        return -1;
      }
    }
    return static_cast<ssize_t>(sent);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = "127.0.0.1";
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    get_remote_ip_and_port(ip, port);
  }
  // Only compared with FD_SETSIZE by httplib, which matters to select() and not to poll().
  socket_t socket() const override { return 0; }

 private:
  // Appends what has arrived, compacting what was read; false at end of stream, error or timeout.
  bool Fill(int timeout_ms) {
    input_.erase(0, read_at_);
    read_at_ = 0;
    if (!Ready(fd_, POLLIN, timeout_ms)) return false;
    char buffer[16 * 1024];
    ssize_t count;
    do {
      count = recv(fd_, buffer, sizeof buffer, 0);
    } while (count < 0 && errno == EINTR);
    if (count <= 0) return false;
    input_.append(buffer, static_cast<size_t>(count));
    return true;
  }

  const int fd_;
  std::string input_;  // received and not yet consumed from read_at_ on
  size_t read_at_ = 0;
  std::string full_target_;
  bool reset_ = false;
  bool write_failed_ = false;
  std::atomic<bool> held_{false};
};

// The connection that this thread serves: httplib's handlers get no other way to it.
thread_local Connection* current_connection = nullptr;

// Sends body[0, keep) of a body of `size` bytes.
bool SendPart(const std::string& body, size_t keep, httplib::DataSink& sink) {
  return keep == 0 || sink.write(body.data(), std::min(keep, body.size()));
}

void Deliver(HttpResponse answer, Connection& connection, httplib::Response& out) {
  if (answer.delay > absl::ZeroDuration() && !connection.Hold(answer.delay)) {
    connection.Abort();
    return;
  }
  out.status = answer.status;
  for (const auto& [name, value] : answer.headers) out.headers.emplace(name, value);
  const size_t size = answer.body.size();
  switch (answer.delivery) {
    case Delivery::kReset:
      connection.Abort();
      return;
    case Delivery::kHang:
      connection.Hold(absl::InfiniteDuration());
      connection.Abort();
      return;
    case Delivery::kTruncated:
    case Delivery::kHangInBody: {
      const bool hang = answer.delivery == Delivery::kHangInBody;
      const size_t keep = std::min(answer.keep_bytes, size == 0 ? 0 : size - 1);
      const std::string content_type = answer.content_type;
      out.set_content_provider(size, content_type,
                               [body = std::move(answer.body), keep, hang, &connection](
                                   size_t, size_t, httplib::DataSink& sink) {
                                 SendPart(body, keep, sink);
                                 if (hang) {
                                   connection.Hold(absl::InfiniteDuration());
                                   connection.Abort();
                                 }
                                 return false;
                               });
      return;
    }
    case Delivery::kWhole:
      break;
  }
  if (answer.padding_bytes == 0) {
    out.set_content(answer.body, answer.content_type);
    return;
  }
  const std::string content_type = answer.content_type;
  out.set_chunked_content_provider(
      content_type, [answer = std::move(answer)](size_t, httplib::DataSink& sink) {
        const size_t at = std::min(answer.padding_at, answer.body.size());
        if (!SendPart(answer.body, at, sink)) return false;
        const std::string filler(64 * 1024, 'x');
        for (uint64_t left = answer.padding_bytes; left > 0;) {
          const uint64_t count = std::min<uint64_t>(left, filler.size());
          if (!sink.write(filler.data(), static_cast<size_t>(count))) return false;
          left -= count;
        }
        if (!sink.write(answer.body.data() + at, answer.body.size() - at)) return false;
        sink.done();
        return true;
      });
}

}  // namespace

class HttpTransport::Impl final : private httplib::Server {
 public:
  explicit Impl(HttpTransport::Handler handler) : handler_(std::move(handler)) {
    const auto handle = [this](const httplib::Request& in, httplib::Response& out) {
      NameValueList headers(in.headers.begin(), in.headers.end());
      Deliver(handler_(MakeRequest(in.method, in.target, std::move(headers), in.body)),
              *current_connection, out);
    };
    Get(".*", handle);
    Post(".*", handle);
    Put(".*", handle);
    Patch(".*", handle);
    Delete(".*", handle);
    Options(".*", handle);
    set_payload_max_length(kMaxBodyBytes);
    set_keep_alive_timeout(kIdleTimeoutMs / 1000);
    set_keep_alive_max_count(1'000'000);
  }

  ~Impl() override { Stop(); }

  absl::StatusOr<int> Start(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return absl::ErrnoToStatus(errno, "socket");
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(fd, generic, length) != 0 || ::listen(fd, kListenBacklog) != 0 ||
        getsockname(fd, generic, &length) != 0) {
      const int error = errno;
      close(fd);
      return absl::UnavailableError(
          absl::StrCat("cannot listen on 127.0.0.1:", port, ": ", std::strerror(error)));
    }
    svr_sock_ = fd;  // httplib streams bodies only while it sees a listening socket
    accepting_ = std::thread([this, fd] { Accept(fd); });
    return ntohs(address.sin_port);
  }

  void Stop() {
    if (!accepting_.joinable()) return;
    const int fd = svr_sock_;
    shutdown(fd, SHUT_RDWR);  // wakes accept()
    accepting_.join();
    svr_sock_ = INVALID_SOCKET;
    close(fd);
    std::vector<std::thread> finished;
    {
      MutexLock lock(mutex_);
      for (Entry& entry : entries_) entry.connection->Shutdown();
      while (!entries_.empty()) all_finished_.Wait(mutex_);
      finished.swap(finished_);
    }
    for (std::thread& thread : finished) thread.join();
  }

  void ReleaseHeld() {
    MutexLock lock(mutex_);
    for (Entry& entry : entries_) {
      if (entry.connection->held()) entry.connection->Shutdown();
    }
  }

  int HeldCount() const {
    MutexLock lock(mutex_);
    return static_cast<int>(std::count_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
      return entry.connection->held();
    }));
  }

 private:
  struct Entry {
    std::unique_ptr<Connection> connection;
    std::thread thread;
  };

  void Accept(int listener) {
    for (;;) {
      const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) {
        if (errno == EINTR || errno == ECONNABORTED) continue;
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
          poll(nullptr, 0, 10);  // let some connection end before trying again
          continue;
        }
        return;  // Stop() has shut the listener down
      }
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      std::vector<std::thread> finished;
      {
        MutexLock lock(mutex_);
        finished.swap(finished_);
        entries_.emplace_front();
        const auto entry = entries_.begin();
        entry->connection = std::make_unique<Connection>(fd);
        entry->thread = std::thread([this, entry] { Serve(entry); });
      }
      for (std::thread& thread : finished) thread.join();
    }
  }

  void Serve(std::list<Entry>::iterator entry) {
    Connection* connection;
    {
      MutexLock lock(mutex_);  // Accept() may still be filling the entry in
      connection = entry->connection.get();
    }
    current_connection = connection;
    bool closed = false;
    while (!closed && !connection->broken() && connection->AwaitRequest()) {
      bool understood = false;
      const auto correct = [connection, &understood](httplib::Request& request) {
        understood = true;
        if (!connection->full_target().empty()) request.target = connection->full_target();
        // Answers go out byte for byte as the service made them: not compressed, not cut into
        // ranges.
        request.headers.erase("Accept-Encoding");
        request.ranges.clear();
      };
      // After a head that httplib refused (400, 414), what follows cannot be told apart from it.
      if (!process_request(*connection, false, closed, correct) || !understood) break;
    }
    MutexLock lock(mutex_);
    finished_.push_back(std::move(entry->thread));
    entries_.erase(entry);  // closes the connection
    if (entries_.empty()) all_finished_.NotifyAll();
  }

  const HttpTransport::Handler handler_;
  std::thread accepting_;

  mutable Mutex mutex_;
  CondVar all_finished_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> finished_ ABSL_GUARDED_BY(mutex_);  // to be joined
};

HttpTransport::HttpTransport(Handler handler) : impl_(std::make_unique<Impl>(std::move(handler))) {}
HttpTransport::~HttpTransport() = default;

absl::StatusOr<int> HttpTransport::Start(int port) { return impl_->Start(port); }
void HttpTransport::Stop() { impl_->Stop(); }
void HttpTransport::ReleaseHeld() { impl_->ReleaseHeld(); }
int HttpTransport::HeldCount() const { return impl_->HeldCount(); }

}  // namespace cxscribe::sim
