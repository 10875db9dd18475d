#include "server/cxone/upstream_text.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(UpstreamText, KeepsPlainText) {
  EXPECT_EQ(CleanUpstreamText("recording rec_1 has the format ogg"),
            "recording rec_1 has the format ogg");
  EXPECT_EQ(CleanUpstreamText("Größe überschritten: 日本"), "Größe überschritten: 日本");
  EXPECT_EQ(CleanUpstreamText(""), "");
}

TEST(UpstreamText, StaysOnOneLine) {
  EXPECT_EQ(CleanUpstreamText("a\r\nb\tc\x1b[31m  d"), "a b c [31m d");
  EXPECT_EQ(CleanUpstreamText("a\u2028b\u202Ec"), "a b c");
  EXPECT_EQ(CleanUpstreamText(std::string("a\0b", 3)), "a b");
}

TEST(UpstreamText, ReplacesBadUtf8) {
  EXPECT_EQ(CleanUpstreamText("a\xff\xfe z"), "a?? z");
  EXPECT_EQ(CleanUpstreamText("\xc0\xaf"), "??");          // overlong
  EXPECT_EQ(CleanUpstreamText("\xed\xa0\x80"), "???");     // surrogate
  EXPECT_EQ(CleanUpstreamText("cut \xe6\x97"), "cut ??");  // cut character
}

TEST(UpstreamText, IsCutAtACharacter) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "日本 ";
  const std::string clean = CleanUpstreamText(text);
  EXPECT_LE(clean.size(), kMaxUpstreamTextBytes);
  EXPECT_GT(clean.size(), kMaxUpstreamTextBytes - 8);
  EXPECT_THAT(clean, testing::EndsWith("..."));
  EXPECT_EQ(CleanUpstreamText(clean), clean);  // still UTF-8
}

TEST(UpstreamText, MasksSecretsAndWhatLooksLikeOne) {
  const std::vector<std::string> secrets = {"demo-secret", "tok1"};
  EXPECT_EQ(CleanUpstreamText("bad demo-secret and tok1!", secrets), "bad *** and ***!");
  EXPECT_EQ(CleanUpstreamText("Authorization: Bearer abc was refused"),
            "Authorization: Bearer *** was refused");
  EXPECT_EQ(CleanUpstreamText("token \"" + std::string(64, 'a') + "\" expired"),
            "token *** expired");
  EXPECT_EQ(CleanUpstreamText("trace 123e4567-e89b-12d3-a456-426614174000"),
            "trace 123e4567-e89b-12d3-a456-426614174000");
}

TEST(UpstreamText, NoSecretSurvivesTheCut) {
  // The mask comes before the cut: half a token would be half a token too much.
  const std::string text = std::string(20, 'x') + " " + std::string(5000, 'k');
  EXPECT_EQ(CleanUpstreamText(text), std::string(20, 'x') + " ***");
}

TEST(UpstreamErrorMessage, KnowsTheUsualForms) {
  EXPECT_EQ(UpstreamErrorMessage(R"({"message": "no"})"), "no");
  EXPECT_EQ(UpstreamErrorMessage(R"({"error": {"code": "x", "message": "no"}})"), "no");
  EXPECT_EQ(UpstreamErrorMessage(R"({"error": "invalid_client", "error_description": "no"})"),
            "no");
  EXPECT_EQ(UpstreamErrorMessage(R"({"error": "invalid_client"})"), "invalid_client");
  EXPECT_EQ(UpstreamErrorMessage(R"({"errors": [{"message": "no"}, {"message": "b"}]})"), "no");
  EXPECT_EQ(UpstreamErrorMessage(R"({"errors": ["no"]})"), "no");
  EXPECT_EQ(UpstreamErrorMessage(R"({"title": "t", "detail": "no"})"), "no");
}

TEST(UpstreamErrorMessage, IsEmptyWhereThereIsNone) {
  EXPECT_EQ(UpstreamErrorMessage(""), "");
  EXPECT_EQ(UpstreamErrorMessage("<html>Bad gateway</html>"), "");
  EXPECT_EQ(UpstreamErrorMessage(R"({"message": 5})"), "");
  EXPECT_EQ(UpstreamErrorMessage(R"({"message": null, "error": {}})"), "");
  EXPECT_EQ(UpstreamErrorMessage(R"(["message"])"), "");
  EXPECT_EQ(UpstreamErrorMessage(R"({"message": "cut)"), "");
  EXPECT_EQ(UpstreamErrorMessage(std::string(1 << 20, '{')), "");
  std::string deep;
  for (int i = 0; i < 50'000; ++i) deep += "{\"error\":";
  EXPECT_EQ(UpstreamErrorMessage(deep.substr(0, 60'000)), "");
}

TEST(UpstreamErrorMessage, MasksSecrets) {
  EXPECT_THAT(UpstreamErrorMessage(R"({"message": "token abc123 expired"})",
                                   std::vector<std::string>{"abc123"}),
              Not(HasSubstr("abc123")));
}

// It becomes part of a job's error, which is logged and sent out.
TEST(FailureMessage, DoesNotCarryWhatMayBeOfTheCall) {
  for (const auto& [text, clean] : std::vector<std::pair<std::string, std::string>>{
           {"engine failed at segment 12 (code 5003)", "engine failed at segment 12 (code 5003)"},
           {"after 4111 1111 1111 1111, aborted", "after ***, aborted"},
           {"4111-1111.11111111", "***"},
           {"cannot parse 123456789", "cannot parse ***"},
           {"cannot parse 12345678", "cannot parse 12345678"},
           {"said jane@example.com twice", "said *** twice"},
           {"line\njane@example.com\nline", "line *** line"},
           {"12 monkeys 3456", "12 monkeys 3456"},
           {"ends in 12 ", "ends in 12"},
           {"", ""}}) {
    EXPECT_EQ(CleanFailureMessage(text), clean);
  }
  EXPECT_LE(CleanFailureMessage(std::string(100000, 'x') + " y").size(), kMaxUpstreamTextBytes);
}

}  // namespace
}  // namespace cxscribe
