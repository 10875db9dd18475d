#include "client/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/table.h"

namespace cxscribe::client {
namespace {

View TestView() {
  View view;
  view.now = absl::FromUnixSeconds(1'705'312'800);  // 2024-01-15 10:00:00 UTC
  view.zone = absl::UTCTimeZone();
  return view;
}

TEST(Format, StripsEnumPrefixes) {
  EXPECT_EQ(StateName(v1::JOB_STATE_NEEDS_ATTENTION), "NEEDS_ATTENTION");
  EXPECT_EQ(StateName(v1::JOB_STATE_UNSPECIFIED), "-");
  EXPECT_EQ(StateName(static_cast<v1::JobState>(42)), "42");
  EXPECT_EQ(OutcomeName(v1::OUTCOME_NOT_RUN), "NOT_RUN");
  EXPECT_EQ(StageKindName(v1::STAGE_KIND_VERIFY), "verify");
  EXPECT_EQ(PluginHealthName(v1::PLUGIN_HEALTH_OK), "OK");
}

TEST(Format, ReadsStatesWithAndWithoutPrefix) {
  EXPECT_EQ(ParseState("succeeded"), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(ParseState("JOB_STATE_QUEUED"), v1::JOB_STATE_QUEUED);
  EXPECT_EQ(ParseState("unspecified"), std::nullopt);
  EXPECT_EQ(ParseState("done"), std::nullopt);
}

TEST(Format, NamesEveryStateOnce) {
  const auto names = StateNames();
  EXPECT_EQ(names.size(), 9u);
  for (const auto& name : names) EXPECT_TRUE(ParseState(name).has_value()) << name;
}

TEST(Format, WritesDurationsForPeople) {
  EXPECT_EQ(HumanDuration(absl::Milliseconds(0.84)), "0.8 ms");
  EXPECT_EQ(HumanDuration(absl::Milliseconds(35)), "35 ms");
  EXPECT_EQ(HumanDuration(absl::Milliseconds(1250)), "1.2 s");
  EXPECT_EQ(HumanDuration(absl::Seconds(2)), "2 s");
  EXPECT_EQ(HumanDuration(absl::Seconds(59)), "59 s");
  EXPECT_EQ(HumanDuration(absl::Seconds(60)), "1 min");
  EXPECT_EQ(HumanDuration(absl::Seconds(200)), "3 min 20 s");
  EXPECT_EQ(HumanDuration(absl::Minutes(125)), "2 h 5 min");
  EXPECT_EQ(HumanDuration(absl::Hours(76)), "3 d 4 h");
  EXPECT_EQ(HumanDuration(absl::Seconds(-5)), "0.0 ms");
}

TEST(Format, WritesTimesInTheViewsZone) {
  View view = TestView();
  EXPECT_EQ(FormatTime(view.now, view), "2024-01-15 10:00:00");
  view.zone = absl::FixedTimeZone(3600);
  EXPECT_EQ(FormatTime(view.now, view), "2024-01-15 11:00:00");
  EXPECT_EQ(FormatTime(absl::UnixEpoch(), view), "-");
}

TEST(Format, WritesAges) {
  const View view = TestView();
  EXPECT_EQ(FormatAge(view.now, view), "just now");
  EXPECT_EQ(FormatAge(view.now - absl::Seconds(5), view), "5 s ago");
  EXPECT_EQ(FormatAge(view.now + absl::Minutes(2), view), "in 2 min");
  EXPECT_EQ(FormatAge(view.now - absl::Hours(47), view), "47 h ago");
  EXPECT_EQ(FormatAge(view.now - absl::Hours(49), view), "2 d ago");
  EXPECT_EQ(FormatAge(view.now - absl::Hours(24 * 40), view), "2023-12-06");
}

TEST(Format, WritesOffsetsAndSizes) {
  EXPECT_EQ(FormatOffset(0), "00:00");
  EXPECT_EQ(FormatOffset(61'999), "01:01");
  EXPECT_EQ(FormatOffset(3'725'000), "1:02:05");
  EXPECT_EQ(FormatOffset(-1), "00:00");
  EXPECT_EQ(FormatBytes(999), "999 B");
  EXPECT_EQ(FormatBytes(34'200'000), "34.2 MB");
  EXPECT_EQ(Count(1, "job"), "1 job");
  EXPECT_EQ(Count(0, "job"), "0 jobs");
}

TEST(TableTest, AlignsColumns) {
  Table table({{"NAME"}, {"COUNT", true}, {"WHY"}});
  table.Add({"a", "7", "short"});
  table.Add({"日本", "1000", ""});
  EXPECT_EQ(table.Render(TestView()),
            "NAME  COUNT  WHY\n"
            "a         7  short\n"
            "日本   1000\n");
}

TEST(TableTest, CutsTheLastColumnToTheView) {
  View view = TestView();
  view.width = 24;
  Table table({{"ID"}, {"WHY"}});
  table.Add({"12345678", "a reason that is too long"});
  EXPECT_EQ(table.Render(view, 2),
            "  ID        WHY\n"
            "  12345678  a reason th…\n");
}

TEST(TableTest, ColoursDoNotShiftColumnsAndCellsCannotSteerTheTerminal) {
  View view = TestView();
  view.colour = true;
  Table table({{"A"}, {"B"}});
  table.Add({Cell("x\x1b[31m", Style::kGreen), "y"});
  EXPECT_EQ(table.Render(view),
            "\x1b[2mA\x1b[0m       \x1b[2mB\x1b[0m\n"
            "\x1b[32mx␛[31m\x1b[0m  y\n");
}

}  // namespace
}  // namespace cxscribe::client
