#include "server/pipeline/utterances.h"

#include <limits>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/pipeline/fake_stage.h"

namespace cxscribe {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

struct TimedText {
  int32_t start = 0;
  int32_t end = 0;
  std::string text;
};

v1::Segment Timed(const TimedText& whole, const std::vector<TimedText>& words) {
  v1::Segment segment = Segment(whole.text);
  segment.set_start_ms(whole.start);
  segment.set_end_ms(whole.end);
  for (const TimedText& word : words) {
    v1::Word& added = *segment.add_words();
    added.set_text(word.text);
    added.set_start_ms(word.start);
    added.set_end_ms(word.end);
  }
  return segment;
}

// "100-300 800-900m": m is a back-channel.
std::string Show(const std::vector<Utterance>& utterances) {
  std::string out;
  for (const Utterance& one : utterances) {
    absl::StrAppend(&out, out.empty() ? "" : " ", one.begin, "-", one.end,
                    one.back_channel ? "m" : "");
  }
  return out;
}

struct Case {
  const char* name;
  TimedText segment;
  std::vector<TimedText> words;
  std::string utterances;
};

TEST(Utterances, AreAsExactAsTheSourceKnows) {
  const std::vector<Case> cases = {
      {"no words", {100, 900, "it works"}, {}, "100-900"},
      {"no words, a back-channel", {100, 900, "Mm hmm."}, {}, "100-900m"},
      {"words without a pause", {0, 900, ""}, {{50, 200, "it"}, {699, 800, "works"}}, "50-800"},
      {"a pause ends one", {0, 900, ""}, {{50, 200, "it"}, {700, 800, "works"}}, "50-200 700-800"},
      {"each has its own text",
       {0, 2000, "yeah I know yeah"},
       {{0, 100, "yeah"}, {700, 800, "I"}, {850, 900, "know"}, {1500, 1600, "yeah"}},
       "0-100m 700-900 1500-1600m"},
      {"words out of order",
       {0, 900, ""},
       {{700, 800, "works"}, {50, 200, "it"}},
       "50-200 700-800"},
      {"a long word covers a pause",
       {0, 2000, ""},
       {{0, 1900, "so"}, {100, 200, "it"}, {1950, 2000, "works"}},
       "0-2000"},
      {"words at the edge are cut", {100, 900, ""}, {{90, 200, "it"}, {250, 905, "is"}}, "100-900"},
      {"a word without length", {0, 900, ""}, {{50, 200, "it"}, {300, 300, "is"}}, "50-300"},
      {"a word without times", {100, 900, "a b"}, {{150, 300, "a"}, {0, 0, "b"}}, "100-900"},
      {"a word that is elsewhere",
       {100, 900, "a b"},
       {{150, 300, "a"}, {2000, 2100, "b"}},
       "100-900"},
      {"a word that ends first", {100, 900, "a b"}, {{150, 300, "a"}, {400, 350, "b"}}, "100-900"},
      {"a word before time", {0, 900, "a b"}, {{-50, 300, "a"}, {400, 500, "b"}}, "0-900"},
      {"no word has a length", {100, 900, "a"}, {{150, 150, "a"}}, "100-900"},
      {"only words have times", {0, 0, "a b"}, {{150, 300, "a"}, {400, 500, "b"}}, "150-500"},
      {"nothing has times", {0, 0, "a b"}, {{0, 0, "a"}, {0, 0, "b"}}, ""},
      {"no length", {500, 500, "a"}, {}, ""},
      {"reversed", {500, 400, "a"}, {}, ""},
      {"begins before time", {-20, 10, "a"}, {}, "0-10"},
      {"lasts for ever",
       {0, kMax, "a"},
       {{0, 1, "a"}, {kMax - 1, kMax, "b"}},
       "0-1 2147483646-2147483647"},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(Show(UtterancesOf(Timed(test.segment, test.words), true)), test.utterances)
        << test.name;
  }
}

TEST(Utterances, NoBackChannelsAreKnownInOtherLanguages) {
  EXPECT_EQ(Show(UtterancesOf(Timed({0, 5, "okay"}, {}), false)), "0-5");
}

}  // namespace
}  // namespace cxscribe
