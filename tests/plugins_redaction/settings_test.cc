// The stage's `config:` as the host checks it: the schema, then what the schema cannot say.
#include "plugins/redaction/settings.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/host/entity_types.h"
#include "plugins/host/in_process.h"
#include "plugins/redaction/entity_types.h"
#include "plugins/redaction/finding.h"

namespace cxscribe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::shared_ptr<const Plugin> Load() {
  auto file =
      PluginFile::Open({.directory = CXSCRIBE_PLUGIN_DIR, .name = "redaction.so", .sha256 = ""});
  EXPECT_TRUE(file.ok()) << file.status();
  auto plugin = OpenInProcess(**file);
  EXPECT_TRUE(plugin.ok()) << plugin.status();
  return *plugin;
}

// "pointer: message" of each problem.
std::vector<std::string> Problems(const std::string& config) {
  std::vector<std::string> problems;
  for (const ConfigProblem& problem : Load()->CheckConfig(config)) {
    problems.push_back(problem.pointer + ": " + problem.message);
  }
  return problems;
}

struct Wrong {
  const char* config;
  const char* problem;  // a part of the one that there is
};

class WrongSettings : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongSettings, AreToldWithTheirPlace) {
  EXPECT_THAT(Problems(GetParam().config), ElementsAre(HasSubstr(GetParam().problem)));
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongSettings,
    ::testing::Values(
        Wrong{R"({"treshold": {}})", "/treshold: unknown key"},
        Wrong{R"({"thresholds": {"PHNOE": {"fail": 1}}})",
              "/thresholds/PHNOE: \"PHNOE\" is not an entity type"},
        Wrong{R"({"thresholds": {"PHONE": {"fail": 1.1}}})", "/thresholds/PHONE/fail: must be at"},
        Wrong{R"({"thresholds": {"PHONE": 0.5}})", "/thresholds/PHONE: must be an object"},
        Wrong{R"({"thresholds": {"PHONE": {"pass": 0.5}}})", "/thresholds/PHONE/pass: unknown key"},
        Wrong{R"({"thresholds": {"PHONE": {"fail": 0.2, "flag": 0.3}}})",
              "/thresholds/PHONE/flag: is above fail"},
        Wrong{R"({"thresholds": {"PHONE": {}}})", "/thresholds/PHONE: sets neither"},
        Wrong{R"({"policies": {"a/b": {"thresholds": {"X": {"fail": 1}}}}})",
              "/policies/a~1b/thresholds/X: \"X\" is not"},
        Wrong{R"({"policies": {"pci": {"deny": []}}})", "/policies/pci/deny: unknown key"},
        Wrong{R"({"allowed_remains": {"CARD_CVV": 3}})", "/allowed_remains/CARD_CVV: nothing of"},
        Wrong{R"({"allowed_remains": {"CREDIT_CARD": 6}})",
              "/allowed_remains/CREDIT_CARD: must be at most 4"},
        Wrong{R"({"deny": [{"terms": ["falcon"]}]})", "/deny/0: lacks the key \"type\""},
        Wrong{R"({"deny": [{"type": "", "terms": ["falcon"]}]})", "/deny/0/type: \"\" is not"},
        Wrong{R"({"deny": [{"type": "PERSON"}]})", "/deny/0: has neither terms nor a file"},
        Wrong{R"({"deny": [{"type": "PERSON", "terms": ["ok", "?"]}]})",
              "/deny/0/terms/1: has no word"},
        Wrong{R"({"allow": [{"type": "PERSON", "terms": ["kate"]}]})",
              "/allow/0/type: unknown key"},
        Wrong{R"({"allow": [{"terms": []}]})", "/allow/0/terms"},
        Wrong{R"({"detectors": [{"type": "acme.X"}]})", "/detectors/0: needs either a pattern"},
        Wrong{R"({"detectors": [{"type": "acme.x", "pattern": "y"}]})",
              "/detectors/0/type: \"acme.x\" is not an entity type"},
        Wrong{R"({"detectors": [{"type": "acme.X", "pattern": "("}]})",
              "/detectors/0/pattern: is not a regular expression"},
        Wrong{R"({"detectors": [{"type": "acme.X", "pattern": "a*"}]})",
              "/detectors/0/pattern: can match without taking a character"},
        Wrong{R"({"detectors": [{"type": "acme.X", "pattern": "a", "within": 3}]})",
              "/detectors/0/within: goes with keywords"},
        Wrong{R"({"detectors": [{"type": "acme.X", "keywords": ["id"]}]})",
              "/detectors/0: lacks digits"},
        Wrong{R"({"detectors": [{"type": "acme.X", "keywords": ["!"], "digits": 8}]})",
              "/detectors/0/keywords/0: has no word"},
        Wrong{R"({"detectors": [{"type": "acme.X", "keywords": ["id"], "digits": 8,
                                 "case_sensitive": true}]})",
              "/detectors/0/case_sensitive: goes with a pattern"},
        Wrong{R"({"unchecked": ["SSN"]})", "/unchecked/0: this stage does look for SSN"},
        Wrong{R"({"unchecked": ["acme.X"],
                  "detectors": [{"type": "acme.X", "pattern": "x"}]})",
              "/unchecked/0: this stage does look for acme.X"}));

TEST(Settings, WrongOnesAreToldAllAtOnce) {
  EXPECT_THAT(Problems(R"({"thresholds": {"X": {"fail": 1}, "SSN": {}},
                           "deny": [{"type": "PERSON"}],
                           "detectors": [{"type": "acme.X", "pattern": "a*", "digits": 3},
                                         {"type": "Y", "keywords": ["?"], "digits": "9-8"}]})"),
              SizeIs(8));
}

TEST(Settings, DigitsAreANumberOrARange) {
  const auto with = [](const std::string& digits) {
    return R"({"detectors": [{"type": "acme.X", "keywords": ["id"], "digits": )" + digits + "}]}";
  };
  for (const char* good : {"3", "32", R"("8")", R"("8-10")", R"("3-32")", R"("7-7")"}) {
    EXPECT_THAT(Problems(with(good)), IsEmpty()) << good;
  }
  for (const char* bad :
       {"2", "33", "-8", R"("")", R"("-")", R"("8-")", R"("-8")", R"("8-33")", R"("10-8")",
        R"("8 - 10")", R"("8-9-10")", R"("eight")", R"("99999999999999999999")"}) {
    EXPECT_THAT(Problems(with(bad)),
                ElementsAre(HasSubstr("/detectors/0/digits: must be how many")))
        << bad;
  }
}

TEST(Settings, GoodOnesAreTaken) {
  EXPECT_THAT(Problems("{}"), IsEmpty());
  EXPECT_THAT(Problems(R"({
    "thresholds": {"default": {"fail": 0.5}, "PHONE": {"fail": 0.8, "flag": 0.6},
                   "acme.EMPLOYEE_ID": {"fail": 0.9}},
    "allowed_remains": {"SSN": 4},
    "policies": {"pci": {"allowed_remains": {"CREDIT_CARD": 4}, "thresholds": {}}},
    "deny": [{"type": "acme.PRODUCT", "terms": ["Project Falcon"]},
             {"type": "PERSON", "file": "staff.txt"}],
    "allow": [{"terms": ["1-800-555-0199", "Kate from support"]}],
    "detectors": [{"type": "acme.EMPLOYEE_ID", "pattern": "emp[0-9]{6}", "score": 1,
                   "case_sensitive": true, "reason": "the form of an employee number"},
                  {"type": "acme.LOYALTY", "keywords": ["member id"], "digits": "8-10",
                   "within": 5}],
    "unchecked": ["acme.BADGE"]})"),
              IsEmpty());
}

TEST(Settings, APolicysRulesTakeThePlaceOfTheStages) {
  std::vector<redaction::SettingsProblem> problems;
  const redaction::Settings settings = redaction::ReadSettings(
      R"({"thresholds": {"default": {"fail": 0.5}, "SSN": {"fail": 0.7, "flag": 0.1}},
          "allowed_remains": {"SSN": 4},
          "policies": {"pci": {"thresholds": {"PHONE": {"fail": 0.9}}},
                       "phi": {"allowed_remains": {}}}})",
      &problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(settings.For("pii").For("SSN").fail, 0.7);
  EXPECT_EQ(settings.For("pii").For("SSN").flag, 0.1);
  EXPECT_EQ(settings.For("pii").For("EMAIL").fail, 0.5);
  EXPECT_EQ(settings.For("pii").RemainsOf("SSN"), 4);
  EXPECT_EQ(settings.For("pci").For("PHONE").fail, 0.9);
  EXPECT_EQ(settings.For("pci").For("SSN").fail, 0);
  EXPECT_EQ(settings.For("pci").RemainsOf("SSN"), 4);
  EXPECT_EQ(settings.For("phi").For("SSN").fail, 0.7);
  EXPECT_EQ(settings.For("phi").RemainsOf("SSN"), 0);
}

TEST(Settings, TypesAreThoseOfTheHost) {
  std::size_t product_types = 0;
  for (const char* type : {"CREDIT_CARD",
                           "CARD_CVV",
                           "CARD_EXPIRY",
                           "PIN",
                           "BANK_ACCOUNT",
                           "ROUTING_NUMBER",
                           "IBAN",
                           "SWIFT_CODE",
                           "SSN",
                           "ITIN",
                           "NATIONAL_ID",
                           "PASSPORT",
                           "DRIVER_LICENSE",
                           "PHONE",
                           "EMAIL",
                           "ADDRESS",
                           "POSTAL_CODE",
                           "PERSON",
                           "DATE_OF_BIRTH",
                           "IP_ADDRESS",
                           "USERNAME",
                           "PASSWORD",
                           "LICENSE_PLATE",
                           "VEHICLE_ID",
                           "MEDICAL_RECORD",
                           "HEALTH_PLAN",
                           "NUMBER_SEQUENCE",
                           "acme.X",
                           "a-1.X_2",
                           "ACME.X",
                           "acme.x",
                           "acme.",
                           ".X",
                           "acme",
                           "",
                           "acme.X.Y",
                           "acme X",
                           "acme.2X",
                           "-a.X",
                           "CREDITCARD"}) {
    EXPECT_EQ(redaction::IsProductType(type) || redaction::IsOwnType(type), IsEntityType(type))
        << type;
    product_types += redaction::IsProductType(type) ? 1 : 0;
  }
  EXPECT_EQ(product_types, 27U);
}

}  // namespace
}  // namespace cxscribe
