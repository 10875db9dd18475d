#include "server/pipeline/outcomes.h"

#include <gtest/gtest.h>

#include "server/config/redaction_policies.h"

namespace cxscribe {
namespace {

constexpr auto kPass = v1::OUTCOME_PASS;
constexpr auto kFail = v1::OUTCOME_FAIL;
constexpr auto kNotRun = v1::OUTCOME_NOT_RUN;
constexpr auto kUnsure = v1::OUTCOME_INCONCLUSIVE;

struct Row {
  std::string_view capability;
  OnFinding on_finding;
  v1::Outcome verdict;
  int findings;
  bool second_pass;
  TextAction action;
};

TEST(DecideText, EveryCase) {
  constexpr std::string_view kOther = "acme.script";
  const Row rows[] = {
      // Nothing found, or not asked.
      {kRedactionVerification, OnFinding::kRedact, kPass, 0, false, TextAction::kDeliver},
      {kRedactionVerification, OnFinding::kFlag, kPass, 0, false, TextAction::kDeliver},
      {kRedactionVerification, OnFinding::kQuarantine, kPass, 0, false, TextAction::kDeliver},
      {kRedactionVerification, OnFinding::kRedact, kNotRun, 0, false, TextAction::kDeliver},
      {kRedactionVerification, OnFinding::kRedact, kPass, 0, true, TextAction::kDeliver},
      // Found.
      {kRedactionVerification, OnFinding::kRedact, kFail, 2, false, TextAction::kMask},
      {kRedactionVerification, OnFinding::kFlag, kFail, 2, false, TextAction::kDeliver},
      {kRedactionVerification, OnFinding::kQuarantine, kFail, 2, false, TextAction::kQuarantine},
      // Failed without a place that could be masked.
      {kRedactionVerification, OnFinding::kRedact, kFail, 0, false, TextAction::kQuarantine},
      // Still found after masking.
      {kRedactionVerification, OnFinding::kRedact, kFail, 1, true, TextAction::kQuarantine},
      {kRedactionVerification, OnFinding::kQuarantine, kFail, 1, true, TextAction::kQuarantine},
      // Could not tell, or did not say anything that is known.
      {kRedactionVerification, OnFinding::kRedact, kUnsure, 0, false, TextAction::kQuarantine},
      {kRedactionVerification, OnFinding::kFlag, kUnsure, 0, false, TextAction::kQuarantine},
      {kRedactionVerification, OnFinding::kFlag, kUnsure, 3, false, TextAction::kQuarantine},
      {kRedactionVerification, OnFinding::kRedact, kUnsure, 0, true, TextAction::kQuarantine},
      {kRedactionVerification, OnFinding::kFlag, v1::OUTCOME_UNSPECIFIED, 0, false,
       TextAction::kQuarantine},
      // Stages of another capability.
      {kOther, OnFinding::kFlag, kFail, 2, false, TextAction::kDeliver},
      {kOther, OnFinding::kRedact, kFail, 2, false, TextAction::kMask},
      {kOther, OnFinding::kFlag, kUnsure, 0, false, TextAction::kDeliver},
      {kOther, OnFinding::kFlag, kFail, 0, false, TextAction::kDeliver},
      {kOther, OnFinding::kRedact, kFail, 0, false, TextAction::kQuarantine},
      {kOther, OnFinding::kRedact, kUnsure, 0, false, TextAction::kQuarantine},
      {kOther, OnFinding::kRedact, kUnsure, 0, true, TextAction::kQuarantine},
      {kOther, OnFinding::kQuarantine, kPass, 0, false, TextAction::kDeliver},
      {kOther, OnFinding::kRedact, kFail, 1, true, TextAction::kQuarantine},
      {kOther, OnFinding::kQuarantine, kFail, 0, false, TextAction::kQuarantine},
      {kOther, OnFinding::kQuarantine, kUnsure, 0, false, TextAction::kQuarantine},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(
        DecideText(row.capability, row.on_finding, row.verdict, row.findings, row.second_pass),
        row.action)
        << row.capability << " " << static_cast<int>(row.on_finding) << " " << row.verdict << " "
        << row.findings << " " << row.second_pass;
  }
}

TEST(Verdict, BelievesFindingsMoreThanWords) {
  EXPECT_EQ(Verdict(kPass, 0, 0), kPass);
  EXPECT_EQ(Verdict(kPass, 1, 1), kFail);
  EXPECT_EQ(Verdict(kFail, 1, 1), kFail);
  EXPECT_EQ(Verdict(kFail, 0, 0), kFail);
  EXPECT_EQ(Verdict(kFail, 2, 0), kPass);  // all of them outside the policy
  EXPECT_EQ(Verdict(kUnsure, 2, 2), kUnsure);
  EXPECT_EQ(Verdict(kUnsure, 0, 0), kUnsure);
}

TEST(MoreSeriousTest, OrdersOutcomes) {
  EXPECT_EQ(MoreSerious(kPass, kFail), kFail);
  EXPECT_EQ(MoreSerious(kFail, kUnsure), kFail);
  EXPECT_EQ(MoreSerious(kUnsure, kPass), kUnsure);
  EXPECT_EQ(MoreSerious(kNotRun, kPass), kPass);
  EXPECT_EQ(MoreSerious(kPass, kNotRun), kPass);
}

TEST(EffectiveOnFindingTest, OtherVerifiersOnlyFlagUnlessTold) {
  StageSettings settings;
  EXPECT_EQ(EffectiveOnFinding(settings, kRedactionVerification), OnFinding::kRedact);
  EXPECT_EQ(EffectiveOnFinding(settings, "acme.script"), OnFinding::kFlag);
  settings.on_finding_given = true;
  EXPECT_EQ(EffectiveOnFinding(settings, "acme.script"), OnFinding::kRedact);
  settings.on_finding = OnFinding::kQuarantine;
  EXPECT_EQ(EffectiveOnFinding(settings, "acme.script"), OnFinding::kQuarantine);
}

TEST(PolicyCoversTest, ListedTypesAndPluginsOwn) {
  const auto& pci = BuiltInRedactionPolicies().at("pci");
  EXPECT_TRUE(PolicyCovers(pci, "CREDIT_CARD"));
  EXPECT_FALSE(PolicyCovers(pci, "PHONE"));
  EXPECT_TRUE(PolicyCovers(pci, "acme.EMPLOYEE_ID"));
}

TEST(MakeComplianceTest, NothingRanIsNotRun) {
  const v1::Compliance compliance = MakeCompliance({});
  EXPECT_EQ(compliance.vendor_redaction(), kNotRun);
  EXPECT_EQ(compliance.pii_redacted(), kNotRun);
  EXPECT_EQ(compliance.diarization_applied(), kNotRun);
  EXPECT_EQ(compliance.punctuation_restored(), kNotRun);
  EXPECT_TRUE(compliance.capabilities().empty());
}

TEST(MakeComplianceTest, TheWorstStageOfACapabilityCounts) {
  const v1::Compliance compliance = MakeCompliance({
      {"punctuation", kPass, kPass},
      {"punctuation", kUnsure, kUnsure},
      {"diarization", kPass, kPass},
      {"redaction-verification", kPass, kPass},
      {"redaction-verification", kFail, kPass},
      {"acme.script", kPass, kPass},
      {"acme.script", kFail, kFail},
      {"acme.mood", kNotRun, kNotRun},
  });
  EXPECT_EQ(compliance.punctuation_restored(), kUnsure);
  EXPECT_EQ(compliance.diarization_applied(), kPass);
  EXPECT_EQ(compliance.vendor_redaction(), kFail);
  EXPECT_EQ(compliance.pii_redacted(), kPass);
  EXPECT_EQ(compliance.capabilities().at("acme.script"), kFail);
  EXPECT_EQ(compliance.capabilities().at("acme.mood"), kNotRun);
  EXPECT_EQ(compliance.capabilities().size(), 2u);
}

}  // namespace
}  // namespace cxscribe
