// WorkerOutput: what a worker's plugin writes to stdout and stderr, as bounded log lines.
#pragma once

#include <string>
#include <string_view>

#include "plugins/host/plugin_log.h"

namespace cxscribe {

// Not thread-safe.
class WorkerOutput {
 public:
  // Takes bytes as they come; hands every whole line to `relay`, printable and cut. A what() of an
  // exception that nobody caught is not told: it may be about the text.
  void Add(std::string_view bytes, LogRelay& relay);
  // Reads what there is in the non-blocking `descriptor`, up to a bound.
  void Drain(int descriptor, LogRelay& relay);

 private:
  std::string partial_;
  bool overlong_ = false;  // the rest of the current line is dropped
};

}  // namespace cxscribe
