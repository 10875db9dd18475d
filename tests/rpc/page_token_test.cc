// Page tokens come back as they were given out, and nowhere else.
#include "server/rpc/page_token.h"

#include <gtest/gtest.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

TEST(PageTokenTest, ComesBack) {
  const std::string token = EncodePageToken("jobs", "job_01ABC");
  EXPECT_EQ(token.find("job_01ABC"), std::string::npos) << "opaque";
  ASSERT_TRUE(DecodePageToken("jobs", token).ok());
  EXPECT_EQ(*DecodePageToken("jobs", token), "job_01ABC");
}

TEST(PageTokenTest, AnEmptyTokenIsTheBeginning) { EXPECT_EQ(*DecodePageToken("jobs", ""), ""); }

TEST(PageTokenTest, RefusesWhatIsNotItsOwn) {
  for (const std::string& token : {EncodePageToken("events/job_1", "5"), std::string("garbage!"),
                                   std::string("AAAA"), EncodePageToken("jobs", "")}) {
    const auto place = DecodePageToken("jobs", token);
    EXPECT_EQ(place.status().code(), absl::StatusCode::kInvalidArgument) << token;
    EXPECT_EQ(ReasonOf(place.status()), "INVALID_REQUEST");
  }
}

TEST(PageSizeTest, BoundsWhatIsAsked) {
  EXPECT_EQ(*PageSize(0, 50, 1000), 50);
  EXPECT_EQ(*PageSize(7, 50, 1000), 7);
  EXPECT_EQ(*PageSize(5000, 50, 1000), 1000);
  EXPECT_FALSE(PageSize(-1, 50, 1000).ok());
}

}  // namespace
}  // namespace cxscribe
