#include "plugins/host/text.h"

#include <string_view>

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

TEST(Text, BoundariesAreWhereCharactersBegin) {
  constexpr std::string_view kText = "a\xC3\xBC\xF0\x9F\x98\x80";
  for (const size_t offset : {0u, 1u, 3u, 7u}) EXPECT_TRUE(IsCharacterBoundary(kText, offset));
  for (const size_t offset : {2u, 4u, 5u, 6u, 8u}) {
    EXPECT_FALSE(IsCharacterBoundary(kText, offset));
  }
  EXPECT_TRUE(IsCharacterBoundary("", 0));
}

TEST(Text, PrintableReplacesWhatTerminalsAndParsersStumbleOver) {
  EXPECT_EQ(Printable("a\x1B[31m\x7F\xFF\xC3", 100), "a?[31m???");
  EXPECT_EQ(Printable("\xC3\xBC\xC3\xBC", 3), "\xC3\xBC");
}

}  // namespace
}  // namespace cxscribe
