#include "plugins/redaction/email.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NoEmail : public ::testing::TestWithParam<std::string_view> {};

TEST_P(NoEmail, IsReported) {
  const std::string line = "customer: " + std::string(GetParam());
  EXPECT_THAT(Found({line}), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, NoEmail,
    ::testing::Values("at", "at at at dot com", "dot com", "look at dot com",
                      "i bought it at walmart dot com", "@example", "someone @ work",
                      "meet me at three dot five", "www.example.com",
                      "shop online at example dot com", "a@b", "i use gmail for work",
                      "sign in to gmail dot com", "my gmail is full", "the email is from verizon",
                      "they sell telecom and dotcom stock", "send me an email on monday"));

struct EmailCase {
  std::string_view text;
  std::string_view under_span;
};

class EmailForms : public ::testing::TestWithParam<EmailCase> {};

TEST_P(EmailForms, AreFoundExactly) {
  const std::string line = "customer: " + std::string(GetParam().text);
  EXPECT_THAT(Found({line}), ElementsAre("EMAIL " + std::string(GetParam().under_span)));
}

INSTANTIATE_TEST_SUITE_P(
    Written, EmailForms,
    ::testing::Values(EmailCase{"it's jane.doe@example.com.", "jane.doe@example.com"},
                      EmailCase{"<jane_d-9+x@mail.example.co.uk>", "jane_d-9+x@mail.example.co.uk"},
                      EmailCase{"JANE@EXAMPLE.ORG please", "JANE@EXAMPLE.ORG"},
                      EmailCase{"ask jane@example.hu.", "jane@example.hu"}));

INSTANTIATE_TEST_SUITE_P(
    Spoken, EmailForms,
    ::testing::Values(
        EmailCase{"send it to jane dot doe at example dot com", "jane dot doe at example dot com"},
        EmailCase{"it's rosa underscore m at example dot net okay",
                  "rosa underscore m at example dot net"},
        EmailCase{"j d dash smith at mail dot example dot co dot uk",
                  "j d dash smith at mail dot example dot co dot uk"},
        EmailCase{"books dot priya at uh example dot org", "books dot priya at uh example dot org"},
        EmailCase{"my email is jsmith eighty two at gmail dot com",
                  "jsmith eighty two at gmail dot com"},
        EmailCase{"the email is b o o k s at example dot org", "b o o k s at example dot org"},
        EmailCase{"email address is sarah williams at outlook dot com thanks",
                  "sarah williams at outlook dot com"},
        EmailCase{"send it to vsingh at company dot com i am here", "vsingh at company dot com"},
        EmailCase{"jane dot doe @ example.com", "jane dot doe @ example.com"},
        EmailCase{"it's mary ann smith at gmail dot com", "mary ann smith at gmail dot com"},
        EmailCase{"that's k o b o at g mail dot com", "k o b o at g mail dot com"},
        EmailCase{"rosa under score m at hot mail dot com",
                  "rosa under score m at hot mail dot com"},
        EmailCase{"it's priya eleven at the rate gmail dot com",
                  "priya eleven at the rate gmail dot com"},
        EmailCase{"send it to j dot doe add gmail dot com", "j dot doe add gmail dot com"},
        EmailCase{"jane dot doe at gmail com", "jane dot doe at gmail com"}));

INSTANTIATE_TEST_SUITE_P(
    WithoutTheirSigns, EmailForms,
    ::testing::Values(
        EmailCase{"rosa 145 gmailcom", "rosa 145 gmailcom"},
        EmailCase{"it's r as in rosa o s z for zulu dot m at example dot com",
                  "r as in rosa o s z for zulu dot m at example dot com"},
        EmailCase{"my email is rosa forty five at gmail thanks", "rosa forty five at gmail"},
        EmailCase{"write to rosalindagmailcom", "rosalindagmailcom"},
        EmailCase{"my email is rosacompanycom", "rosacompanycom"},
        EmailCase{"my email is rosa twenty two gmail dot com", "rosa twenty two gmail dot com"},
        EmailCase{"the email it's rosa 22 gmail", "rosa 22 gmail"}));

TEST(Email, LiesOverTwoSegments) {
  EXPECT_THAT(Found({"customer: it's jane dot doe", "customer: at example dot com"}),
              ElementsAre("EMAIL jane dot doe|at example dot com"));
}

TEST(Email, TwoInOneSentence) {
  EXPECT_THAT(Found({"customer: a.b@example.com or c.d@example.com"}),
              ElementsAre("EMAIL a.b@example.com", "EMAIL c.d@example.com"));
}

class EmailCalls : public ::testing::TestWithParam<Call> {};

TEST_P(EmailCalls, AreFoundExactly) {
  EXPECT_EQ(Found(GetParam().lines, EntitySet::Of({"EMAIL"})), GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    Nothing, EmailCalls,
    ::testing::Values(Call{{"c: we are fine, at walmart dot com they had it"}, {}},
                      Call{{"c: i was happy", "a: okay", "c: at outlook dot com there is a form"},
                           {}},
                      Call{{"c: it cost forty", "a: go ahead", "c: at nine dot five"}, {}},
                      Call{{"c: the answer is [at] the end"}, {}}));

INSTANTIATE_TEST_SUITE_P(SpeltDomains, EmailCalls,
                         ::testing::Values(Call{{"c: it's rosa dot k at hillcollege dot e d u"},
                                                {"EMAIL rosa dot k at hillcollege dot e d u"}},
                                           Call{{"c: p o dash 7 at example dot c o dot u k thanks"},
                                                {"EMAIL p o dash 7 at example dot c o dot u k"}},
                                           Call{{"c: rosa dot k at gmail dot c o m"},
                                                {"EMAIL rosa dot k at gmail dot c o m"}}));

INSTANTIATE_TEST_SUITE_P(Signs, EmailCalls,
                         ::testing::Values(Call{{"c: rosa.k [at] example [dot] com"},
                                                {"EMAIL rosa.k [at] example [dot] com"}},
                                           Call{{"c: rosa.k (at) example (dot) com"},
                                                {"EMAIL rosa.k (at) example (dot) com"}},
                                           Call{{"c: rosa.k\uFF20example.com"},
                                                {"EMAIL rosa.k\uFF20example.com"}}));

INSTANTIATE_TEST_SUITE_P(
    WithPauses, EmailCalls,
    ::testing::Values(
        Call{{"c: my email is rosa dash kern okay at example dot org"},
             {"EMAIL rosa dash kern okay at example dot org"}},
        Call{{"c: my email is Rosa dash Kern, at example dot org."},
             {"EMAIL Rosa dash Kern, at example dot org"}},
        Call{{"a: your email", "c: rosa dot kern", "a: mm hmm", "c: at example dot net"},
             {"EMAIL rosa dot kern|at example dot net"}},
        Call{{"a: your email", "c: rosa dot", "a: yes", "c: kern ninety one", "a: go ahead",
              "c: at example dot net"},
             {"EMAIL rosa dot|kern ninety one|at example dot net"}},
        Call{{"a: your email", "c: rosa underscore kern sixty four oh three at example dot net"},
             {"EMAIL rosa underscore kern sixty four oh three at example dot net"}},
        Call{{"c: send it to rosa@brighthill.net", "a: so that's rosa at brighthill dot net"},
             {"EMAIL rosa@brighthill.net", "EMAIL rosa at brighthill dot net"}}));

}  // namespace
}  // namespace cxscribe::redaction
