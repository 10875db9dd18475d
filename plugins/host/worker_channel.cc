// WorkerClient: sending and receiving; see worker_client.h.
#include <cerrno>
#include <cmath>
#include <cstring>
#include <poll.h>

#include <sys/socket.h>
#include <sys/uio.h>

#include "plugins/host/limits.h"
#include "plugins/host/text.h"
#include "plugins/host/worker_client.h"

namespace cxscribe {
namespace {

constexpr size_t kMaxDescriptors = 2;
constexpr absl::Duration kShortestPoll = absl::Milliseconds(1);

int PollMilliseconds(absl::Duration wait) {
  return static_cast<int>(absl::ToInt64Milliseconds(absl::Ceil(wait, kShortestPoll)));
}

}  // namespace

bool WorkerClient::Send(FrameType type, std::string_view payload, std::string_view rest,
                        const std::vector<int>& descriptors, SteadyTime deadline) {
  if (lost_) return false;
  std::string header = FrameHeader(type, payload.size() + rest.size());
  iovec parts[3] = {{header.data(), header.size()},
                    {const_cast<char*>(payload.data()), payload.size()},
                    {const_cast<char*>(rest.data()), rest.size()}};
  msghdr message = {};
  message.msg_iov = parts;
  message.msg_iovlen = 3;
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))] = {};
  if (!descriptors.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(descriptors.size() * sizeof(int));
    cmsghdr* rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size() * sizeof(int));
  }
  while (message.msg_iovlen > 0) {
    const ssize_t sent = sendmsg(process_->socket(), &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN) return false;  // reading tells why
    if (sent < 0) {
      pollfd entry{process_->socket(), POLLOUT, 0};
      if (poll(&entry, 1, PollMilliseconds(Until(deadline))) == 0 && SteadyNow() >= deadline) {
        return false;
      }
      continue;
    }
    // The descriptors went with the first byte.
    message.msg_control = nullptr;
    message.msg_controllen = 0;
    auto left = static_cast<size_t>(sent);
    while (message.msg_iovlen > 0 && left >= message.msg_iov->iov_len) {
      left -= message.msg_iov->iov_len;
      ++message.msg_iov;
      --message.msg_iovlen;
    }
    if (message.msg_iovlen > 0) {
      message.msg_iov->iov_base = static_cast<char*>(message.msg_iov->iov_base) + left;
      message.msg_iov->iov_len -= left;
    }
  }
  return true;
}

WorkerClient::Event WorkerClient::Next(const Listening& listening, Frame& frame) {
  while (!lost_) {
    const absl::StatusOr<bool> got = reader_.Next(frame);
    if (!got.ok()) {
      LoseToGarbage(got.status());
      break;
    }
    const bool chatter = *got && TakeChatter(listening, frame);
    if (*got && !chatter) return lost_ ? Event::kLost : Event::kFrame;
    if (listening.context != nullptr && IsCancelled(*listening.context)) return Event::kCancelled;
    const absl::Duration left = Until(listening.deadline);
    const bool abandoned = listening.context == nullptr && abandon_ != nullptr &&
                           abandon_->load(std::memory_order_relaxed);
    if (left <= absl::ZeroDuration() || abandoned) return Event::kDeadline;
    if (*got) continue;
    const bool watches = listening.context != nullptr ? listening.context->cancelled != nullptr
                                                      : abandon_ != nullptr;
    Receive(watches ? std::min(left, kCancelPoll) : left, listening);
  }
  return Event::kLost;
}

void WorkerClient::Receive(absl::Duration at_most, const Listening& listening) {
  pollfd entries[2] = {{process_->socket(), POLLIN, 0}, {process_->output(), POLLIN, 0}};
  if (poll(entries, 2, PollMilliseconds(at_most)) <= 0) return;
  if ((entries[1].revents & (POLLIN | POLLHUP)) != 0) {
    LogRelay* log = listening.call_log != nullptr ? listening.call_log : listening.stage_log;
    output_.Drain(process_->output(), *log);
  }
  if (entries[0].revents == 0) {
    // All writers of the pipe are gone, and the socket is silent: the worker closed the one and
    // lives, or its end is near. poll would return at once for ever.
    if ((entries[1].revents & POLLHUP) != 0) {
      pollfd socket_only{process_->socket(), POLLIN, 0};
      poll(&socket_only, 1, PollMilliseconds(at_most));
    }
    return;
  }
  size_t size = 0;
  char* space = reader_.Space(size);
  // recv takes no descriptors: those that a worker sends are closed by the kernel.
  const ssize_t count = recv(process_->socket(), space, size, 0);
  if (count > 0) {
    reader_.Commit(static_cast<size_t>(count));
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    LoseToEnd();
    if (LogRelay* log = listening.call_log != nullptr ? listening.call_log : listening.stage_log) {
      output_.Drain(process_->output(), *log);
    }
  }
}

bool WorkerClient::TakeChatter(const Listening& listening, const Frame& frame) {
  if (frame.type == FrameType::kProgress) {
    double fraction = 0;
    if (frame.payload.size() == sizeof(fraction)) {
      std::memcpy(&fraction, frame.payload.data(), sizeof(fraction));
    }
    if (listening.context != nullptr && listening.context->progress != nullptr && fraction >= 0 &&
        fraction <= 1) {
      listening.context->progress(fraction);
    }
    return true;
  }
  if (frame.type != FrameType::kLog || frame.payload.size() < 2) return false;
  const bool of_call = frame.payload[0] != 0;
  const auto level = static_cast<PluginLogLevel>(
      std::clamp(static_cast<int>(frame.payload[1]), 0, static_cast<int>(PluginLogLevel::kError)));
  LogRelay* log = of_call ? listening.call_log : listening.stage_log;
  if (log != nullptr) log->Add(level, Printable(frame.payload.substr(2), kMaxMessageBytes));
  return true;
}

}  // namespace cxscribe
