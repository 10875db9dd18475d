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
        std::vector<std::string_view>{"c: we took the pet to school by car"},
        std::vector<std::string_view>{"c: it's my favorite color"},
        std::vector<std::string_view>{"c: the password is [PASSWORD] thanks"}));

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
        SecretCase{{"a: and the security word", "c: lighthouse"}, "PASSWORD lighthouse"}));

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
