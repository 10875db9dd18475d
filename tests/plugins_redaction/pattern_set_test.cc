#include "plugins/redaction/pattern_set.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string ProblemOf(const std::string& pattern) { return PatternSet().Add(pattern, false); }

std::vector<std::string> FoundIn(const std::vector<std::string>& patterns, const std::string& text,
                                 std::size_t limit = 1000) {
  PatternSet set;
  for (const std::string& pattern : patterns) EXPECT_EQ(set.Add(pattern, false), "");
  set.Prepare();
  std::vector<PatternMatch> matches;
  set.Find(text, {{0, text.size()}}, limit, &matches);
  std::vector<std::string> found;
  found.reserve(matches.size());
  for (const PatternMatch& match : matches) {
    found.push_back(std::to_string(match.pattern) + ":" +
                    text.substr(match.begin, match.end - match.begin));
  }
  return found;
}

TEST(PatternSet, RefusesWhatCannotBeRunSafely) {
  EXPECT_THAT(ProblemOf("(emp"), HasSubstr("missing )"));
  EXPECT_THAT(ProblemOf(R"((a)\1)"), HasSubstr("not a regular expression of RE2"));
  EXPECT_THAT(ProblemOf("(?=a)"), HasSubstr("not a regular expression of RE2"));
  EXPECT_THAT(ProblemOf("((a{30}){30}){30}"), HasSubstr("RE2"));
  EXPECT_THAT(ProblemOf("[a-z]{900}[0-9]{900}[a-z]{900}[0-9]{900}(ab|cd){900}[x-z]{900}"
                        "(ab|cd){900}(ab|cd){900}(ab|cd){900}(ab|cd){900}(ab|cd){900}"),
              HasSubstr("too large"));
  EXPECT_THAT(ProblemOf(std::string(1001, 'a')), HasSubstr("longer than 1000 bytes"));
  EXPECT_THAT(ProblemOf("x\xFF"), HasSubstr("RE2"));
}

TEST(PatternSet, RefusesWhatMatchesNothing) {
  for (const char* pattern : {"", "x*", "x?", "a|", R"(\b)", R"(\B)", "^", "$", "(?:)", "()+"}) {
    EXPECT_THAT(ProblemOf(pattern), HasSubstr("without taking a character")) << pattern;
  }
}

TEST(PatternSet, FindsEachPatternFromLeftToRight) {
  EXPECT_THAT(FoundIn({}, "anything"), IsEmpty());
  EXPECT_THAT(FoundIn({"[0-9]{3}", "no such", "ab"}, "ab12 123456 AB"),
              ElementsAre("0:123", "0:456", "2:ab", "2:AB"));
  EXPECT_THAT(FoundIn({"zoë"}, "Zoé ZOË zoë"), ElementsAre("0:ZOË", "0:zoë"));
  EXPECT_THAT(FoundIn({"^a|c$"}, "a b a c c"), ElementsAre("0:a", "0:c"));
}

TEST(PatternSet, LooksInsideThePiecesOnly) {
  PatternSet set;
  EXPECT_EQ(set.Add("^a|b+|c$", false), "");
  set.Prepare();
  const std::string text = "ab bbb bc c";
  std::vector<PatternMatch> matches;
  set.Find(text, {{1, 2}, {4, 5}, {7, 9}}, 10, &matches);
  ASSERT_EQ(matches.size(), 3U);
  EXPECT_EQ(matches[0].begin, 1U);
  EXPECT_EQ(matches[1].begin, 4U);
  EXPECT_EQ(matches[1].end, 5U);
  EXPECT_EQ(matches[2].begin, 7U);
  EXPECT_EQ(matches[2].end, 8U);
}

TEST(PatternSet, CaseMayCount) {
  PatternSet set;
  EXPECT_EQ(set.Add("EMP[0-9]", true), "");
  set.Prepare();
  std::vector<PatternMatch> matches;
  set.Find("emp1 EMP2", {{0, 9}}, 10, &matches);
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].begin, 5U);
}

TEST(PatternSet, StopsAtTheLimit) {
  EXPECT_THAT(FoundIn({"a"}, "aaaa", 2), ElementsAre("0:a", "0:a"));
}

// Wherever the windows fall that the text is read in.
TEST(PatternSet, FindsAMatchWhereverItStands) {
  for (std::size_t at = 0; at < 2100; at += 7) {
    const std::string text = std::string(at, '.') + "é" + "emp-123456" + std::string(1500, '.');
    EXPECT_THAT(FoundIn({"emp-[0-9]+"}, text), ElementsAre("0:emp-123456")) << at;
  }
}

// Each match has to be searched to the end of the text where nothing bounds it.
TEST(PatternSet, IsLinearWherePatternsReachFar) {
  const std::string text(1 << 20, 'a');
  PatternSet set;
  EXPECT_EQ(set.Add("a(?:.*b)?", false), "");
  set.Prepare();
  std::vector<PatternMatch> matches;
  set.Find(text, {{0, text.size()}}, 20'000, &matches);
  EXPECT_EQ(matches.size(), 20'000U);
}

}  // namespace
}  // namespace cxscribe::redaction
