// Link: the worker's end of the socket to its host.
//
// Whatever goes wrong with it ends the process: a worker without its host has nothing to do.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "plugins/host/descriptor.h"
#include "plugins/host/worker_frame.h"
#include "server/base/mutex.h"

namespace cxscribe {

// The exit status of a worker that lost its host, or could not understand it.
inline constexpr int kLostHost = 70;

// Send is thread-safe; the rest is for one thread.
class Link {
 public:
  explicit Link(int socket) : socket_(socket) {}

  // Sends a frame whose payload is in two parts. Blocks. Without its host, the worker ends.
  void Send(FrameType type, std::string_view payload, std::string_view rest = "");
  // The next frame; blocks until it is there.
  Frame Receive();
  // The descriptor that came with the frame just received; each is given out once.
  Descriptor TakeDescriptor();

 private:
  const int socket_;
  Mutex sending_;
  FrameReader reader_{FrameSender::kHost};
  std::deque<Descriptor> descriptors_;
};

}  // namespace cxscribe
