#include "client/live_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/fakes.h"

namespace cxscribe::client {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Le;
using ::testing::ResultOf;

View TestView(int width = 100) {
  View view;
  view.width = width;
  view.now = absl::FromUnixSeconds(1'705'312'800);
  view.zone = absl::UTCTimeZone();
  return view;
}

TEST(LiveView, BarsFillFromEmptyToFull) {
  EXPECT_EQ(ProgressBar(0, 12), "[          ]");
  EXPECT_EQ(ProgressBar(45, 12), "[===>      ]");
  EXPECT_EQ(ProgressBar(100, 12), "[==========]");
  EXPECT_EQ(ProgressBar(250, 12), "[==========]");
  EXPECT_EQ(ProgressBar(-5, 12), "[          ]");
}

TEST(LiveView, OneJobIsOneLine) {
  v1::Job job = MakeJob("job_1", v1::JOB_STATE_TRANSCRIBING, 4, 45);
  EXPECT_THAT(RenderLive({job}, TestView(), 20),
              ElementsAre("job_1  TRANSCRIBING     [============>                 ]   45%  1 min"));
}

TEST(LiveView, ABetterEstimateIsMarkedAsOne) {
  v1::Job job = MakeJob("job_1", v1::JOB_STATE_TRANSCRIBING, 4, 45);
  job.set_estimated_percent(62);
  job.mutable_estimated_end_time()->set_seconds(1'705'312'800 + 90);
  EXPECT_THAT(RenderLive({job}, TestView(), 20),
              ElementsAre("job_1  TRANSCRIBING     [=================>            ]  ~62%  1 min, "
                          "about 1 min 30 s left"));
}

TEST(LiveView, NoLineIsWiderThanTheTerminal) {
  v1::Job job = MakeJob("job_01HQ3K4M5N6P7Q8R9S0T1V2W3X", v1::JOB_STATE_TRANSCRIBING, 4, 45);
  for (int width = 1; width < 130; ++width) {
    EXPECT_THAT(RenderLive({job}, TestView(width), 20), Each(ResultOf(DisplayWidth, Le(width))));
    EXPECT_THAT(RenderLive({job, job}, TestView(width), 20),
                Each(ResultOf(DisplayWidth, Le(width))));
  }
}

TEST(LiveView, SeveralJobsAreATableWithASummary) {
  EXPECT_THAT(RenderLive({MakeJob("job_1", v1::JOB_STATE_PROCESSING, 4, 90),
                          MakeJob("job_2", v1::JOB_STATE_FAILED, 4, 20),
                          MakeJob("job_3", v1::JOB_STATE_UNSPECIFIED, 0)},
                         TestView(), 20),
              ElementsAre("job_1  PROCESSING       [========> ]   90%  1 min",
                          "job_2  FAILED           [=>        ]   20%  1 min", "job_3",
                          "1 of 3 ended, 1 not succeeded"));
}

TEST(LiveView, WhereThereIsNoRoomJobsInWorkComeFirst) {
  std::vector<v1::Job> jobs;
  for (int i = 0; i < 8; ++i) {
    jobs.push_back(MakeJob("job_" + std::to_string(i),
                           i < 6 ? v1::JOB_STATE_SUCCEEDED : v1::JOB_STATE_QUEUED, 1));
  }
  const auto lines = RenderLive(jobs, TestView(), 4);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_THAT(lines[0], ::testing::StartsWith("job_6  QUEUED"));
  EXPECT_THAT(lines[1], ::testing::StartsWith("job_7  QUEUED"));
  EXPECT_THAT(lines[2], ::testing::StartsWith("job_0  SUCCEEDED"));
  EXPECT_EQ(lines[3], "6 of 8 ended, 5 not shown");
}

TEST(LiveBlockTest, RedrawsInPlaceAndLeavesNothing) {
  LiveBlock block;
  EXPECT_EQ(block.Clear(), "");
  EXPECT_EQ(block.Draw({"a", "b", "c"}), "\ra\x1b[K\nb\x1b[K\nc\x1b[K\x1b[J");
  EXPECT_EQ(block.Draw({"d"}), "\r\x1b[2Ad\x1b[K\x1b[J");
  EXPECT_EQ(block.Clear(), "\r\x1b[J");
  EXPECT_EQ(block.Clear(), "");
}

}  // namespace
}  // namespace cxscribe::client
