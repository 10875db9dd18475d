#include "server/telemetry/log.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <iterator>
#include <memory>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/clock.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "server/base/mutex.h"
#include "server/base/utf8.h"

namespace cxscribe {
namespace {

constexpr size_t kMaxString = kMaxLogLine / 4;
constexpr size_t kMaxName = 128;                        // of an event or a key
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";  // …
constexpr std::string_view kTruncated = ",\"truncated\":true";

std::atomic<LogLevel> g_level{LogLevel::kInfo};

std::string_view NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

// Appends `text` as a JSON string whose content is at most `limit` bytes long, escapes included.
void AppendString(std::string_view text, size_t limit, std::string& out) {
  out.push_back('"');
  const size_t end = out.size() + limit - kEllipsis.size();
  char escape[8];
  while (!text.empty()) {
    const size_t length = Utf8SequenceLength(text);
    const auto c = static_cast<unsigned char>(text.front());
    std::string_view piece = text.substr(0, std::max<size_t>(length, 1));
    text.remove_prefix(piece.size());
    if (length == 0) {
      piece = kReplacementCharacter;
    } else if (c == '"') {
      piece = "\\\"";
    } else if (c == '\\') {
      piece = "\\\\";
    } else if (c == '\n') {
      piece = "\\n";
    } else if (c == '\t') {
      piece = "\\t";
    } else if (c < 0x20 || c == 0x7F) {
      absl::SNPrintF(escape, sizeof escape, "\\u%04x", c);
      piece = escape;
    }
    if (out.size() + piece.size() > end) {
      out.append(kEllipsis);
      break;
    }
    out.append(piece);
  }
  out.push_back('"');
}

void AppendDouble(double value, std::string& out) {
  if (!std::isfinite(value)) {
    out.append("null");
    return;
  }
  char digits[32];  // the shortest text that reads back as the same number takes at most 24
  const std::to_chars_result result = std::to_chars(std::begin(digits), std::end(digits), value);
  out.append(digits, result.ptr);
}

struct ValueAppender {
  std::string& out;

  void operator()(std::string_view value) const { AppendString(value, kMaxString, out); }
  void operator()(int64_t value) const { absl::StrAppend(&out, value); }
  void operator()(double value) const { AppendDouble(value, out); }
  void operator()(bool value) const { out.append(value ? "true" : "false"); }
};

// spdlog writes each line whole; the line is already formatted.
class Output {
 public:
  void Write(LogLevel level, std::string_view line) {
    std::shared_ptr<const LogSink> sink;
    {
      MutexLock lock(mutex_);
      sink = sink_;
    }
    if (sink != nullptr) {
      (*sink)(line);
    } else {
      standard_error_.log(ToSpdlog(level), spdlog::string_view_t(line.data(), line.size()));
    }
  }

  void SetSink(LogSink sink) {
    std::shared_ptr<const LogSink> replacement;
    if (sink) replacement = std::make_shared<const LogSink>(std::move(sink));
    MutexLock lock(mutex_);
    sink_.swap(replacement);
  }

 private:
  static std::shared_ptr<spdlog::sinks::sink> MakeSink() {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_pattern("%v");
    return sink;
  }

  static spdlog::level::level_enum ToSpdlog(LogLevel level) {
    switch (level) {
      case LogLevel::kDebug:
        return spdlog::level::debug;
      case LogLevel::kInfo:
        return spdlog::level::info;
      case LogLevel::kWarn:
        return spdlog::level::warn;
      case LogLevel::kError:
        return spdlog::level::err;
    }
    return spdlog::level::err;
  }

  static spdlog::logger MakeLogger() {
    spdlog::logger logger("cxscribe", MakeSink());
    logger.set_level(spdlog::level::trace);  // Log has filtered
    return logger;
  }

  Mutex mutex_;
  std::shared_ptr<const LogSink> sink_ ABSL_GUARDED_BY(mutex_);
  spdlog::logger standard_error_ = MakeLogger();
};

// Never destroyed: threads may still log while the process ends.
Output& TheOutput() {
  static Output& output = *new Output;
  return output;
}

}  // namespace

std::string FormatLogLine(absl::Time time, LogLevel level, std::string_view event,
                          LogFields fields) {
  std::string line =
      absl::FormatTime(R"({"time":"%Y-%m-%dT%H:%M:%E6SZ","level":")", time, absl::UTCTimeZone());
  line.append(NameOf(level));
  line.append("\",\"event\":");
  AppendString(event, kMaxName, line);
  for (const LogField& field : fields) {
    const size_t before = line.size();
    line.push_back(',');
    AppendString(field.key, kMaxName, line);
    line.push_back(':');
    std::visit(ValueAppender{line}, field.value.value());
    if (line.size() + kTruncated.size() + 1 > kMaxLogLine) {
      line.resize(before);
      line.append(kTruncated);
      break;
    }
  }
  line.push_back('}');
  return line;
}

void Log(LogLevel level, std::string_view event, LogFields fields) {
  if (!IsLogged(level)) return;
  TheOutput().Write(level, FormatLogLine(absl::Now(), level, event, fields));
}

std::string DescribeForLog(const absl::Status& status) {
  if (status.ok()) return "OK";
  return absl::StrCat(absl::StatusCodeToString(status.code()), ": ", status.message());
}

void SetLogLevel(LogLevel level) { g_level.store(level, std::memory_order_relaxed); }

bool IsLogged(LogLevel level) { return level >= g_level.load(std::memory_order_relaxed); }

std::optional<LogLevel> ParseLogLevel(std::string_view name) {
  for (const LogLevel level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError}) {
    if (name == NameOf(level)) return level;
  }
  return std::nullopt;
}

void SetLogSink(LogSink sink) { TheOutput().SetSink(std::move(sink)); }

}  // namespace cxscribe
