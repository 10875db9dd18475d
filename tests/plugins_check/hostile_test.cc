// Every way in which a plugin can be broken is a FAIL, in the row that is about it.
#include <filesystem>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/check/process_state.h"
#include "plugins/check/suite.h"
#include "tests/plugins_check/suite_fixture.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using ::testing::HasSubstr;

struct Fault {
  const char* fixture;
  const char* check;
  const char* why;  // a part of it
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.fixture; }

class HostileHost : public ::testing::TestWithParam<Fault> {};
class HostileCheck : public ::testing::TestWithParam<Fault> {};

std::string NameOf(const ::testing::TestParamInfo<Fault>& info) {
  std::string name = absl::StrCat(info.param.fixture, "_", info.param.check);
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

TEST_P(HostileHost, IsFoundInItsRow) {
  const Verdict verdict = VerdictOf(HostFixture(GetParam().fixture), GetParam().check);
  EXPECT_EQ(verdict.result, CheckResult::kFail);
  EXPECT_THAT(verdict.why, HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(All, HostileHost,
                         ::testing::Values(Fault{"no_symbol", "loads", "does not export"},
                                           Fault{"unresolved", "loads", "dynamic linker"},
                                           Fault{"null_table", "abi", "NULL"},
                                           Fault{"short_table", "abi", "16"},
                                           Fault{"wrong_magic", "abi", "magic"},
                                           Fault{"major_newer", "abi", "2.0"},
                                           Fault{"minor_newer", "abi", "1.1"},
                                           Fault{"bad_fields", "abi", "semantic version"},
                                           Fault{"bad_schema", "schema", "pattern"}),
                         NameOf);

TEST_P(HostileCheck, IsFoundInItsRow) {
  const Verdict verdict = VerdictOf(CheckFixture(GetParam().fixture), GetParam().check);
  EXPECT_EQ(verdict.result, CheckResult::kFail);
  // A sanitizer sees some of them first, and ends the process.
  if (!UnderSanitizer()) {
    EXPECT_THAT(verdict.why, HasSubstr(GetParam().why));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileCheck,
    ::testing::Values(
        Fault{"extra_symbol", "exports", "cx_fixture_extra"},
        Fault{"unknown_keys", "unknown-keys", "additionalProperties"},
        Fault{"validate_opens", "validate", "openat"},
        Fault{"validate_differs", "validate", "two answers"},
        Fault{"create_fails", "create", "there is no model"},
        Fault{"throws", "one-segment", "threw an exception"},
        Fault{"throws_static", "one-segment", ""}, Fault{"segfault", "one-segment", "SIGSEGV"},
        Fault{"abort", "one-segment", "SIGABRT"}, Fault{"stack_overflow", "one-segment", "SIGSEGV"},
        Fault{"exits", "one-segment", "exit code 7"},
        Fault{"deep_stack", "any-thread", "1 MiB of stack"},
        Fault{"invalid_utf8", "utf8", "is not valid UTF-8"},
        Fault{"out_of_order", "contract", "before the one ahead of it"},
        Fault{"finding_outside", "contract", "outside its text"},
        Fault{"verify_changes", "contract", "must not change the transcript"},
        Fault{"many_segments", "contract", "more than 500000 segments"},
        Fault{"random", "deterministic", "different outputs"},
        Fault{"addresses", "deterministic", "two processes"},
        Fault{"remembers", "deterministic", "has been used"},
        Fault{"shared_state", "two-instances", "another one than alone"},
        Fault{"false_reentrant", "reentrant", "another one than alone"},
        Fault{"ignores_cancel", "cancel", "ms after being cancelled"},
        Fault{"past_deadline", "deadline", "ms after its deadline"},
        Fault{"writes_input", "input-untouched", "it wrote to the transcript"},
        Fault{"writes_words", "input-untouched", "it wrote to the transcript"},
        Fault{"stops_parent", "one-segment", "SIGSYS"}, Fault{"forks", "sink-only", "clone"},
        Fault{"opens_socket", "sink-only", "socket"},
        Fault{"closes_descriptors", "sink-only", "closed descriptors"},
        Fault{"writes_file", "sink-only", "left-behind"},
        Fault{"writes_output", "sink-only", "standard output"},
        Fault{"changes_environment", "sink-only", "CX_FIXTURE"}),
    NameOf);

TEST(Hostile, ALoopWithoutEndIsEndedAndSaysWhereItWas) {
  const Verdict verdict = VerdictOf(CheckFixture("infinite_loop"), "one-segment", absl::Seconds(2));
  EXPECT_EQ(verdict.result, CheckResult::kFail);
  EXPECT_THAT(verdict.why, HasSubstr("did not return within 2s in: process, one segment"));
}

// Where a server would refuse to load from, too.
TEST(Hostile, AFileThatOthersCouldReplaceDoesNotLoad) {
  const TempDir directory;
  const std::string copy = directory.File("good.so");
  std::filesystem::copy_file(CheckFixture("good"), copy);
  EXPECT_EQ(VerdictOf(copy, "loads").result, CheckResult::kPass);

  const std::string link = directory.File("link.so");
  std::filesystem::create_symlink(copy, link);
  const Verdict of_link = VerdictOf(link, "loads");
  EXPECT_EQ(of_link.result, CheckResult::kFail);
  EXPECT_THAT(of_link.why, HasSubstr("symbolic link"));

  std::filesystem::permissions(directory.path(), std::filesystem::perms::all);
  const Verdict of_directory = VerdictOf(copy, "loads");
  EXPECT_EQ(of_directory.result, CheckResult::kFail);
  EXPECT_THAT(of_directory.why, HasSubstr("writable for everybody"));
}

TEST(Hostile, AFileThatClimbsOutOfItsDirectoryDoesNotLoad) {
  const TempDir directory;
  std::filesystem::create_directory(directory.File("plugins"));
  std::filesystem::copy_file(CheckFixture("good"), directory.File("good.so"));
  std::filesystem::create_symlink("../good.so", directory.File("plugins/good.so"));
  const Verdict verdict = VerdictOf(directory.File("plugins/good.so"), "loads");
  EXPECT_EQ(verdict.result, CheckResult::kFail);
  EXPECT_THAT(verdict.why, HasSubstr("symbolic link"));
}

TEST(Suite, AGoodPluginPasses) {
  const auto report = RunSuite(OptionsFor(CheckFixture("good"), {}));
  ASSERT_TRUE(report.ok());
  for (const SuiteRow& row : report->rows) {
    EXPECT_NE(row.verdict.result, CheckResult::kFail) << row.name << ": " << row.verdict.why;
  }
  EXPECT_THAT(report->info, HasSubstr("\"provides\":\"test.hostile\""));
  EXPECT_EQ(report->rows.size(), AllChecks().size());
}

TEST(Suite, AnOldMinorVersionPasses) {
  const auto report =
      RunSuite(OptionsFor(CheckFixture("old_minor"), {"loads", "abi", "schema", "one-segment"}));
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->ok());
}

TEST(Suite, WhatNeedsAGateIsSkippedAfterIt) {
  const auto report =
      RunSuite(OptionsFor(CheckFixture("segfault"), {"create", "one-segment", "empty", "leaks"}));
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->rows[0].verdict.result, CheckResult::kPass);
  EXPECT_EQ(report->rows[1].verdict.result, CheckResult::kFail);
  EXPECT_EQ(report->rows[2].verdict.result, CheckResult::kSkip);
  EXPECT_THAT(report->rows[3].verdict.why, HasSubstr("one-segment"));
  EXPECT_FALSE(report->ok());
}

TEST(Suite, AnUnknownCheckIsRefusedWithTheNamesOfAll) {
  const auto report = RunSuite(OptionsFor(CheckFixture("good"), {"speed"}));
  EXPECT_TRUE(absl::IsInvalidArgument(report.status()));
  EXPECT_THAT(std::string(report.status().message()), HasSubstr("deterministic"));
}

TEST(Suite, DebugRunsInThisProcess) {
  SuiteOptions options = OptionsFor(CheckFixture("good"), {"loads", "one-segment", "sink-only"});
  options.request.debug = true;
  options.child.program = "/nonexistent";
  const auto report = RunSuite(options);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->ok());
}

}  // namespace
}  // namespace cxscribe
