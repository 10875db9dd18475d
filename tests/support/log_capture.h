// LogCapture: what is logged while it lives, instead of on standard error. One at a time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/base/mutex.h"
#include "server/telemetry/log.h"

namespace cxscribe {

class LogCapture {
 public:
  LogCapture() {
    SetLogSink([this](std::string_view line) {
      MutexLock lock(mutex_);
      lines_.emplace_back(line);
    });
  }
  ~LogCapture() { SetLogSink(nullptr); }
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  // The lines that hold `text`.
  std::vector<std::string> With(std::string_view text) const {
    MutexLock lock(mutex_);
    std::vector<std::string> found;
    for (const std::string& line : lines_) {
      if (line.find(text) != std::string::npos) found.push_back(line);
    }
    return found;
  }

 private:
  mutable Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cxscribe
