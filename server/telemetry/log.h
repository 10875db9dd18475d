// Log: structured logs, one JSON object a line, on standard error.
//
//   LogInfo("job_submitted", {{"job_id", id}, {"trace_id", trace_id}, {"recordings", 3}});
//
//   {"time":"2024-01-15T10:00:00.000000Z","level":"info","event":"job_submitted","job_id":"job_…",…}
//
// The rule for every caller: a log line holds ids, counts, durations, states and error messages. It
// never holds a token, a secret, a request or response body, a webhook's whole URL, or transcript
// text. What belongs to a job carries job_id, and trace_id where it is known.
//
// All functions are thread-safe.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <absl/status/status.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>

namespace cxscribe {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

// A value of a log field. Borrows strings: valid within the expression that logs.
class LogValue {
 public:
  LogValue(std::string_view value) : value_(value) {}                      // NOLINT
  LogValue(const char* value) : value_(std::string_view(value)) {}         // NOLINT
  LogValue(const std::string& value) : value_(std::string_view(value)) {}  // NOLINT
  LogValue(absl::string_view value)                                        // NOLINT
      : value_(std::string_view(value.data(), value.size())) {}
  LogValue(double value) : value_(value) {}  // NOLINT
  template <typename T>
  requires std::same_as<T, bool> LogValue(T value) : value_(value) {}  // NOLINT
  template <std::integral T>
  requires(!std::same_as<T, bool>) LogValue(T value)  // NOLINT
      : value_(static_cast<int64_t>(value)) {}

  const std::variant<std::string_view, int64_t, double, bool>& value() const { return value_; }

 private:
  std::variant<std::string_view, int64_t, double, bool> value_;
};

// `key` is snake_case, and none of "time", "level", "event", "truncated".
struct LogField {
  std::string_view key;
  LogValue value;
};
using LogFields = std::initializer_list<LogField>;

// `event` is snake_case and stable: people search for it.
void Log(LogLevel level, std::string_view event, LogFields fields = {});

inline void LogDebug(std::string_view event, LogFields fields = {}) {
  Log(LogLevel::kDebug, event, fields);
}
inline void LogInfo(std::string_view event, LogFields fields = {}) {
  Log(LogLevel::kInfo, event, fields);
}
inline void LogWarn(std::string_view event, LogFields fields = {}) {
  Log(LogLevel::kWarn, event, fields);
}
inline void LogError(std::string_view event, LogFields fields = {}) {
  Log(LogLevel::kError, event, fields);
}

// "UNAVAILABLE: message", for a field "error".
std::string DescribeForLog(const absl::Status& status);

// Lines below `level` are dropped. The process starts with kInfo.
void SetLogLevel(LogLevel level);
bool IsLogged(LogLevel level);
// "debug", "info", "warn" or "error".
std::optional<LogLevel> ParseLogLevel(std::string_view name);

// Receives each line, without its newline; must be thread-safe, and must not log.
using LogSink = std::function<void(std::string_view line)>;
// For tests. An empty sink means standard error again.
void SetLogSink(LogSink sink);

// A line is at most this long; a string value at most a quarter of it. What is cut ends in "…", and
// a line that lost fields says "truncated":true.
inline constexpr size_t kMaxLogLine = 16 * 1024;

// The line itself. Valid UTF-8 whatever the input holds: invalid bytes become U+FFFD. Numbers that
// JSON lacks (infinities, NaN) become null.
std::string FormatLogLine(absl::Time time, LogLevel level, std::string_view event,
                          LogFields fields);

}  // namespace cxscribe
