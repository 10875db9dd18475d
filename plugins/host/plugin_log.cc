#include "plugins/host/plugin_log.h"

#include <absl/strings/str_cat.h>

#include "plugins/host/limits.h"
#include "plugins/host/text.h"

namespace cxscribe {
namespace {

PluginLogLevel ToLevel(cx_log_level level) {
  switch (level) {
    case CX_LOG_DEBUG:
      return PluginLogLevel::kDebug;
    case CX_LOG_WARNING:
      return PluginLogLevel::kWarning;
    case CX_LOG_ERROR:
      return PluginLogLevel::kError;
    default:
      return PluginLogLevel::kInfo;
  }
}

}  // namespace

void PluginLogBuffer::Add(cx_log_level level, const cx_string& message) {
  if (counted_ >= kMaxLogLines) {
    ++dropped_;
    return;
  }
  ++counted_;
  lines_.push_back(PluginLogLine{ToLevel(level), Printable(ViewOf(message), kMaxMessageBytes)});
}

std::vector<PluginLogLine> PluginLogBuffer::Take(bool last) {
  std::vector<PluginLogLine> lines = std::exchange(lines_, {});
  if (bound_ == Bound::kInAll && !last) return lines;
  if (bound_ == Bound::kBetweenTakes) counted_ = 0;
  if (const uint64_t dropped = std::exchange(dropped_, 0); dropped > 0) {
    lines.push_back(PluginLogLine{PluginLogLevel::kWarning,
                                  absl::StrCat(dropped, " more log lines were dropped")});
  }
  return lines;
}

void LogRelay::Add(PluginLogLevel level, std::string_view line) {
  if (++taken_ <= kMaxRelayedLines && log_ != nullptr) log_(level, line);
}

void LogRelay::Finish() {
  const uint64_t taken = std::exchange(taken_, 0);
  if (taken > kMaxRelayedLines && log_ != nullptr) {
    log_(PluginLogLevel::kWarning,
         absl::StrCat(taken - kMaxRelayedLines, " more log lines were dropped"));
  }
}

void DeliverLog(const std::vector<PluginLogLine>& lines, const PluginLog& log) {
  if (log == nullptr) return;
  for (const PluginLogLine& line : lines) log(line.level, line.text);
}

}  // namespace cxscribe
