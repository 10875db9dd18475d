// Addresses, scalars, names: one table each.
#include "server/config/values.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/config/signing_secret.h"

namespace cxscribe {
namespace {

TEST(PlainScalar, FollowsTheCoreSchemaOfYaml12) {
  const auto json = [](std::string_view text) { return ResolvePlainScalar(text).value(); };
  for (const char* text : {"", "~", "null", "Null", "NULL"}) EXPECT_TRUE(json(text).is_null());
  for (const char* text : {"true", "True", "TRUE"}) EXPECT_EQ(json(text), true);
  for (const char* text : {"false", "False", "FALSE"}) EXPECT_EQ(json(text), false);
  EXPECT_EQ(json("010"), 10);
  EXPECT_EQ(json("-010"), -10);
  EXPECT_EQ(json("+3"), 3);
  EXPECT_EQ(json("0o17"), 15);
  EXPECT_EQ(json("0x1f"), 31);
  EXPECT_EQ(json("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(json("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(json("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(json("1.5"), 1.5);
  EXPECT_EQ(json(".5"), 0.5);
  EXPECT_EQ(json("1."), 1.0);
  EXPECT_EQ(json("1e3"), 1000.0);
  for (const char* text :
       {"yes", "no", "on", "off", "y", "tRUE",  "nULL", "0o8",   "0xg", "-0x1", "1_000",
        "1e",  "e3", ".",  "+",   "-", "1.2.3", "0b1",  "12:30", "nan", "inf"}) {
    EXPECT_TRUE(json(text).is_string()) << text;
  }
  for (const char* text :
       {".inf", "-.INF", ".nan", "1e999", "18446744073709551616", "-9223372036854775809"}) {
    EXPECT_FALSE(ResolvePlainScalar(text)) << text;
  }
}

TEST(HostPortTest, TakesNamesAndBothKindsOfAddresses) {
  EXPECT_EQ(ParseHostPort("127.0.0.1:7400")->port, 7400);
  EXPECT_EQ(ParseHostPort("[::1]:0")->host, "::1");
  EXPECT_EQ(ParseHostPort("host-1.example.com:65535")->host, "host-1.example.com");
  for (const char* text : {"", ":1", "a", "a:", "a:b", "a:65536", "a:-1", "a:1x", "::1:80", "[::1]",
                           "[]:1", "[x]:1", "[abc]:1", "a b:1", "a:000001", "a/b:1"}) {
    EXPECT_FALSE(ParseHostPort(text)) << text;
  }
}

TEST(Loopback, IsOnlyWhatCannotBeAnybodyElse) {
  for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1", "127.255.255.255", "::1"}) {
    EXPECT_TRUE(IsLoopbackHost(host)) << host;
  }
  for (const char* host : {"", "127.1", "127.0.0.1.example.com", "127.0.0.256", "127.0.0.1.",
                           "128.0.0.1", "localhost.localdomain", "0.0.0.0", "::", "127..0.1"}) {
    EXPECT_FALSE(IsLoopbackHost(host)) << host;
  }
}

TEST(DidYouMeanTest, FindsTheNearestNameOrNone) {
  const std::vector<std::string> keys = {"deadline", "max_queued", "max_active"};
  EXPECT_EQ(DidYouMean("dedline", keys), "deadline");
  EXPECT_EQ(DidYouMean("daedline", keys), "deadline");
  EXPECT_EQ(DidYouMean("max_actve", keys), "max_active");
  EXPECT_EQ(DidYouMean("colour", keys), "");
  EXPECT_EQ(DidYouMean(std::string(1000, 'a'), keys), "");
}

TEST(InvalidText, FindsWhatIsNotUtf8) {
  EXPECT_FALSE(FindInvalidText("ok \t\r\n \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"));
  EXPECT_EQ(FindInvalidText("ab\xff"), 2u);
  EXPECT_EQ(FindInvalidText("a\xc0\x80"), 1u);         // overlong
  EXPECT_EQ(FindInvalidText("\xed\xa0\x80"), 0u);      // a surrogate
  EXPECT_EQ(FindInvalidText("\xf4\x90\x80\x80"), 0u);  // beyond Unicode
  EXPECT_EQ(FindInvalidText("\xe2\x82"), 0u);          // cut off
  EXPECT_EQ(FindInvalidText("a\x1b[0m"), 1u);
}

TEST(QuotedTest, EscapesAndCuts) {
  EXPECT_EQ(Quoted("a\"b\n"), "\"a\\\"b\\n\"");
  EXPECT_EQ(Quoted(std::string(100, 'x')), "\"" + std::string(80, 'x') + "...\"");
}

TEST(SigningSecret, IsCheckedWithoutBeingShown) {
  EXPECT_EQ(CheckSigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "");
  for (const char* bad : {"", "secret", "whsec_", "whsec_!!!",
                          "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8G"}) {
    EXPECT_NE(CheckSigningSecret(bad), "") << bad;
  }
  EXPECT_NE(CheckSigningSecret("whsec_" + std::string(200, 'A')), "");
  EXPECT_EQ(CheckSigningSecret("whsec_hunter2").find("hunter2"), std::string::npos);
}

// What is loaded is used as it stands: a secret that a lenient reader takes cannot be signed with.
TEST(SigningSecret, HasOneSpelling) {
  const std::string key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAA==";  // 25 bytes
  EXPECT_EQ(CheckSigningSecret("whsec_" + key), "");
  for (const std::string& bad : std::vector<std::string>{
           key.substr(0, 34), key.substr(0, 35), key + "\n", " " + key, key.substr(0, 34) + "..",
           "MfKQ9r8G KYqrTwjUPD8ILPZIo2LaLaSwAA==", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAB==",
           "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_AA=="}) {
    EXPECT_NE(CheckSigningSecret("whsec_" + bad), "") << bad;
    EXPECT_FALSE(DecodeSigningSecret("whsec_" + bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace cxscribe
