// The log line: JSON whatever goes in, bounded, and whole when many threads write.
#include "server/telemetry/log.h"

#include <limits>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/base/mutex.h"
#include "server/base/utf8.h"

namespace cxscribe {
namespace {

using Json = nlohmann::json;

const absl::Time kTime = absl::FromUnixMicros(1'705'312'800'123'456);

std::string Line(std::string_view event, LogFields fields) {
  return FormatLogLine(kTime, LogLevel::kInfo, event, fields);
}

// Collects lines while it lives; restores standard error and the level.
class Capture {
 public:
  Capture() {
    SetLogSink([this](std::string_view line) {
      MutexLock lock(mutex_);
      lines_.emplace_back(line);
    });
  }
  ~Capture() {
    SetLogSink(nullptr);
    SetLogLevel(LogLevel::kInfo);
  }

  std::vector<std::string> lines() {
    MutexLock lock(mutex_);
    return lines_;
  }

 private:
  Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

TEST(FormatLogLine, EscapesWhatJsonMustEscape) {
  const std::string text = "quote \" backslash \\ newline \n tab \t bell \x07 delete \x7F nul ";
  const std::string line = Line("e", {{"text", text + std::string(1, '\0')}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(Json::parse(line)["text"], text + std::string(1, '\0'));
}

TEST(FormatLogLine, ReplacesInvalidUtf8) {
  const Json json = Json::parse(Line("e\xFF", {{"k\xC3", "caf\xE9"}}));
  EXPECT_EQ(json["event"], "e\xEF\xBF\xBD");
  EXPECT_EQ(json["k\xEF\xBF\xBD"], "caf\xEF\xBF\xBD");
}

TEST(FormatLogLine, WritesNullForNumbersThatJsonLacks) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Json json = Json::parse(Line(
      "e",
      {{"inf", infinity}, {"ninf", -infinity}, {"nan", std::numeric_limits<double>::quiet_NaN()}}));
  EXPECT_TRUE(json["inf"].is_null());
  EXPECT_TRUE(json["ninf"].is_null());
  EXPECT_TRUE(json["nan"].is_null());
}

TEST(FormatLogLine, CutsALongValueBetweenCharacters) {
  std::string text;
  while (text.size() < 3 * kMaxLogLine) text += "\xE2\x82\xAC";  // €
  const std::string line = Line("e", {{"text", text}, {"after", 1}});
  EXPECT_LE(line.size(), kMaxLogLine);
  const Json json = Json::parse(line);
  const std::string cut = json["text"];
  EXPECT_TRUE(IsValidUtf8(cut));
  EXPECT_GT(cut.size(), kMaxLogLine / 8);
  EXPECT_EQ(cut.substr(cut.size() - 3), "\xE2\x80\xA6");
  EXPECT_EQ(json["after"], 1);
}

TEST(FormatLogLine, CountsEscapesAgainstTheBound) {
  const std::string line = Line("e", {{"text", std::string(kMaxLogLine, '\x01')}});
  EXPECT_LE(line.size(), kMaxLogLine);
  EXPECT_TRUE(Json::accept(line));
}

TEST(FormatLogLine, DropsFieldsBeyondTheBoundAndSaysSo) {
  const std::string big(kMaxLogLine, 'x');
  const std::string line = Line(
      "e", {{"a", big}, {"b", big}, {"c", big}, {"d", big}, {"e", big}, {"f", big}, {"last", 1}});
  EXPECT_LE(line.size(), kMaxLogLine);
  const Json json = Json::parse(line);
  EXPECT_TRUE(json["truncated"].get<bool>());
  EXPECT_TRUE(json.contains("c"));
  EXPECT_FALSE(json.contains("last"));
}

TEST(FormatLogLine, WritesEachTypeAsItsOwn) {
  const std::string id = "job_1";
  const std::string line = Line("job_submitted", {{"job_id", id},
                                                  {"literal", "text"},
                                                  {"absl", absl::string_view("view")},
                                                  {"recordings", 3},
                                                  {"bytes", size_t{1} << 40},
                                                  {"least", std::numeric_limits<int64_t>::min()},
                                                  {"seconds", 0.1},
                                                  {"yes", true},
                                                  {"no", false}});
  EXPECT_EQ(line, R"({"time":"2024-01-15T10:00:00.123456Z","level":"info","event":"job_submitted",)"
                  R"("job_id":"job_1","literal":"text","absl":"view","recordings":3,)"
                  R"("bytes":1099511627776,"least":-9223372036854775808,"seconds":0.1,)"
                  R"("yes":true,"no":false})");
}

TEST(FormatLogLine, KeepsDoublesExact) {
  for (const double value : {0.1, 1.0 / 3, 1e300, 5e-324, -2.5, 123456789.123456789}) {
    EXPECT_EQ(Json::parse(Line("e", {{"v", value}}))["v"].get<double>(), value);
  }
}

TEST(Log, DropsWhatIsBelowTheLevel) {
  Capture capture;
  SetLogLevel(LogLevel::kWarn);
  LogDebug("debug");
  LogInfo("info");
  LogWarn("warn");
  LogError("error");
  const std::vector<std::string> lines = capture.lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(Json::parse(lines[0])["level"], "warn");
  EXPECT_EQ(Json::parse(lines[1])["level"], "error");
  EXPECT_FALSE(IsLogged(LogLevel::kInfo));
}

TEST(Log, WritesWholeLinesFromManyThreads) {
  Capture capture;
  constexpr int kThreads = 4;
  constexpr int kLines = 250;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < kLines; ++i) LogInfo("line", {{"thread", t}, {"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::pair<int, int>> seen;
  for (const std::string& line : capture.lines()) {
    const Json json = Json::parse(line);
    seen.emplace(json["thread"], json["i"]);
  }
  EXPECT_EQ(seen.size(), size_t{kThreads * kLines});
}

TEST(Log, WritesOneLineToStandardErrorAndNothingElse) {
  ::testing::internal::CaptureStderr();
  LogInfo("started", {{"port", 7400}});
  const std::string written = ::testing::internal::GetCapturedStderr();
  ASSERT_FALSE(written.empty());
  EXPECT_EQ(written.back(), '\n');
  EXPECT_EQ(written.find('\n'), written.size() - 1);
  EXPECT_EQ(Json::parse(written)["event"], "started");
}

TEST(ParseLogLevel, KnowsTheFourNames) {
  EXPECT_EQ(ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(ParseLogLevel("info"), LogLevel::kInfo);
  EXPECT_EQ(ParseLogLevel("warn"), LogLevel::kWarn);
  EXPECT_EQ(ParseLogLevel("error"), LogLevel::kError);
  EXPECT_FALSE(ParseLogLevel("INFO"));
  EXPECT_FALSE(ParseLogLevel(""));
}

TEST(DescribeForLog, NamesTheCode) {
  EXPECT_EQ(DescribeForLog(absl::OkStatus()), "OK");
  EXPECT_EQ(DescribeForLog(absl::UnavailableError("down")), "UNAVAILABLE: down");
}

}  // namespace
}  // namespace cxscribe
