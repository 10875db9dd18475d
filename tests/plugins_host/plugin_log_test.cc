// Log lines of plugins: bounded, printable, in order.
#include "plugins/host/plugin_log.h"

#include <string>

#include <gtest/gtest.h>

#include "plugins/host/limits.h"

namespace cxscribe {
namespace {

TEST(PluginLog, LinesBeyondTheLimitAreCountedNotKept) {
  PluginLogBuffer buffer;
  for (uint64_t i = 0; i < kMaxLogLines + 500; ++i) buffer.Add(CX_LOG_ERROR, CX_STRING("line"));
  const std::vector<PluginLogLine> lines = buffer.Take();
  ASSERT_EQ(lines.size(), kMaxLogLines + 1);
  EXPECT_EQ(lines.back().text, "500 more log lines were dropped");
  EXPECT_EQ(lines.back().level, PluginLogLevel::kWarning);
  EXPECT_TRUE(buffer.Take().empty());
}

// However often they are taken meanwhile, and with one line about the rest.
TEST(PluginLog, TheLinesOfACallAreBoundedInAll) {
  PluginLogBuffer buffer(PluginLogBuffer::Bound::kInAll);
  uint64_t taken = 0;
  for (uint64_t i = 0; i < kMaxLogLines + 500; ++i) {
    buffer.Add(CX_LOG_ERROR, CX_STRING("line"));
    taken += buffer.Take().size();
  }
  EXPECT_EQ(taken, kMaxLogLines);
  const std::vector<PluginLogLine> last = buffer.Take(/*last=*/true);
  ASSERT_EQ(last.size(), 1u);
  EXPECT_EQ(last[0].text, "500 more log lines were dropped");
}

TEST(PluginLog, ALineIsCutAndMadePrintable) {
  PluginLogBuffer buffer;
  const std::string text(kMaxMessageBytes * 2, '\n');
  buffer.Add(77, cx_string{text.data(), text.size()});
  buffer.Add(CX_LOG_DEBUG, cx_string{nullptr, 99});
  const std::vector<PluginLogLine> lines = buffer.Take();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].text, std::string(kMaxMessageBytes, '?'));
  EXPECT_EQ(lines[0].level, PluginLogLevel::kInfo);
  EXPECT_EQ(lines[1].text, "");
}

}  // namespace
}  // namespace cxscribe
