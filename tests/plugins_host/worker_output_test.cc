// What a worker writes to stderr, as log lines.
#include "plugins/host/worker_output.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/host/limits.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class WorkerOutputTest : public testing::Test {
 protected:
  void Add(std::string_view bytes) { output_.Add(bytes, relay_); }

  std::vector<std::string> lines_;
  const PluginLog log_ = [this](PluginLogLevel level, std::string_view line) {
    EXPECT_EQ(level, PluginLogLevel::kWarning);
    lines_.emplace_back(line);
  };
  LogRelay relay_{log_};
  WorkerOutput output_;
};

TEST_F(WorkerOutputTest, LinesAreWholePrintableAndNeverEmpty) {
  Add("on");
  Add("e\n\ntwo\x01\xFF\nthr");
  EXPECT_THAT(lines_, ElementsAre("stderr: one", "stderr: two??"));
  Add("ee\n");
  EXPECT_EQ(lines_.back(), "stderr: three");
}

TEST_F(WorkerOutputTest, ALineWithoutEndIsCut) {
  for (int i = 0; i < 100; ++i) Add(std::string(1 << 16, 'x'));
  Add("\nnext\n");
  ASSERT_THAT(lines_, SizeIs(2));
  EXPECT_LE(lines_[0].size(), kMaxMessageBytes + 16);
  EXPECT_EQ(lines_[1], "stderr: next");
}

TEST_F(WorkerOutputTest, WhatAnExceptionSaidIsNotTold) {
  Add("terminate called after throwing\n  what():  secret text\n");
  EXPECT_THAT(lines_, ElementsAre("stderr: terminate called after throwing",
                                  "stderr:   what() is not shown"));
}

TEST_F(WorkerOutputTest, LinesBeyondTheBoundAreCounted) {
  for (uint64_t i = 0; i < kMaxRelayedLines + 7; ++i) Add("x\n");
  relay_.Finish();
  ASSERT_THAT(lines_, SizeIs(kMaxRelayedLines + 1));
  EXPECT_EQ(lines_.back(), "7 more log lines were dropped");
}

}  // namespace
}  // namespace cxscribe
