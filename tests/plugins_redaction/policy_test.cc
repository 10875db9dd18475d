// What the operator's settings change about the findings: terms, patterns, keywords, thresholds and
// allowed remains.
#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/redaction/evidence.h"
#include "plugins/redaction/own_detectors.h"
#include "plugins/redaction/plan.h"
#include "plugins/redaction/settings.h"
#include "plugins/redaction/verifier.h"
#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<std::string_view> kTypes = {"CREDIT_CARD", "CARD_CVV",      "SSN",   "PHONE",
                                              "EMAIL",       "DATE_OF_BIRTH", "PERSON"};

// The verifier as one stage has it.
struct Stage {
  explicit Stage(std::string_view config, std::map<std::string, std::string> data_files = {})
      : files(std::move(data_files)),
        settings(ReadSettings(config, &problems)),
        own(settings,
            [this](const std::string& name) { return std::string_view(files.at(name)); }) {
    EXPECT_THAT(problems.size(), 0U);
  }

  Verified Run(const std::vector<Utterance>& utterances,
               const std::vector<std::string_view>& types = kTypes,
               std::string_view policy = "pii") const {
    return Verify(utterances, Plan(settings, &own, policy, types), &own, {});
  }

  // The texts once everything found is masked; the second look must find nothing.
  std::vector<std::string> Masks(const std::vector<std::string_view>& lines,
                                 const std::vector<std::string_view>& types = kTypes,
                                 std::string_view policy = "pii") const {
    std::vector<Utterance> utterances = Lines(lines);
    const std::vector<std::string> masked =
        MaskedBy(utterances, Run(utterances, types, policy).findings);
    for (std::size_t i = 0; i < utterances.size(); ++i) utterances[i].text = masked[i];
    EXPECT_THAT(Run(utterances, types, policy).findings, IsEmpty());
    return masked;
  }

  std::string Mask(std::string_view text) const { return Masks({text}).front(); }

  // As the host does: spans that overlap are one mask, named after the highest score.
  std::vector<std::string> MaskedBy(const std::vector<Utterance>& utterances,
                                    const std::vector<Finding>& findings) const {
    struct Cut {
      std::int32_t begin, end;
      double score;
      std::string_view type;
    };
    std::vector<std::string> texts;
    for (std::size_t segment = 0; segment < utterances.size(); ++segment) {
      std::vector<Cut> cuts;
      for (const Finding& finding : findings) {
        for (const Span& span : finding.spans) {
          if (span.segment != static_cast<std::int32_t>(segment)) continue;
          cuts.push_back(
              {span.begin, span.end, finding.verdict.score, TypeOf(finding.verdict, &own)});
        }
      }
      std::sort(cuts.begin(), cuts.end(),
                [](const Cut& a, const Cut& b) { return a.begin < b.begin; });
      std::vector<Cut> merged;
      for (const Cut& cut : cuts) {
        if (merged.empty() || cut.begin >= merged.back().end) {
          merged.push_back(cut);
          continue;
        }
        Cut& last = merged.back();
        if (cut.score > last.score) last.type = cut.type;
        last.score = std::max(cut.score, last.score);
        last.end = std::max(cut.end, last.end);
      }
      std::string text(utterances[segment].text);
      for (auto cut = merged.rbegin(); cut != merged.rend(); ++cut) {
        text.replace(static_cast<std::size_t>(cut->begin),
                     static_cast<std::size_t>(cut->end - cut->begin),
                     "[" + std::string(cut->type) + "]");
      }
      texts.push_back(std::move(text));
    }
    return texts;
  }

  std::map<std::string, std::string> files;
  std::vector<SettingsProblem> problems;
  Settings settings;
  OwnDetectors own;
};

TEST(DeniedTerms, AreFindingsOfTheTypeGiven) {
  const Stage stage(
      R"({"deny": [{"type": "acme.PRODUCT", "terms": ["Project Falcon", "X200"]},
                                 {"type": "PERSON", "file": "staff.txt"}]})",
      {{"staff.txt", "\xEF\xBB\xBF# who works here\r\nZoë Baranski\r\n\r\nKofi O'Neil"}});
  EXPECT_EQ(stage.Mask(": we start project, falcon on the x-200 with ZOE BARANSKI's team"),
            "we start [acme.PRODUCT] on the [acme.PRODUCT] with [PERSON] team");
  EXPECT_THAT(stage.Masks({"a: ask kofi", "b: o’neil please"}),
              ElementsAre("ask [PERSON]", "[PERSON] please"));
  EXPECT_EQ(stage.Mask(": a project for falcons"), "a project for falcons");
}

TEST(DeniedTerms, OfAnOwnTypeCountUnderEveryPolicyOthersWhereThePolicyHasThem) {
  const Stage stage(R"({"deny": [{"type": "acme.PRODUCT", "terms": ["falcon"]},
                                 {"type": "PERSON", "terms": ["zoe"]}]})");
  EXPECT_THAT(stage.Masks({": zoe and falcon"}, {"CREDIT_CARD"}, "pci"),
              ElementsAre("zoe and [acme.PRODUCT]"));
}

TEST(DeniedTerms, OfDigitsAreFoundHoweverTheyAreSaid) {
  const Stage stage(R"({"deny": [{"type": "acme.VAULT", "terms": ["40-22-91"]}]})");
  EXPECT_EQ(stage.Mask(": the vault is 402291"), "the vault is [acme.VAULT]");
  EXPECT_THAT(stage.Masks({"a: it's forty twenty two", "b: okay", "a: nine one"}),
              ElementsAre("it's [acme.VAULT]", "[acme.VAULT]", "[acme.VAULT]"));
  EXPECT_EQ(stage.Mask(": the vault is 402292"), "the vault is 402292");
}

TEST(AllowedTerms, AreNeverAFinding) {
  const Stage stage(R"({"allow": [{"terms": ["1-800-555-0199", "help@example.com"]}]})");
  for (const char* text :
       {": call 1 800 555 0199", ": call one eight hundred five five five oh one nine nine",
        ": call 1-800-555-0199 now", ": write to help@example.com",
        ": write to HELP@Example.com."}) {
    EXPECT_EQ(stage.Mask(text), std::string_view(text).substr(2));
  }
  EXPECT_EQ(stage.Mask(": call 1 800 555 0198"), "call [PHONE]");
  EXPECT_EQ(stage.Mask(": write to jane.help@example.com"), "write to [EMAIL]");
}

TEST(AllowedTerms, DoNotCoverWhatIsMoreThanTheyAre) {
  const Stage stage(R"({"allow": [{"terms": ["4111 1111", "falcon"]}],
                        "deny": [{"type": "acme.PRODUCT", "terms": ["project falcon", "eagle"]}]})");
  EXPECT_EQ(stage.Mask(": it's 4111 1111 1111 1111"), "it's [CREDIT_CARD]");
  EXPECT_EQ(stage.Mask(": project falcon"), "[acme.PRODUCT]");
}

TEST(AllowedTerms, GiveWayToDeniedOnes) {
  const Stage stage(R"({"allow": [{"terms": ["project falcon"]}],
                        "deny": [{"type": "acme.PRODUCT", "terms": ["falcon"]}]})");
  EXPECT_EQ(stage.Mask(": project falcon"), "project [acme.PRODUCT]");
}

TEST(Patterns, MaskWholeWords) {
  const Stage stage(
      R"({"detectors": [{"type": "acme.EMPLOYEE_ID", "pattern": "emp[- ]?[0-9]{6}"},
                        {"type": "acme.CODE", "pattern": "[0-9]{4}z"}]})");
  EXPECT_EQ(stage.Mask(": badge EMP-123456, or emp 654321."),
            "badge [acme.EMPLOYEE_ID], or [acme.EMPLOYEE_ID].");
  EXPECT_EQ(stage.Mask(": badge xemp1234567x today"), "badge [acme.EMPLOYEE_ID] today");
  EXPECT_EQ(stage.Mask(": ab12345zé"), "[acme.CODE]");
  EXPECT_EQ(stage.Mask(": emp 12345"), "emp 12345");
}

TEST(Patterns, ReadWhatStandsBetweenMasks) {
  const Stage stage(R"({"detectors": [{"type": "acme.WORD", "pattern": "acme|word|[a-z]+_id"},
                                      {"type": "acme.START", "pattern": "^q[0-9]"}]})");
  EXPECT_EQ(stage.Mask(": [acme.WORD] and [CUSTOMER_ID] stay, word goes"),
            "[acme.WORD] and [CUSTOMER_ID] stay, [acme.WORD] goes");
  EXPECT_EQ(stage.Mask(": q1 q2 word"), "[acme.START] q2 [acme.WORD]");
  EXPECT_EQ(stage.Mask(": word q2"), "[acme.WORD] q2");
}

TEST(Patterns, NeverKeepANumberFromBeingFound) {
  const Stage stage(R"({"detectors": [{"type": "acme.FOUR", "pattern": "1111", "score": 1}]})");
  EXPECT_EQ(stage.Mask(": it's 4111 1111 1111 1111 okay"), "it's [acme.FOUR] okay");
}

TEST(Patterns, ThatMatchTooOftenAreToldOf) {
  const Stage stage(R"({"detectors": [{"type": "acme.X", "pattern": "x"}]})");
  std::string text;
  for (int i = 0; i < 100'001; ++i) text += "x ";
  EXPECT_TRUE(stage.Run({{"", text}}).overflowed);
  EXPECT_FALSE(stage.Run({{"", "x x"}}).overflowed);
}

const char* const kLoyalty =
    R"({"detectors": [{"type": "acme.LOYALTY", "keywords": ["loyalty number", "member id"],
                       "digits": "8-10", "within": 6}]})";

TEST(Keywords, FindNoNumberWithoutThemOrOfAnotherLength) {
  const Stage stage(kLoyalty);
  for (const char* text :
       {": your order number is 12345678", ": your member id is 1234567",
        ": your member id is 12345678901", ": what is your member id", ": member 12345678",
        ": your member id lets you see each of our many fine offers 12345678",
        ": the member id [NUMBER] and the order 12345678"}) {
    EXPECT_EQ(stage.Mask(text), std::string_view(text).substr(2));
  }
}

TEST(Keywords, FindTheNumberHoweverItIsSaid) {
  const Stage stage(kLoyalty);
  EXPECT_EQ(stage.Mask(": my member-ID is 12345678"), "my member-ID is [acme.LOYALTY]");
  EXPECT_EQ(stage.Mask(": member id twelve thirty four, uh, fifty six seven eight"),
            "member id [acme.LOYALTY]");
  EXPECT_EQ(stage.Mask(": 12345678 is my member id"), "[acme.LOYALTY] is my member id");
  EXPECT_EQ(stage.Mask(": 12345678 and the member id"), "12345678 and the member id");
  EXPECT_THAT(stage.Masks({"agent: can i have your loyalty number please",
                           "customer: sure it's one two three four", "agent: okay",
                           "customer: five six seven eight"}),
              ElementsAre("can i have your loyalty number please", "sure it's [acme.LOYALTY]",
                          "okay", "[acme.LOYALTY]"));
}

TEST(Keywords, FindTheNumberAgainWhereItIsRepeated) {
  const Stage stage(kLoyalty);
  EXPECT_THAT(stage.Masks({"a: my member id is 12345678", "b: so that is one we have seen before",
                           "b: i have you down as 12345678 and the order is 87654321"}),
              ElementsAre("my member id is [acme.LOYALTY]", "so that is one we have seen before",
                          "i have you down as [acme.LOYALTY] and the order is 87654321"));
}

TEST(Keywords, OneNumberEach) {
  const Stage stage(kLoyalty);
  EXPECT_EQ(stage.Mask(": member id 12345678 for order 87654321"),
            "member id [acme.LOYALTY] for order 87654321");
  EXPECT_EQ(stage.Mask(": member id 12345678 and loyalty number 87654321"),
            "member id [acme.LOYALTY] and loyalty number [acme.LOYALTY]");
}

TEST(Keywords, NeverKeepAnotherNumberFromBeingFound) {
  const Stage stage(R"({"detectors": [{"type": "acme.FOUR", "keywords": ["card"], "digits": 4,
                                       "score": 1}]})");
  EXPECT_EQ(stage.Mask(": my card is 4111 1111 1111 1111"), "my card is [acme.FOUR]");
}

TEST(Thresholds, DecideWhatIsAFindingAndWhatIsToldOnly) {
  const Stage stage(R"({"thresholds": {"PHONE": {"fail": 0.7, "flag": 0.62}}})");
  // Ten digits with cues are surer than seven.
  const auto run = [&stage](std::string_view line) { return stage.Run(Lines({line})); };
  EXPECT_EQ(run(": my cell is 312 555 0147").findings.size(), 1U);
  EXPECT_THAT(run(": my cell is 312 555 0147").flagged, IsEmpty());
  EXPECT_THAT(run(": my cell is 555 0147").findings, IsEmpty());
  ASSERT_EQ(run(": my cell is 555 0147").flagged.size(), 1U);
  EXPECT_EQ(run(": my cell is 555 0147").flagged[0].verdict.detector, "phone-local");
  // Below both.
  EXPECT_THAT(run(": my cell is 20 7946 0958").flagged, IsEmpty());
  EXPECT_EQ(run(": my social is 078 05 1120").findings.size(), 1U);
}

TEST(Thresholds, WhatIsOnlyToldNeverStandsInTheWayOfAFinding) {
  // Nine digits in the groups of a social security number, which might be a telephone number.
  const Stage stage(R"({"thresholds": {"PHONE": {"fail": 1}}})");
  const Verified verified = stage.Run(Lines({": my phone, no, my social is 312 05 1120"}));
  ASSERT_EQ(verified.findings.size(), 1U);
  EXPECT_EQ(verified.findings[0].verdict.entity, Entity::kSsn);
  EXPECT_THAT(verified.flagged, IsEmpty());
}

TEST(Thresholds, HoldForOwnTypesAndUnderTheirPolicyOnly) {
  const Stage stage(R"({"policies": {"lenient": {"thresholds": {"default": {"fail": 0.95}}}},
                        "detectors": [{"type": "acme.X", "pattern": "x[0-9]", "score": 0.9}]})");
  const std::vector<Utterance> lines = Lines({": x1"});
  EXPECT_EQ(stage.Run(lines, kTypes, "pii").findings.size(), 1U);
  EXPECT_THAT(stage.Run(lines, kTypes, "lenient").findings, IsEmpty());
  EXPECT_EQ(stage.Run(lines, kTypes, "lenient").flagged.size(), 1U);
}

TEST(AllowedRemains, AreTheFewDigitsThatPeopleAskEachOtherFor) {
  const Stage stage(R"({"allowed_remains": {"SSN": 4}})");
  const Stage strict("{}");
  const std::string_view last = ": the last four of my social are six seven eight nine";
  EXPECT_THAT(strict.Mask(last), HasSubstr("[SSN]"));
  EXPECT_EQ(stage.Mask(last), last.substr(2));
  EXPECT_EQ(stage.Run(Lines({last})).let_stand.allowed_remains, 1U);
  EXPECT_EQ(stage.Mask(": my social is 078 05 1120"), "my social is [SSN]");
  // Of another type nothing may remain.
  EXPECT_THAT(stage.Mask(": the cvv is 1234"), HasSubstr("[CARD_CVV]"));
}

TEST(Plans, TellWhatNothingLooksFor) {
  const Stage stage(R"({"unchecked": ["acme.BADGE"],
                        "deny": [{"type": "acme.PRODUCT", "terms": ["falcon"]}],
                        "detectors": [{"type": "acme.ID", "pattern": "x[0-9]"}]})");
  const Plan plan(stage.settings, &stage.own, "custom",
                  {"SSN", "PASSPORT", "acme.BADGE", "acme.PRODUCT", "acme.ID", "acme.OTHER"});
  EXPECT_EQ(plan.looked_for, 4U);
  EXPECT_THAT(plan.unchecked, ElementsAre("acme.BADGE"));
  EXPECT_THAT(plan.missing, ElementsAre("acme.OTHER"));
}

TEST(Summary, CountsAndNamesAndNeverQuotes) {
  const Stage stage(R"({"thresholds": {"PHONE": {"fail": 0.9}}, "allowed_remains": {"SSN": 4},
                        "allow": [{"terms": ["help@example.com"]}],
                        "deny": [{"type": "acme.PRODUCT", "terms": ["falcon"]}]})");
  const Plan plan(stage.settings, &stage.own, "pii", kTypes);
  Evidence evidence(plan, &stage.own);
  const std::vector<std::string_view> lines = {
      ": falcon falcon help@example.com", ": my cell is 555 0147",
      ": the last four of my social are six seven eight nine", ": jane@example.com"};
  evidence.Add(stage.Run(Lines(lines)), lines.size());
  EXPECT_TRUE(evidence.found_any());
  const std::string summary = evidence.Summary();
  EXPECT_THAT(summary, HasSubstr("read 4 segments, "));
  EXPECT_THAT(summary, HasSubstr("0 configured detectors and 2 terms"));
  EXPECT_THAT(summary, HasSubstr("found EMAIL 1, acme.PRODUCT 2;"));
  EXPECT_THAT(summary, HasSubstr("below the threshold, told only: PHONE 1"));
  EXPECT_THAT(summary, HasSubstr("1 place let stand as allowed terms"));
  EXPECT_THAT(summary, HasSubstr("1 place let stand as allowed remains"));
  EXPECT_THAT(summary, Not(HasSubstr("falcon")));
  EXPECT_THAT(summary, Not(HasSubstr("example")));
}

TEST(TermFiles, SayAllThatIsWrong) {
  const auto problem = [](std::string_view text) -> std::string {
    try {
      ReadTermFile("staff.txt", text);
    } catch (const BadTerms& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(problem("zoe\nkofi"), "");
  EXPECT_EQ(problem(""), "staff.txt: there is no term in it");
  EXPECT_EQ(problem("# nobody\n\n"), "staff.txt: there is no term in it");
  EXPECT_EQ(problem("zoe\n??\n[x]\n" + std::string(201, 'a')),
            "staff.txt: line 4 is longer than 200 bytes; line 2 has no word in it; line 3 reads "
            "like a mask");
  std::string many;
  for (int i = 0; i < 12; ++i) many += "!\n";
  EXPECT_THAT(problem(many), HasSubstr("line 10 has no word in it; and 2 more"));
}

// Twice the text takes about twice as long: a generous bound, since machines are shared.
TEST(OwnDetectors, AreLinearInTextMadeToBeSlow) {
  const Stage stage(R"({"deny": [{"type": "acme.A", "terms": ["a a a a a a a b"]}],
                        "allow": [{"terms": ["111111", "1 1 1"]}],
                        "detectors": [{"type": "acme.N", "keywords": ["number"], "digits": "3-32",
                                       "within": 40},
                                      {"type": "acme.P", "pattern": "1a(?:.*z)?"}]})");
  const std::string_view pieces[] = {"a ", "1a",      "number ", "number 123 x ",
                                     "1 ", "[x] 1a ", "111111 "};
  for (const std::string_view piece : pieces) {
    std::string text;
    while (text.size() < 256U << 10) text += piece;
    const auto start = std::chrono::steady_clock::now();
    stage.Run({{"", text}});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_LT(took.count(), 10) << piece;
  }
}

}  // namespace
}  // namespace cxscribe::redaction
