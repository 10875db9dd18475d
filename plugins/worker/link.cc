#include "plugins/worker/link.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/uio.h>

namespace cxscribe {
namespace {

constexpr size_t kMaxDescriptors = 4;

[[noreturn]] void End() { _exit(kLostHost); }

}  // namespace

// Under the lock for as long as it takes: frames of two threads must not mix, and there is nothing
// else that the other could do.
void Link::Send(FrameType type, std::string_view payload, std::string_view rest) {
  std::string header = FrameHeader(type, payload.size() + rest.size());
  iovec parts[3] = {{header.data(), header.size()},
                    {const_cast<char*>(payload.data()), payload.size()},
                    {const_cast<char*>(rest.data()), rest.size()}};
  msghdr message = {};
  message.msg_iov = parts;
  message.msg_iovlen = 3;
  MutexLock lock(sending_);
  while (message.msg_iovlen > 0) {
    const ssize_t sent = sendmsg(socket_, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) End();
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
}

Frame Link::Receive() {
  Frame frame;
  while (true) {
    const absl::StatusOr<bool> got = reader_.Next(frame);
    if (!got.ok()) End();
    if (*got) return frame;
    iovec part = {};
    part.iov_base = reader_.Space(part.iov_len);
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))];
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    const ssize_t count = recvmsg(socket_, &message, MSG_CMSG_CLOEXEC);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) End();
    for (cmsghdr* part_header = CMSG_FIRSTHDR(&message); part_header != nullptr;
         part_header = CMSG_NXTHDR(&message, part_header)) {
      if (part_header->cmsg_level != SOL_SOCKET || part_header->cmsg_type != SCM_RIGHTS) continue;
      const size_t descriptors = (part_header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      for (size_t i = 0; i < descriptors; ++i) {
        int descriptor = -1;
        std::memcpy(&descriptor, CMSG_DATA(part_header) + i * sizeof(int), sizeof(int));
        descriptors_.emplace_back(descriptor);
      }
    }
    reader_.Commit(static_cast<size_t>(count));
  }
}

Descriptor Link::TakeDescriptor() {
  if (descriptors_.empty()) End();
  Descriptor descriptor = std::move(descriptors_.front());
  descriptors_.pop_front();
  return descriptor;
}

}  // namespace cxscribe
