// Texts made to hide something from the verifier, to make it work without end, or to make its
// positions overflow.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kCard = "4111111111111111";

std::string Separated(std::string_view digits, std::string_view separator) {
  std::string text;
  for (const char c : digits) {
    if (!text.empty()) text += separator;
    text += c;
  }
  return text;
}

// --- hiding

struct Disguise {
  std::string_view name;
  std::string_view separator;
};

// Between any two digits of a card number, whether or not somebody speaks of a card.
constexpr Disguise kDisguises[] = {
    {"space", " "},
    {"spaces", "   "},
    {"tab", "\t"},
    {"line end", "\n"},
    {"dot", "."},
    {"dash", "-"},
    {"dash between spaces", " - "},
    {"comma", ","},
    {"semicolon", ";"},
    {"quotation mark", "\""},
    {"brackets", ") ("},
    {"bullet", "\xE2\x80\xA2"},
    {"middle dot", "\xC2\xB7"},
    {"en dash", "\xE2\x80\x93"},
    {"minus", "\xE2\x88\x92"},
    {"no-break space", "\xC2\xA0"},
    {"narrow no-break space", "\xE2\x80\xAF"},
    {"thin space", "\xE2\x80\x89"},
    {"zero width space", "\xE2\x80\x8B"},
    {"zero width joiner", "\xE2\x80\x8D"},
    {"right-to-left mark", "\xE2\x80\x8F"},
    {"soft hyphen", "\xC2\xAD"},
    {"word joiner", "\xE2\x81\xA0"},
    {"byte order mark", "\xEF\xBB\xBF"},
    {"hesitation", " uh "},
    {"fillers", " um okay "},
    {"spoken dash", " dash "},
    {"and", " and "},
    {"then", " then "},
    {"slash", "/"},
    {"underscore", "_"},
    {"bar", "|"},
    {"bar between spaces", " | "},
    {"backslash", "\\"},
    {"tilde", "~"},
    {"colon", ":"},
    {"equals", "="},
    {"full-width slash", "\xEF\xBC\x8F"},
    {"ideographic space", "\xE3\x80\x80"},
    {"right-to-left override", "\xE2\x80\xAE"},
    {"isolate", "\xE2\x81\xA6"},
    {"invisible times", "\xE2\x81\xA2"},
    {"combining grapheme joiner", "\xCD\x8F"},
    {"variation selector", "\xEF\xB8\x8F"},
    {"tag", "\xF3\xA0\x81\x81"},
    {"Arabic letter mark", "\xD8\x9C"},
};

TEST(Hidden, ACardNumberIsFoundWhateverStandsBetweenItsDigits) {
  for (const Disguise& disguise : kDisguises) {
    const std::string number = Separated(kCard, disguise.separator);
    for (const std::string_view before : {"a: it is ", "a: my card number is ", "a: "}) {
      const std::string line = std::string(before) + number;
      EXPECT_THAT(Found({line}), ElementsAre("CREDIT_CARD " + number)) << disguise.name;
    }
  }
}

TEST(Hidden, ACardNumberIsFoundHoweverItIsSaid) {
  for (const std::string_view number :
       {"FOUR ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE",
        "Four-One-One-One-One-One-One-One-One-One-One-One-One-One-One-One",
        "4 one 1 one 1 one 1 one 1 one 1 one 1 one 1 one", "four 111 1111 1111 triple one one",
        "forty one eleven eleven eleven 1111 1111"}) {
    const std::string line = "a: " + std::string(number);
    EXPECT_THAT(Found({line}), SizeIs(1)) << number;
  }
}

TEST(Hidden, AnotherTopicDoesNotCoverACardNumber) {
  for (const std::string_view topic :
       {"the order number is ", "my tracking number is ",
        "https://example.test/?id=", "not a card number: ", "ticket #", "the zip code is "}) {
    const std::string line = "a: " + std::string(topic) + "4111-1111-1111-1111";
    EXPECT_THAT(Found({line}), ElementsAre("CREDIT_CARD 4111-1111-1111-1111")) << topic;
  }
}

TEST(Hidden, ZeroWidthCharactersDoNotHideAnAddress) {
  for (const std::string_view address :
       {"jane@exam\xE2\x80\x8Bple.com", "jane\xE2\x80\x8B@example.com", "j.a.n.e@example.com",
        "jane@ex\xC3\xA4mple.com", "j\xD0\xB0ne@example.com", "jane AT example DOT com"}) {
    const std::string line = "a: my email is " + std::string(address);
    EXPECT_THAT(Found({line}), ElementsAre("EMAIL " + std::string(address)));
  }
}

// The zero of a script; its other digits follow it.
TEST(Hidden, DigitsOfOtherScriptsAreRead) {
  for (const std::string_view zero :
       {"\xEF\xBC\x90", "\xD9\xA0", "\xDB\xB0", "\xE0\xA5\xA6", "\xE0\xB9\x90", "\xF0\x9D\x9F\x8E",
        "\xF0\x9D\x9F\xB6"}) {  // full width, Arabic-Indic, Persian, Devanagari, Thai, mathematical
    std::string number;
    for (const char c : kCard) {
      number += zero;
      number.back() = static_cast<char>(static_cast<unsigned char>(number.back()) + (c - '0'));
    }
    for (const std::string_view before : {"a: my card number is ", "a: "}) {
      EXPECT_THAT(Found({std::string(before) + number}), ElementsAre("CREDIT_CARD " + number));
    }
  }
}

TEST(Hidden, ScriptsMayBeMixed) {
  EXPECT_THAT(Found({"a: my email is \xEF\xBD\x8Ajane\xEF\xBC\xA0\xEF\xBD\x85xample\xEF\xBC\x8E"
                     "com thanks"}),
              ElementsAre("EMAIL \xEF\xBD\x8Ajane\xEF\xBC\xA0\xEF\xBD\x85xample\xEF\xBC\x8E"
                          "com"));
  EXPECT_THAT(Found({"a: it's 41\xD9\xA1\xD9\xA1 one one 11 \xEF\xBC\x91\xEF\xBC\x91"
                     "11 1111"}),
              SizeIs(1));
}

// What cannot be seen after the last digit is no part of the finding, and what stands before the
// first is none.
TEST(Hidden, TheSpanEndsWithTheLastDigit) {
  EXPECT_THAT(Found({"a: it is \xE2\x80\x8B"
                     "4111 1111 1111 1111\xE2\x80\x8B thanks"}),
              ElementsAre("CREDIT_CARD 4111 1111 1111 1111"));
}

// Three pieces are a date, a fraction or a time.
TEST(Hidden, FewPiecesBetweenMarksStayApart) {
  for (const std::string_view line :
       {"a: your card, we said 03/14/1985 and 11:30", "a: 24/7 and 365/12 and 1_000_000",
        "a: the card's ratio is 16:9:4"}) {
    EXPECT_THAT(Found({line}, EntitySet::Of({"CREDIT_CARD", "NUMBER_SEQUENCE"})), IsEmpty())
        << line;
  }
}

// --- exploding

int ChecksOver(std::string_view unit, std::size_t length) {
  std::string text;
  text.reserve(length);
  while (text.size() + unit.size() <= length) text += unit;
  int checks = 0;
  Verify({{"", text}}, EntitySet::All(), [&checks] { ++checks; });
  return checks;
}

// The largest segment there is. Work is counted as the stops that the stage offers, once in so many
// steps: four times the text, about four times as many. (verifier_test.cc takes the time of smaller
// texts, too.)
class Exploding : public ::testing::TestWithParam<std::string_view> {};

TEST_P(Exploding, IsLinearAtTheLargestSegment) {
  constexpr std::size_t kLargest = std::size_t{1} << 20;
  const int quarter = ChecksOver(GetParam(), kLargest / 4);
  const int whole = ChecksOver(GetParam(), kLargest);
  EXPECT_GT(quarter, 0);
  EXPECT_LE(whole, 5 * quarter);
}

INSTANTIATE_TEST_SUITE_P(Of, Exploding,
                         ::testing::Values("7", "four ", "at dot ", "at example dot ", "a@b.",
                                           "[CARD] ", "[PII] 4111 ", "**** 1111 ", "double ",
                                           "my card number is ", "what is your date of birth ",
                                           "my name is jane ", "spell it j a n e ",
                                           "4111 1111 1111 1111 no wait ", "plus one ",
                                           "\xE2\x80\x8B", "\xEF\xBC\x91\xE2\x80\x8B ", "e\xCC\x81",
                                           "1/", "{{", "1.1.1.1.", "march third "));

// --- overflowing

TEST(Overflowing, ANumberAtTheEndOfTheLargestSegment) {
  constexpr std::size_t kLargest = std::size_t{1} << 20;
  for (const std::string_view filling : {"word ", "caf\xC3\xA9 ", "hello. "}) {
    std::string text;
    while (text.size() + filling.size() + kCard.size() <= kLargest) text += filling;
    text.resize(kLargest - kCard.size(), ' ');
    text += kCard;
    const std::vector<Finding> findings = Verify({{"a", text}}, EntitySet::All(), {});
    ASSERT_THAT(findings, SizeIs(1));
    ASSERT_THAT(findings[0].spans, SizeIs(1));
    EXPECT_EQ(findings[0].spans[0].begin, static_cast<int>(kLargest - kCard.size()));
    EXPECT_EQ(findings[0].spans[0].end, static_cast<int>(kLargest));
  }
}

TEST(Overflowing, ANumberOverTheLastOfManySegments) {
  constexpr std::size_t kSegments = 100000;
  std::vector<Utterance> utterances(kSegments, {"agent", "okay"});
  utterances[kSegments - 3] = {"customer", "it's 4111 1111"};
  utterances[kSegments - 2] = {"agent", ""};
  utterances[kSegments - 1] = {"customer", "1111 1111"};
  const std::vector<Finding> findings = Verify(utterances, EntitySet::All(), {});
  ASSERT_THAT(findings, SizeIs(1));
  ASSERT_THAT(findings[0].spans, SizeIs(2));
  EXPECT_EQ(findings[0].spans[0].segment, static_cast<int>(kSegments - 3));
  EXPECT_EQ(findings[0].spans[0].begin, 5);
  EXPECT_EQ(findings[0].spans[1].segment, static_cast<int>(kSegments - 1));
  EXPECT_EQ(findings[0].spans[1].end, 9);
}

// Also where a cut leaves half a character on each side.
TEST(Overflowing, SpansStayWithinTextsCutAnywhere) {
  constexpr std::string_view kText =
      "caf\xC3\xA9 four one\xE2\x80\x8B one one "
      "\xEF\xBC\x94"
      "1111 1111 1111 1111\xC2\xAD"
      "1 jane@ex\xC3\xA4mple.com \xE2\x80\x9C"
      "219-09-9999\xE2\x80\x9D my phone is 212\xE2\x80\x89"
      "555\xE2\x80\x93"
      "0147";
  for (std::size_t cut = 0; cut <= kText.size(); ++cut) {
    const std::vector<Utterance> utterances = {{"a", kText.substr(0, cut)},
                                               {"b", kText.substr(cut)}};
    for (const Finding& finding : Verify(utterances, EntitySet::All(), {})) {
      for (const Span& span : finding.spans) {
        const std::string_view text = utterances[static_cast<std::size_t>(span.segment)].text;
        ASSERT_LE(0, span.begin);
        ASSERT_LT(span.begin, span.end);
        ASSERT_LE(static_cast<std::size_t>(span.end), text.size());
      }
    }
  }
}

}  // namespace
}  // namespace cxscribe::redaction
