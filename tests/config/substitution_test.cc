// ${NAME} and ${file:PATH}: what they take, and what they never show.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/config_fixture.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::string AccountWith(const std::string& id, const std::string& secret) {
  return "cxone:\n  accounts:\n    default:\n      base_url: https://a.b\n      client_id: " + id +
         "\n      client_secret: " + secret + "\n";
}

TEST(Substitution, TakesVariablesAndFilesAnywhereInAValue) {
  FakeOutside outside;
  outside.environment = {{"ID", "abc"}, {"_x9", "!"}};
  outside.files = {{"/run/secrets/s", "line one\nline two\n"}};
  const Loaded loaded = Load(AccountWith("pre-${ID}-${_x9}", "${file:/run/secrets/s}"), outside);
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->accounts.at("default").client_id, "pre-abc-!");
  EXPECT_EQ(loaded.settings->accounts.at("default").client_secret.Reveal(), "line one\nline two");
}

TEST(Substitution, RelativeFilesStandBesideTheConfiguration) {
  FakeOutside outside;
  outside.files = {{"/etc/cxscribe/s", "x"}};
  EXPECT_TRUE(Load(AccountWith("i", "${file:s}"), outside).settings);
}

TEST(Substitution, DoubleDollarIsALiteral) {
  FakeOutside outside;
  outside.environment = {{"A", "1"}};
  const Loaded loaded = Load(AccountWith("$${A}${A}$A$", "cost: '$$5'"), outside);
  // The second value is a map in YAML's eyes; only the first is of interest.
  const Loaded quoted = Load(AccountWith("$${A}${A}$A$", "'$$5 $'"), outside);
  EXPECT_FALSE(loaded.settings);
  ASSERT_TRUE(quoted.settings) << quoted.text;
  EXPECT_EQ(quoted.settings->accounts.at("default").client_id, "${A}1$A$");
  EXPECT_EQ(quoted.settings->accounts.at("default").client_secret.Reveal(), "$$5 $");
}

TEST(Substitution, ValuesAreNotSubstitutedAgainNorParsedAsYaml) {
  FakeOutside outside;
  outside.environment = {{"ID", "${OTHER}: [x]"}};
  const Loaded loaded = Load(AccountWith("${ID}", "s"), outside);
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->accounts.at("default").client_id, "${OTHER}: [x]");
}

TEST(Substitution, MissingSourcesAreErrorsAtTheirPlaceAllAtOnce) {
  const Loaded loaded = Load(AccountWith("${ONE}${TWO}", "${file:gone}"));
  ASSERT_THAT(loaded.errors, SizeIs(3)) << loaded.text;
  EXPECT_THAT(loaded.text,
              AllOf(HasSubstr("c.yaml:5:18: the environment variable ONE is not set"),
                    HasSubstr("the environment variable TWO is not set"),
                    HasSubstr("c.yaml:6:22: cannot take a value from \"gone\": there is no such")));
}

TEST(Substitution, BadFormsAreErrors) {
  EXPECT_THAT(Load(AccountWith("${OPEN", "s")).text, HasSubstr("${ has no closing }"));
  EXPECT_THAT(Load(AccountWith("${}", "s")).text, HasSubstr("${} is neither ${NAME} nor"));
  EXPECT_THAT(Load(AccountWith("${1A}", "s")).text, HasSubstr("${1A} is neither"));
  EXPECT_THAT(Load(AccountWith("${file:}", "s")).text, HasSubstr("no path is given"));
}

TEST(Substitution, NothingThatCameFromOutsideIsShown) {
  FakeOutside outside;
  outside.environment = {{"LEAK", "topsecret"}};
  const Loaded loaded = Load(
      "listen: {grpc: \"${LEAK}\"}\n"
      "jobs:\n"
      "  deadline: ${LEAK}\n"
      "  max_active: ${LEAK}\n"
      "webhook:\n"
      "  allow_http: ${LEAK}\n"
      "  signing_secret: ${LEAK}\n"
      "server:\n"
      "  log_level: ${LEAK}\n"
      "redaction_policies: {p: {entity_types: [\"${LEAK}\"]}}\n"
      "pipelines: {p: [{plugin: \"${LEAK}\", sha256: \"${LEAK}\"}]}\n" +
          AccountWith("i", "s") + "      token_url: ${LEAK}\n",
      outside);
  EXPECT_THAT(loaded.errors, SizeIs(10)) << loaded.text;
  EXPECT_THAT(loaded.text, AllOf(Not(HasSubstr("topsecret")), HasSubstr("${LEAK}")));
}

TEST(Substitution, APlainSecretIsNotShownEither) {
  const Loaded loaded = Load(std::string(kAccount) + "webhook: {signing_secret: whsec_c2hvcnQ=}\n");
  ASSERT_THAT(loaded.errors, SizeIs(1));
  EXPECT_THAT(loaded.text,
              AllOf(HasSubstr("Base64 of 24 to 64 bytes, not of 5"), Not(HasSubstr("c2hvcnQ"))));
}

TEST(Substitution, APlainScalarTakesItsTypeAfterwardsAQuotedOneIsText) {
  FakeOutside outside;
  outside.environment = {{"N", "7"}};
  const Loaded loaded = Load(std::string(kAccount) +
                                 "jobs:\n  max_active: ${N}\n"
                                 "pipelines:\n  p:\n  - plugin: a.so\n    config:\n"
                                 "      number: ${N}\n      text: \"${N}\"\n",
                             outside);
  ASSERT_TRUE(loaded.settings) << loaded.text;
  EXPECT_EQ(loaded.settings->jobs.max_active, 7);
  const nlohmann::json& config = loaded.settings->pipelines[0].stages[0].config;
  EXPECT_EQ(config.at("number"), 7);
  EXPECT_EQ(config.at("text"), "7");
}

TEST(Substitution, BinaryValuesAreRefusedWithoutShowingThem) {
  FakeOutside outside;
  outside.files = {{"/etc/cxscribe/b", std::string("k\0y", 3)}};
  const Loaded loaded = Load(AccountWith("i", "${file:b}"), outside);
  EXPECT_THAT(loaded.text, HasSubstr("a substituted value is not UTF-8 text"));
}

TEST(Substitution, OnlyRegularFilesOfBoundedSizeAreRead) {
  const TempDir dir;
  dir.Write("big", std::string((size_t{64} << 10) + 1, 'x'));
  const std::string path = dir.Write("c.yaml", AccountWith("${file:.}", "${file:big}"));
  std::vector<ConfigError> errors;
  EXPECT_FALSE(LoadSettings(path, {}, errors));
  EXPECT_THAT(FormatErrors(errors),
              AllOf(HasSubstr("it is not a regular file"), HasSubstr("it is larger than 65536")));
}

}  // namespace
}  // namespace cxscribe
