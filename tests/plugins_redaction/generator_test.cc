// The generator of calls: tests of quality are worth no more than it is.
#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/host/entity_types.h"
#include "server/base/hash.h"
#include "tests/plugins_redaction/generator/calls.h"
#include "tests/plugins_redaction/generator/numbers.h"
#include "tests/plugins_redaction/generator/phrases.h"
#include "tests/plugins_redaction/generator/speech.h"
#include "tests/plugins_redaction/generator/values.h"

namespace cxscribe::calls {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSubsetOf;

constexpr int kTries = 2000;

std::string Json(const CallOptions& options) {
  std::string lines;
  for (const Call& call : MakeCalls(options)) lines += ToJson(call) + "\n";
  return lines;
}

TEST(Generator, TheSameSeedGivesTheSameBytes) {
  const CallOptions options = {.seed = 5, .count = 50, .noise = {10, true}};
  EXPECT_EQ(Json(options), Json(options));
  CallOptions other = options;
  other.seed = 6;
  EXPECT_NE(Json(options), Json(other));
}

// The same with every compiler and library. A change of tables or forms changes it, and then the
// floors of quality_test.cc are to be measured again.
TEST(Generator, TheBytesOfASeedArePinned) {
  EXPECT_EQ(Sha256Hex(Json({.seed = 1, .count = 200, .noise = {10, true}})),
            "09726681d3345fd16da12852ecc5a0d119f9c739a9a9965e70abe6977df29958");
}

TEST(Generator, ACallDoesNotDependOnHowManyThereAre) {
  const std::string few = Json({.seed = 3, .count = 5});
  EXPECT_EQ(Json({.seed = 3, .count = 10}).substr(0, few.size()), few);
}

TEST(Generator, MakesEveryEntityTypeThatTheHostKnows) {
  constexpr std::size_t kDocumentedTypes = 27;
  std::set<std::string_view> asked;
  for (const Request& request : Requests()) {
    EXPECT_TRUE(IsEntityType(request.type)) << request.type;
    asked.insert(request.type);
  }
  EXPECT_EQ(asked.size(), kDocumentedTypes);
  std::set<std::string_view> made;
  for (const Call& call : MakeCalls({.seed = 1, .count = 500})) {
    for (const Gold& gold : call.gold) made.insert(gold.type);
  }
  EXPECT_EQ(made, asked);
}

TEST(Generator, CallsWithoutDataHaveNothingThatMustBeFound) {
  for (const Call& call : MakeCalls({.seed = 1, .count = 200, .with_data = false})) {
    for (const Gold& gold : call.gold) EXPECT_EQ(gold.keep, Keep::kPart) << call.id;
  }
}

bool IsInsideCharacter(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

TEST(Generator, SpansAreWholeWordsInOrder) {
  for (const int percent : {0, 20}) {
    for (const Call& call : MakeCalls({.seed = 9, .count = 500, .noise = {percent, true}})) {
      const Gold* before = nullptr;
      for (const Gold& gold : call.gold) {
        ASSERT_LT(gold.segment, call.segments.size());
        const std::string_view text = call.segments[gold.segment].text;
        ASSERT_LT(gold.begin, gold.end);
        ASSERT_LE(gold.end, text.size());
        EXPECT_FALSE(IsInsideCharacter(text, gold.begin)) << text;
        EXPECT_FALSE(IsInsideCharacter(text, gold.end)) << text;
        EXPECT_TRUE(gold.begin == 0 || text[gold.begin - 1] == ' ') << text;
        EXPECT_TRUE(gold.end == text.size() ||
                    std::string_view(" ,.?!").find(text[gold.end]) != std::string_view::npos)
            << text;
        if (before != nullptr && before->segment == gold.segment) {
          EXPECT_LE(before->end, gold.begin) << text;
        } else if (before != nullptr) {
          EXPECT_LT(before->segment, gold.segment);
        }
        before = &gold;
      }
    }
  }
}

TEST(Generator, LowerCaseCallsHaveNoMarks) {
  int plain = 0;
  int marked = 0;
  for (const Call& call : MakeCalls({.seed = 2, .count = 100})) {
    const std::string& first = call.segments.front().text;  // a greeting
    const bool capital = first.front() >= 'A' && first.front() <= 'Z';
    EXPECT_EQ(first.back() == '?' || first.back() == '.', capital) << first;
    EXPECT_EQ(first.find(',') != std::string::npos && !capital, false) << first;
    ++(capital ? marked : plain);
  }
  EXPECT_GT(plain, 20);
  EXPECT_GT(marked, 20);
}

TEST(GeneratorJson, CountsCharactersAndNamesWhatNeedNotBeFound) {
  Call call;
  call.id = "c";
  call.segments = {{"agent", "Zo\xC3\xAB here"}, {"customer", "caf\xC3\xA9 4111"}};
  call.gold = {{0, 0, 4, "PERSON", Keep::kPart}, {1, 6, 10, "PIN", Keep::kWhole}};
  EXPECT_EQ(ToJson(call),
            R"({"entities":[{"end":3,"label":"PARTIAL","of":"PERSON","segment":0,"start":0},)"
            R"({"end":9,"label":"PIN","segment":1,"start":5}],"id":"c",)"
            "\"segments\":[\"Zo\xC3\xAB here\",\"caf\xC3\xA9 "
            "4111\"],\"speakers\":[\"agent\",\"customer\"]}");
}

// --- noise

std::vector<Gold> GoldWith(const Noise& noise) {
  std::vector<Gold> gold;
  for (const Call& call : MakeCalls({.seed = 4, .count = 300, .noise = noise})) {
    gold.insert(gold.end(), call.gold.begin(), call.gold.end());
  }
  return gold;
}

TEST(GeneratorNoise, AroundTheDataLeavesAllOfItWhole) {
  const std::vector<Gold> clean = GoldWith({});
  const std::vector<Gold> noisy = GoldWith({20, false});
  ASSERT_EQ(clean.size(), noisy.size());
  for (std::size_t i = 0; i < clean.size(); ++i) {
    EXPECT_EQ(clean[i].type, noisy[i].type);
    EXPECT_EQ(clean[i].keep, noisy[i].keep);
  }
}

TEST(GeneratorNoise, ChangesAboutAsManyWordsAsItSays) {
  Script script;
  script.lines.push_back({"agent", std::vector<Word>(20000, Word{"word", "", -1})});
  Dice dice(1);
  AddNoise({10, false}, dice, &script);
  const std::vector<Word>& heard = script.lines[0].words;
  const auto same = std::count_if(heard.begin(), heard.end(),
                                  [](const Word& word) { return word.text == "word"; });
  EXPECT_NEAR(static_cast<double>(same), 18500,
              200);  // 18,000 left alone, 500 with a filler after them
  EXPECT_NEAR(static_cast<double>(heard.size()), 20000, 150);
}

// What is called whole can still be read off the words.
TEST(GeneratorNoise, WhatStaysWholeKeepsWhatIdentifiesIt) {
  int whole = 0;
  int damaged = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Script script;
    script.entities.push_back({"PIN", Keep::kWhole});
    script.lines.push_back({"customer", {{"four", "", 0}, {"two", "", 0}, {"B", "", 0}}});
    Dice dice(seed);
    AddNoise({30, true}, dice, &script);
    if (script.entities[0].keep == Keep::kDamaged) {
      ++damaged;
      continue;
    }
    ++whole;
    std::string kept;
    for (const Word& word : script.lines[0].words) {
      if (word.entity < 0) continue;  // a filler
      if (word.text == "four" || word.text == "for") kept += '4';
      if (word.text == "two" || word.text == "to" || word.text == "too") kept += '2';
      if (word.text == "B" || word.text == "be") kept += 'B';
    }
    EXPECT_EQ(kept, "42B");
  }
  EXPECT_GT(whole, 100);
  EXPECT_GT(damaged, 100);
}

// --- speech

TEST(GeneratorSpeech, SaysNumbersAsPeopleDo) {
  EXPECT_THAT(Digits("105", "oh"), ElementsAre("one", "oh", "five"));
  EXPECT_THAT(Pair(5, true), ElementsAre("oh", "five"));
  EXPECT_THAT(Pair(41, true), ElementsAre("forty", "one"));
  EXPECT_THAT(Pair(20, false), ElementsAre("twenty"));
  EXPECT_THAT(Count(3056), ElementsAre("three", "thousand", "fifty", "six"));
  EXPECT_THAT(Count(0), ElementsAre("zero"));
  EXPECT_THAT(Ordinal(23), ElementsAre("twenty", "third"));
  EXPECT_THAT(Ordinal(12), ElementsAre("twelfth"));
}

std::set<std::string> AllWays(const Value& value) {
  std::set<std::string> ways;
  Dice dice(1);
  for (int i = 0; i < kTries; ++i) {
    std::string text;
    for (const Breath& breath : Say(value, dice)) {
      if (!text.empty()) text += " |";
      for (const std::string& word : breath) text += (text.empty() ? "" : " ") + word;
    }
    ways.insert(text);
  }
  return ways;
}

TEST(GeneratorSpeech, SaysAValueInManyWays) {
  EXPECT_THAT(
      (std::vector<std::string>{"two one two | five five five | zero one four seven",
                                "two one two | triple five | oh one four seven",
                                "two twelve | five fifty five | oh one forty seven", "212-555-0147",
                                "212 | 555 | 0147", "2125550147", "(212) 555-0147"}),
      IsSubsetOf(AllWays(Number{{"212", "555", "0147"}, false, true})));
  EXPECT_THAT((std::vector<std::string>{"plus forty four | nineteen hundred",
                                        "plus four four | one nine oh oh"}),
              IsSubsetOf(AllWays(Number{{"44", "1900"}, true, false})));
  EXPECT_THAT((std::vector<std::string>{"A B | one", "alpha bravo | one",
                                        "A as in apple B as in boy | one", "AB1", "AB | 1"}),
              IsSubsetOf(AllWays(Code{{"AB", "1"}})));
  EXPECT_THAT(
      (std::vector<std::string>{"March third nineteen eighty five",
                                "the third of March nineteen eighty five", "March three 1985",
                                "oh three oh three eighty five", "03/03/1985", "March 3 1985"}),
      IsSubsetOf(AllWays(Date{1985, 3, 3})));
  EXPECT_THAT(
      (std::vector<std::string>{"jane dot doe eight five | at mail dot example dot org",
                                "J A N E dot D O E eighty five | at mail dot example dot org",
                                "jane.doe85@mail.example.org"}),
      IsSubsetOf(AllWays(Email{"jane", "doe", ".", "85", "mail.example.org"})));
}

// --- numbers, by checks that share nothing with what makes them

template <typename Make, typename Check>
void ExpectAll(Make make, Check check) {
  Dice dice(11);
  for (int i = 0; i < kTries; ++i) {
    const std::string number = make(dice);
    EXPECT_TRUE(check(number)) << number;
  }
}

int At(std::string_view digits, std::size_t i) { return digits[i] - '0'; }

int ToInt(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = 10 * value + (c - '0');
  return value;
}

TEST(GeneratorNumbers, CardsPassTheLuhnCheckOfEveryBrand) {
  std::set<std::size_t> lengths;
  bool new_mastercard = false;
  ExpectAll(CardNumber, [&](std::string_view card) {
    lengths.insert(card.size());
    const int prefix = ToInt(card.substr(0, 4));
    new_mastercard = new_mastercard || (prefix >= 2221 && prefix <= 2720);
    int sum = 0;
    for (std::size_t i = 0; i < card.size(); ++i) {
      const int twice = 2 * At(card, i);
      const bool from_right_odd = (card.size() - i) % 2 == 0;
      sum += !from_right_odd ? At(card, i) : twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
  });
  EXPECT_THAT(lengths, ElementsAre(13U, 14U, 15U, 16U, 19U));
  EXPECT_TRUE(new_mastercard);
}

TEST(GeneratorNumbers, SocialSecurityAndTaxpayerNumbersCanHaveBeenIssued) {
  ExpectAll(SocialSecurityNumber, [](std::string_view ssn) {
    const int area = ToInt(ssn.substr(0, 3));
    return ssn.size() == 9 && area > 0 && area < 900 && area != 666 && ssn.substr(3, 2) != "00" &&
           ssn.substr(5) != "0000";
  });
  ExpectAll(TaxpayerNumber, [](std::string_view itin) {
    const int group = ToInt(itin.substr(3, 2));
    return itin.size() == 9 && itin[0] == '9' && group >= 50 && group != 66 && group != 69 &&
           group != 89 && group != 93;
  });
}

TEST(GeneratorNumbers, RoutingNumbersHaveTheirCheckDigit) {
  ExpectAll(RoutingNumber, [](std::string_view aba) {
    const int sum = 3 * (At(aba, 0) + At(aba, 3) + At(aba, 6)) +
                    7 * (At(aba, 1) + At(aba, 4) + At(aba, 7)) + At(aba, 2) + At(aba, 5) +
                    At(aba, 8);
    return aba.size() == 9 && sum % 10 == 0;
  });
}

TEST(GeneratorNumbers, IbansLeaveOneModulo97) {
  ExpectAll(Iban, [](std::string iban) {
    std::rotate(iban.begin(), iban.begin() + 4, iban.end());
    std::string digits;
    for (const char c : iban) digits += c >= 'A' ? std::to_string(c - 'A' + 10) : std::string(1, c);
    int rest = 0;
    for (const char c : digits) rest = (10 * rest + (c - '0')) % 97;
    return rest == 1;
  });
}

TEST(GeneratorNumbers, PhonesFollowTheNorthAmericanPlan) {
  ExpectAll(AmericanPhone, [](std::string_view phone) {
    return phone.size() == 10 && phone[0] >= '2' && phone[3] >= '2' && phone.substr(4, 2) != "11";
  });
}

TEST(GeneratorNumbers, NationalNumbersFollowTheirRules) {
  ExpectAll(NhsNumber, [](std::string_view nhs) {
    int sum = 0;
    for (std::size_t i = 0; i < nhs.size(); ++i) sum += At(nhs, i) * static_cast<int>(10 - i);
    return nhs.size() == 10 && sum % 11 == 0;
  });
  ExpectAll(NationalInsuranceNumber, [](std::string_view nino) {
    return nino.size() == 9 && std::string_view("DFIQUV").find(nino[0]) == std::string_view::npos &&
           std::string_view("DFIOQUV").find(nino[1]) == std::string_view::npos && nino[8] >= 'A' &&
           nino[8] <= 'D';
  });
}

TEST(GeneratorNumbers, VehicleNumbersHaveTheirCheckDigit) {
  ExpectAll(VehicleNumber, [](std::string_view vin) {
    constexpr std::string_view kByValue[] = {"0",    "1AJ", "2BKS", "3CLT", "4DMU",
                                             "5ENV", "6FW", "7GPX", "8HY",  "9RZ"};
    constexpr int kWeights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    for (std::size_t i = 0; i < vin.size(); ++i) {
      for (int value = 0; value < 10; ++value) {
        if (kByValue[value].find(vin[i]) != std::string_view::npos) sum += value * kWeights[i];
      }
    }
    const char check = sum % 11 == 10 ? 'X' : static_cast<char>('0' + sum % 11);
    return vin.size() == 17 && vin[8] == check &&
           vin.find_first_of("IOQ") == std::string_view::npos;
  });
}

}  // namespace
}  // namespace cxscribe::calls
