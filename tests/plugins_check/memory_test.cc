// Checks of memory. Not part of a build with a sanitizer, which reserves address space without end
// and keeps what was freed.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_check/suite_fixture.h"

namespace cxscribe {
namespace {

using ::testing::HasSubstr;

TEST(Memory, MemoryIsBounded) {
  const Verdict verdict = VerdictOf(CheckFixture("allocates"), "one-segment");
  EXPECT_EQ(verdict.result, CheckResult::kFail);
  EXPECT_THAT(verdict.why, HasSubstr("SIGSEGV"));
}

TEST(Memory, LeaksAreMeasured) {
  for (const char* fixture : {"leaks", "leaks_instance"}) {
    const Verdict verdict = VerdictOf(CheckFixture(fixture), "leaks");
    EXPECT_EQ(verdict.result, CheckResult::kFail) << fixture;
    EXPECT_THAT(verdict.why, HasSubstr("memory grows by")) << fixture;
  }
}

}  // namespace
}  // namespace cxscribe
