#include "plugins/host/worker_output.h"

#include <cerrno>
#include <unistd.h>

#include <absl/strings/str_cat.h>

#include "plugins/host/limits.h"
#include "plugins/host/text.h"

namespace cxscribe {
namespace {

// A pipe holds 64 KiB; who writes faster than this is read, waits for the next time.
constexpr int kMaxReads = 16;
constexpr size_t kReadBytes = 8 << 10;

}  // namespace

void WorkerOutput::Add(std::string_view bytes, LogRelay& relay) {
  while (!bytes.empty()) {
    const size_t newline = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, newline);
    if (!overlong_) partial_.append(piece.substr(0, kMaxMessageBytes + 1));
    overlong_ = partial_.size() > kMaxMessageBytes;
    if (newline == std::string_view::npos) return;
    bytes.remove_prefix(newline + 1);
    const size_t what = partial_.find("what():");
    if (what != std::string::npos) {
      partial_.resize(what);
      partial_ += "what() is not shown";
    }
    if (!partial_.empty()) {
      relay.Add(PluginLogLevel::kWarning,
                absl::StrCat("stderr: ", Printable(partial_, kMaxMessageBytes)));
    }
    partial_.clear();
    overlong_ = false;
  }
}

void WorkerOutput::Drain(int descriptor, LogRelay& relay) {
  char buffer[kReadBytes];
  for (int i = 0; i < kMaxReads; ++i) {
    const ssize_t count = read(descriptor, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    Add(std::string_view(buffer, static_cast<size_t>(count)), relay);
  }
}

}  // namespace cxscribe
