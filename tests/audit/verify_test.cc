#include "server/audit/verify.h"

#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/audit/entry.h"
#include "server/base/error.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using Kind = AuditProblem::Kind;

// A sound log of `count` entries.
std::vector<std::string> MakeLines(int count) {
  std::vector<std::string> lines;
  std::string prev = kGenesisHash;
  for (int n = 1; n <= count; ++n) {
    internal::v1::AuditDraft draft;
    draft.set_event("COMPLETED");
    draft.mutable_job()->set_job_id(absl::StrCat("job_", n));
    AuditLine line = SealAuditEntry(draft, n, prev);
    prev = line.hash;
    lines.push_back(std::move(line.line));
  }
  return lines;
}

std::string Join(const std::vector<std::string>& lines) {
  return lines.empty() ? "" : absl::StrJoin(lines, "\n") + "\n";
}

AuditReport Verify(const std::string& log,
                   const std::optional<AuditLogAnchor>& anchor = std::nullopt) {
  std::istringstream in(log);
  return VerifyAuditLog(in, anchor);
}

// The problems as (line, kind).
std::vector<std::pair<int64_t, Kind>> Found(const AuditReport& report) {
  std::vector<std::pair<int64_t, Kind>> found;
  for (const AuditProblem& problem : report.problems)
    found.emplace_back(problem.line, problem.kind);
  return found;
}

std::string HashOf(const std::string& line) { return line.substr(line.size() - 66, 64); }

TEST(VerifyAuditLog, ASoundLogHasNoProblems) {
  const auto lines = MakeLines(100);
  const AuditReport report = Verify(Join(lines));
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.lines, 100);
  EXPECT_EQ(report.entries, 100);
  EXPECT_EQ(report.first_sequence, 1);
  EXPECT_EQ(report.last_sequence, 100);
  EXPECT_EQ(report.head_hash, HashOf(lines.back()));
}

TEST(VerifyAuditLog, AnEmptyLogIsSound) {
  const AuditReport report = Verify("");
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.entries, 0);
  EXPECT_EQ(report.head_hash, "");
}

TEST(VerifyAuditLog, AnyChangedByteIsFound) {
  const auto lines = MakeLines(3);
  const std::string log = Join(lines);
  for (size_t i = 0; i < log.size(); ++i) {
    std::string changed = log;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(Verify(changed).ok()) << "byte " << i << ": " << log[i] << " -> " << changed[i];
  }
}

TEST(VerifyAuditLog, AChangedEntryIsNamedByItsLine) {
  auto lines = MakeLines(3);
  lines[1].replace(lines[1].find("job_2"), 5, "job_9");
  EXPECT_THAT(Found(Verify(Join(lines))), ElementsAre(std::make_pair(2, Kind::kHash)));
}

TEST(VerifyAuditLog, AnEntryThatWasSealedAnewBreaksTheNext) {
  auto lines = MakeLines(3);
  internal::v1::AuditDraft forged;
  forged.set_event("FORGED");
  lines[1] = SealAuditEntry(forged, 2, HashOf(lines[0])).line;
  EXPECT_THAT(Found(Verify(Join(lines))), ElementsAre(std::make_pair(3, Kind::kPreviousHash)));
}

TEST(VerifyAuditLog, AMissingEntryIsAGap) {
  auto lines = MakeLines(5);
  lines.erase(lines.begin() + 1, lines.begin() + 3);
  const AuditReport report = Verify(Join(lines));
  EXPECT_THAT(Found(report), ElementsAre(std::make_pair(2, Kind::kGap)));
  EXPECT_THAT(report.problems[0].message, HasSubstr("entries 2 to 3 are missing"));
}

TEST(VerifyAuditLog, AMissingBeginningIsAGap) {
  auto lines = MakeLines(3);
  lines.erase(lines.begin());
  const AuditReport report = Verify(Join(lines));
  EXPECT_THAT(Found(report), ElementsAre(std::make_pair(1, Kind::kGap)));
  EXPECT_EQ(report.first_sequence, 2);
}

TEST(VerifyAuditLog, ARepeatedEntryIsADuplicate) {
  auto lines = MakeLines(3);
  lines.insert(lines.begin() + 2, lines[1]);
  EXPECT_THAT(Found(Verify(Join(lines))), ElementsAre(std::make_pair(3, Kind::kDuplicate)));
}

TEST(VerifyAuditLog, SwappedEntriesAreFound) {
  auto lines = MakeLines(4);
  std::swap(lines[1], lines[2]);
  EXPECT_FALSE(Verify(Join(lines)).ok());
}

TEST(VerifyAuditLog, ATornLastLineIsNamedAsSuch) {
  const auto lines = MakeLines(2);
  std::string log = Join(lines);
  const AuditReport no_newline = Verify(log.substr(0, log.size() - 1));
  EXPECT_THAT(Found(no_newline), ElementsAre(std::make_pair(2, Kind::kTornLine)));
  const AuditReport torn = Verify(log.substr(0, log.size() - 100));
  EXPECT_THAT(Found(torn), ElementsAre(std::make_pair(2, Kind::kTornLine)));
  EXPECT_EQ(torn.last_sequence, 1);
}

TEST(VerifyAuditLog, LinesThatAreNoEntriesAreMalformed) {
  const std::string good = MakeLines(1)[0];
  const std::string hash = ",\"hash\":\"" + std::string(64, '0') + "\"}";
  for (const std::string& line :
       {std::string(), std::string("not json"), std::string("{}"), std::string("[1]") + hash,
        "{\"sequence\":1" + hash,
        "{\"sequence\":\"1\",\"prev_hash\":\"" + HashOf(good) + "\"" + hash,
        "{\"sequence\":0,\"prev_hash\":\"" + HashOf(good) + "\"" + hash,
        "{\"sequence\":-1,\"prev_hash\":\"" + HashOf(good) + "\"" + hash,
        "{\"sequence\":1,\"sequence\":2,\"prev_hash\":\"" + HashOf(good) + "\"" + hash,
        "{\"sequence\":18446744073709551615,\"prev_hash\":\"" + HashOf(good) + "\"" + hash,
        "{\"sequence\":1,\"prev_hash\":\"short\"" + hash,
        "{\"a\":{\"sequence\":1,\"prev_hash\":\"" + HashOf(good) + "\"}" + hash, good + " ",
        good + good, std::string(100'000, '[') + hash}) {
    const AuditReport report = Verify(line + "\n");
    EXPECT_THAT(Found(report), ElementsAre(std::make_pair(1, Kind::kMalformed)))
        << line.substr(0, 100);
    EXPECT_EQ(report.entries, 0);
  }
}

TEST(VerifyAuditLog, AMalformedLineInTheMiddleIsReportedOnceWithTheGapThatItLeaves) {
  auto lines = MakeLines(3);
  lines[1] = "{}";
  EXPECT_THAT(Found(Verify(Join(lines))),
              ElementsAre(std::make_pair(2, Kind::kMalformed), std::make_pair(3, Kind::kGap)));
}

TEST(VerifyAuditLog, AnOverlongLineIsSkippedWithoutKeepingIt) {
  auto lines = MakeLines(2);
  lines.insert(lines.begin() + 1, std::string(kMaxAuditLineBytes * 3, 'x'));
  const AuditReport report = Verify(Join(lines));
  EXPECT_THAT(Found(report), ElementsAre(std::make_pair(2, Kind::kMalformed)));
  EXPECT_EQ(report.entries, 2);
}

TEST(VerifyAuditLog, ProblemsAreCountedPastThoseThatAreKept) {
  const AuditReport report = Verify(std::string(1000, '\n'));
  EXPECT_EQ(report.problem_count, 1000);
  EXPECT_THAT(report.problems, SizeIs(AuditReport::kMaxProblems));
}

TEST(VerifyAuditLog, AnAnchorShowsThatTheEndWasCutOff) {
  auto lines = MakeLines(3);
  const AuditLogAnchor anchor = {3, HashOf(lines[2])};
  EXPECT_TRUE(Verify(Join(lines), anchor).ok());
  lines.pop_back();
  EXPECT_TRUE(Verify(Join(lines)).ok()) << "the chain alone cannot show it";
  const AuditReport report = Verify(Join(lines), anchor);
  EXPECT_THAT(Found(report), ElementsAre(std::make_pair(0, Kind::kAnchor)));
}

TEST(VerifyAuditLog, AnAnchorShowsThatTheWholeLogWasWrittenAnew) {
  const auto lines = MakeLines(3);
  const AuditReport report = Verify(Join(lines), AuditLogAnchor{2, std::string(64, '0')});
  EXPECT_THAT(Found(report), ElementsAre(std::make_pair(2, Kind::kAnchor)));
}

TEST(VerifyAuditLog, ReadsFilesAndSaysWhenItCannot) {
  TempDir dir;
  const std::string path = dir.Write("audit.jsonl", Join(MakeLines(2)));
  const auto report = VerifyAuditLogFile(path);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->entries, 2);
  const absl::Status missing = VerifyAuditLogFile(dir.File("none")).status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()), HasSubstr(dir.File("none")));
  EXPECT_EQ(VerifyAuditLogFile(dir.path().string()).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace cxscribe
