#include "plugins/redaction/phrase_set.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Across = PhraseSet::Across;

// What was found, as the text has it from its first word to its last; "|" where a segment ends.
std::vector<std::string> FoundIn(const std::vector<std::string_view>& phrases,
                                 const std::vector<std::string_view>& lines,
                                 Across across = Across::kSegments) {
  std::vector<std::pair<std::size_t, std::string>> problems;
  const PhraseSet set(phrases, &problems);
  EXPECT_THAT(problems, IsEmpty());
  const std::vector<Utterance> utterances = Lines(lines);
  Pulse pulse({});
  const Tokens tokens = Tokenise(utterances, &pulse);
  std::vector<std::string> found;
  for (const PhraseMatch& match : set.Find(tokens, across, &pulse)) {
    std::string text;
    std::size_t i = match.range.begin;
    while (i < match.range.end) {
      const Token& first = tokens.list[i];
      std::int32_t end = first.end;
      while (i < match.range.end && tokens.list[i].segment == first.segment) {
        end = tokens.list[i++].end;
      }
      if (!text.empty()) text += '|';
      text += utterances[static_cast<std::size_t>(first.segment)].text.substr(
          static_cast<std::size_t>(first.begin), static_cast<std::size_t>(end - first.begin));
    }
    found.push_back(text);
  }
  return found;
}

TEST(PhraseSet, RefusesWhatNoTextCanMatch) {
  std::vector<std::pair<std::size_t, std::string>> problems;
  const PhraseSet set({"falcon", "", "...", "um", "[name]", "a b c d e f g h i j k l m n o p q"},
                      &problems);
  EXPECT_THAT(problems, ElementsAre(Pair(1, "has no word in it"), Pair(2, "has no word in it"),
                                    Pair(3, "has no word in it"), Pair(4, "reads like a mask"),
                                    Pair(5, "has more than 16 words")));
}

TEST(PhraseSet, FindsNothingBesideWholeWords) {
  EXPECT_THAT(FoundIn({"ann"}, {": annual planning", ": ann2 is fine"}), ElementsAre("ann"));
  EXPECT_THAT(FoundIn({"project falcon"}, {": project blue falcon"}), IsEmpty());
  EXPECT_THAT(FoundIn({"project falcon"}, {": project [CODE] falcon"}), IsEmpty());
  EXPECT_THAT(FoundIn({}, {": anything"}), IsEmpty());
}

TEST(PhraseSet, FindsWordsInAnyCaseAndAccentAndAcrossPunctuation) {
  EXPECT_THAT(FoundIn({"Project Falcon"}, {": PROJECT, falcon. project-Falcon; project um falcon"}),
              ElementsAre("PROJECT, falcon", "project-Falcon", "project um falcon"));
  EXPECT_THAT(FoundIn({"Zoë O'Brien"}, {": zoe o’brien and ZOË OBRIEN's"}),
              ElementsAre("zoe o’brien", "ZOË OBRIEN's"));
  EXPECT_THAT(FoundIn({"straße"}, {": STRASSE"}), ElementsAre("STRASSE"));
  EXPECT_THAT(FoundIn({"X200"}, {": the x-200 and the X 200"}), ElementsAre("x-200", "X 200"));
  EXPECT_THAT(FoundIn({"kate's desk"}, {": Kate desk"}), ElementsAre("Kate desk"));
}

TEST(PhraseSet, CharactersThatCannotBeSeenHideNothing) {
  EXPECT_THAT(FoundIn({"falcon"}, {": fal\xE2\x80\x8B"
                                   "con"}),
              ElementsAre("fal\xE2\x80\x8B"
                          "con"));
}

TEST(PhraseSet, GoesOnInTheNextSegmentWhereAsked) {
  EXPECT_THAT(FoundIn({"project falcon"}, {": the project", ": falcon team"}),
              ElementsAre("project|falcon"));
  EXPECT_THAT(FoundIn({"project falcon"}, {": the project", ": falcon team"}, Across::kNothing),
              IsEmpty());
}

TEST(PhraseSet, TheLongestCountsAndOverlapsStay) {
  EXPECT_THAT(FoundIn({"york", "new york", "new york city"}, {": new york city, new york, york"}),
              ElementsAre("new york city", "new york", "york"));
  EXPECT_THAT(FoundIn({"a b", "b c"}, {": a b c"}), ElementsAre("a b", "b c"));
  EXPECT_THAT(FoundIn({"b c"}, {": a b c"}), ElementsAre("b c"));
  EXPECT_THAT(FoundIn({"a b c d", "b c"}, {": a b c e"}), ElementsAre("b c"));
}

TEST(PhraseSet, EqualPhrasesAreToldAsTheFirst) {
  std::vector<std::pair<std::size_t, std::string>> problems;
  const PhraseSet set({"falcon", "Falcon!", "eagle"}, &problems);
  EXPECT_EQ(set.Told(1), 0U);
  EXPECT_EQ(set.Told(2), 2U);
}

TEST(PhraseSet, ManyPhrasesCostNoMoreThanOne) {
  std::vector<std::string> names;
  names.reserve(100'000);
  for (int i = 0; i < 100'000; ++i) {
    std::string name = "employee ";
    for (int n = i; n > 0 || name.size() < 10; n /= 26) name += static_cast<char>('a' + n % 26);
    names.push_back(name + " smith");
  }
  std::vector<std::pair<std::size_t, std::string>> problems;
  const PhraseSet set({names.begin(), names.end()}, &problems);
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "employee employee b ";
  text += "employee b smith";
  Pulse pulse({});
  const Tokens tokens = Tokenise({{"", text}}, &pulse);
  EXPECT_EQ(set.Find(tokens, Across::kSegments, &pulse).size(), 1U);
}

}  // namespace
}  // namespace cxscribe::redaction
