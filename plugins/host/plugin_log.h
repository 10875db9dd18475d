// PluginLogBuffer: log lines on their way from a plugin to who reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxscribe/plugin.h"
#include "plugins/host/limits.h"
#include "plugins/host/stage_runner.h"

namespace cxscribe {

struct PluginLogLine {
  PluginLogLevel level;
  std::string text;
};

// Bounded (kMaxLogLines); not thread-safe.
class PluginLogBuffer {
 public:
  // What the bound is on: the lines between two calls of Take, or all lines that are ever added.
  enum class Bound { kBetweenTakes, kInAll };

  explicit PluginLogBuffer(Bound bound = Bound::kBetweenTakes) : bound_(bound) {}

  // The message may be anything; it is made printable and cut.
  void Add(cx_log_level level, const cx_string& message);
  // All lines since the last call; one more says how many were dropped, with kInAll only when no
  // more lines will come (`last`).
  std::vector<PluginLogLine> Take(bool last = false);
  bool empty() const { return lines_.empty(); }

 private:
  const Bound bound_;
  std::vector<PluginLogLine> lines_;
  uint64_t counted_ = 0;  // against the bound
  uint64_t dropped_ = 0;
};

// A plugin's lines, and the one that says how many of them were dropped where it runs.
inline constexpr uint64_t kMaxRelayedLines = kMaxLogLines + 1;

// LogRelay: hands lines on as they come, at most kMaxRelayedLines of them; not thread-safe.
class LogRelay {
 public:
  // `log` may be null, and must outlive the relay.
  explicit LogRelay(const PluginLog& log) : log_(log) {}
  void Add(PluginLogLevel level, std::string_view line);
  // At the end: one more line says how many were dropped.
  void Finish();

 private:
  const PluginLog& log_;
  uint64_t taken_ = 0;
};

// Calls `log` (may be null) with each line.
void DeliverLog(const std::vector<PluginLogLine>& lines, const PluginLog& log);

// What a plugin passed as a string, unchecked; empty where it passed NULL.
inline std::string_view ViewOf(const cx_string& text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

}  // namespace cxscribe
