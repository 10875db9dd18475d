// The signature against the specification's own vector, and secrets that are none.
#include "server/webhook/signature.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/hash.h"

namespace cxscribe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

TEST(WebhookSigner, RefusesSecretsThatAreNone) {
  const auto secret_of = [](size_t bytes) { return "whsec_" + Base64(std::string(bytes, 'k')); };
  EXPECT_FALSE(WebhookSigner::Create("").ok());
  EXPECT_FALSE(WebhookSigner::Create("whsec_").ok());
  EXPECT_FALSE(WebhookSigner::Create("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").ok()) << "no prefix";
  EXPECT_FALSE(WebhookSigner::Create("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").ok());
  EXPECT_FALSE(WebhookSigner::Create(secret_of(23)).ok());
  EXPECT_TRUE(WebhookSigner::Create(secret_of(24)).ok());
  EXPECT_TRUE(WebhookSigner::Create(secret_of(25)).ok());
  EXPECT_TRUE(WebhookSigner::Create(secret_of(32)).ok());
  EXPECT_TRUE(WebhookSigner::Create(secret_of(64)).ok());
  EXPECT_FALSE(WebhookSigner::Create(secret_of(65)).ok());
  EXPECT_FALSE(WebhookSigner::Create(secret_of(32) + "\n").ok()) << "from a file, untrimmed";
  EXPECT_FALSE(WebhookSigner::Create(" " + secret_of(32)).ok());
  EXPECT_FALSE(WebhookSigner::Create("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!").ok());
  EXPECT_FALSE(WebhookSigner::Create("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_").ok()) << "base64url";
  EXPECT_FALSE(WebhookSigner::Create("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwA===").ok());
  EXPECT_FALSE(WebhookSigner::Create("whsec_" + std::string(4000, 'A')).ok());
}

TEST(WebhookSigner, ItsErrorsDoNotRepeatTheSecret) {
  const auto signer = WebhookSigner::Create("whsec_hunter2");
  ASSERT_FALSE(signer.ok());
  EXPECT_EQ(signer.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(signer.status().ToString(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(signer.status().ToString(), HasSubstr("webhook.signing_secret"));
}

// The vector that the specification's own libraries are tested with.
TEST(WebhookSigner, SignsAsTheSpecificationsLibrariesDo) {
  const auto signer = WebhookSigner::Create(kSecret);
  ASSERT_TRUE(signer.ok()) << signer.status();
  EXPECT_THAT(
      signer->Headers("msg_p5jXN8AQM9LWM0D4loKWxJek", absl::FromUnixSeconds(1'614'265'330),
                      "{\"test\": 2432232314}"),
      ElementsAre(Pair("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                  Pair("webhook-timestamp", "1614265330"),
                  Pair("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")));
}

TEST(WebhookSigner, CoversIdTimeAndPayload) {
  const auto signer = WebhookSigner::Create(kSecret);
  ASSERT_TRUE(signer.ok());
  const absl::Time time = absl::FromUnixSeconds(1'614'265'330);
  const std::string signature = signer->Sign("msg_1", time, "{}");
  EXPECT_NE(signature, signer->Sign("msg_2", time, "{}"));
  EXPECT_NE(signature, signer->Sign("msg_1", time + absl::Seconds(1), "{}"));
  EXPECT_NE(signature, signer->Sign("msg_1", time, "{ }"));
  EXPECT_EQ(signature, signer->Sign("msg_1", time + absl::Milliseconds(999), "{}"));
}

}  // namespace
}  // namespace cxscribe
