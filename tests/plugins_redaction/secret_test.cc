#include "plugins/redaction/secret.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const EntitySet kSecrets = EntitySet::Of({"USERNAME", "PASSWORD"});

class NoSecret : public ::testing::TestWithParam<std::vector<std::string_view>> {};

TEST_P(NoSecret, IsReported) { EXPECT_THAT(Found(GetParam(), kSecrets), IsEmpty()); }

INSTANTIATE_TEST_SUITE_P(
    All, NoSecret,
    ::testing::Values(
        std::vector<std::string_view>{"c: my password is not working"},
        std::vector<std::string_view>{"c: i need a password reset"},
        std::vector<std::string_view>{"c: the password is wrong and it expired"},
        std::vector<std::string_view>{"a: your password is case sensitive"},
        std::vector<std::string_view>{"a: what is your password", "c: i forgot it"},
        std::vector<std::string_view>{"a: your username please", "c: [USERNAME]", "c: 40213"},
        std::vector<std::string_view>{"a: the security question is required"},
        std::vector<std::string_view>{"a: your mother's maiden name", "c: i don't remember"},
        std::vector<std::string_view>{"c: my password's expired"},
        std::vector<std::string_view>{"a: where did you grow up", "c: round here"},
        std::vector<std::string_view>{"c: we took the pet to school by car"},
        std::vector<std::string_view>{"c: it's my favorite color"},
        std::vector<std::string_view>{"c: the password is [PASSWORD] thanks"},
        std::vector<std::string_view>{"a: the name of your first school", "c: oh wow"},
        std::vector<std::string_view>{"a: and the security word", "a: lighthouse keeping is fun"},
        std::vector<std::string_view>{"c: i log in as a guest"},
        std::vector<std::string_view>{"a: and your login", "c: since 2020 i never had one"}));

struct SecretCase {
  std::vector<std::string_view> lines;
  std::string_view found;
};

class SecretForms : public ::testing::TestWithParam<SecretCase> {};

TEST_P(SecretForms, AreFoundExactly) {
  EXPECT_THAT(Found(GetParam().lines, kSecrets), ElementsAre(std::string(GetParam().found)));
}

INSTANTIATE_TEST_SUITE_P(
    All, SecretForms,
    ::testing::Values(
        SecretCase{{"c: my password is sunflower"}, "PASSWORD sunflower"},
        SecretCase{{"c: Password: Zx_41!qq, thanks"}, "PASSWORD Zx_41!qq"},
        SecretCase{{"c: the password is marble seven seven two"},
                   "PASSWORD marble seven seven two"},
        SecretCase{{"c: pass is m a r b l e"}, "PASSWORD m a r b l e"},
        SecretCase{{"a: tell me the passcode", "c: um four one nine two"},
                   "PASSWORD four one nine two"},
        SecretCase{{"c: username is rosa underscore m"}, "USERNAME rosa underscore m"},
        SecretCase{{"c: my user id: rosa.mayer42"}, "USERNAME rosa.mayer42"},
        SecretCase{{"a: and your login", "c: it's rosa 77"}, "USERNAME rosa 77"},
        SecretCase{{"a: what is your mother's maiden name", "c: yes it's okonjo"},
                   "PASSWORD okonjo"},
        SecretCase{{"c: my first pet's name was biscuit"}, "PASSWORD biscuit"},
        SecretCase{{"a: what street did you grow up on", "c: quarry bank"}, "PASSWORD quarry bank"},
        SecretCase{{"a: and the security word", "c: lighthouse"}, "PASSWORD lighthouse"}));

INSTANTIATE_TEST_SUITE_P(
    Signs, SecretForms,
    ::testing::Values(SecretCase{{"a: the password please", "c: cobalt forty dollar sign"},
                                 "PASSWORD cobalt forty dollar sign"},
                      SecretCase{{"a: the password please",
                                  "c: capital c o b a l t exclamation mark please"},
                                 "PASSWORD capital c o b a l t exclamation mark"},
                      SecretCase{{"c: my password is cobalt at sign river nine"},
                                 "PASSWORD cobalt at sign river nine"},
                      SecretCase{{"c: the password is all lower case cobalt 77 hash"},
                                 "PASSWORD all lower case cobalt 77 hash"},
                      SecretCase{{"c: the password is capital C cobalt nineteen exclamation mark"},
                                 "PASSWORD capital C cobalt nineteen exclamation mark"},
                      SecretCase{{"c: my password's lowercase c, cobalt, four four, hash, thanks"},
                                 "PASSWORD lowercase c, cobalt, four four, hash"},
                      SecretCase{{"c: username is ines dot okoro"}, "USERNAME ines dot okoro"}));

INSTANTIATE_TEST_SUITE_P(
    Openers, SecretForms,
    ::testing::Values(
        SecretCase{{"a: your password", "c: sure it's cobalt seven seven if that's right"},
                   "PASSWORD cobalt seven seven"},
        SecretCase{{"a: your user id", "c: one second let me get it. okay iokoro31"},
                   "USERNAME iokoro31"},
        SecretCase{{"a: your username", "c: yeah that's i o k o r o thirty one please"},
                   "USERNAME i o k o r o thirty one"},
        SecretCase{{"c: i log in as iokoro31"}, "USERNAME iokoro31"},
        SecretCase{{"a: what was the name of your first school",
                    "c: oh wow um birchwood primary i think it was"},
                   "PASSWORD birchwood primary"},
        SecretCase{{"a: and the security word", "a: take your time", "c: let me see lighthouse"},
                   "PASSWORD lighthouse"}));

TEST(Secret, MaskedTextIsClean) {
  const std::vector<Utterance> call = {{"a", "your username and password please"},
                                       {"c", "username rosa 77 password marble 772 marble"}};
  const std::vector<Finding> findings = Verify(call, EntitySet::All(), {});
  EXPECT_FALSE(findings.empty());
  const std::vector<std::string> masked = Masked(call, findings);
  EXPECT_THAT(Verify({{"a", masked[0]}, {"c", masked[1]}}, EntitySet::All(), {}), IsEmpty());
}

}  // namespace
}  // namespace cxscribe::redaction
