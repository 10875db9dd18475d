#include <string>

#include <gtest/gtest.h>

#include "server/cxone/retry.h"

namespace cxscribe {
namespace {

// Mon, 15 Jan 2024 10:00:00 GMT
const absl::Time kNow = absl::FromUnixSeconds(1'705'312'800);

struct Case {
  const char* value;
  std::optional<absl::Duration> expected;
};

class RetryAfter : public testing::TestWithParam<Case> {};

TEST_P(RetryAfter, IsReadAsADelay) {
  EXPECT_EQ(ParseRetryAfter(GetParam().value, kNow), GetParam().expected)
      << "\"" << GetParam().value << "\"";
}

INSTANTIATE_TEST_SUITE_P(
    Seconds, RetryAfter,
    testing::Values(Case{"0", absl::ZeroDuration()}, Case{"1", absl::Seconds(1)},
                    Case{"120", absl::Seconds(120)}, Case{"007", absl::Seconds(7)},
                    Case{"  30\t", absl::Seconds(30)}, Case{"-5", absl::ZeroDuration()},
                    Case{"86400", absl::Hours(24)}, Case{"86401", absl::Hours(24)},
                    Case{"99999999999999999999999999", absl::Hours(24)},
                    Case{"-99999999999999999999999999", absl::ZeroDuration()}));

INSTANTIATE_TEST_SUITE_P(
    Dates, RetryAfter,
    testing::Values(
        // IMF-fixdate
        Case{"Mon, 15 Jan 2024 10:00:30 GMT", absl::Seconds(30)},
        Case{" Mon, 15 Jan 2024 10:00:30 GMT ", absl::Seconds(30)},
        Case{"Mon, 15 Jan 2024 10:00:00 GMT", absl::ZeroDuration()},
        Case{"Mon, 15 Jan 2024 09:59:59 GMT", absl::ZeroDuration()},
        Case{"Sun, 06 Nov 1994 08:49:37 GMT", absl::ZeroDuration()},
        Case{"Fri, 31 Dec 9999 23:59:59 GMT", absl::Hours(24)},
        Case{"Mon, 15 Jan 2024 10:00:60 GMT", absl::Minutes(1)},
        Case{"Thu, 15 Jan 2024 10:00:30 GMT", absl::Seconds(30)},  // wrong day: the date counts
        // RFC 850
        Case{"Monday, 15-Jan-24 10:01:00 GMT", absl::Minutes(1)},
        Case{"Sunday, 06-Nov-94 08:49:37 GMT", absl::ZeroDuration()},  // 1994, not 2094
        Case{"Monday, 15-Jan-74 10:00:00 GMT", absl::Hours(24)},       // 2074: 50 years ahead
        Case{"Monday, 15-Jan-75 10:00:00 GMT", absl::ZeroDuration()},  // 1975
        // asctime
        Case{"Mon Jan 15 10:00:05 2024", absl::Seconds(5)},
        Case{"Sun Nov  6 08:49:37 1994", absl::ZeroDuration()},
        Case{"Tue Jan 16 09:00:00 2024", absl::Hours(23)}));

INSTANTIATE_TEST_SUITE_P(Garbage, RetryAfter,
                         testing::Values(Case{"", std::nullopt}, Case{" ", std::nullopt},
                                         Case{"-", std::nullopt}, Case{"soon", std::nullopt},
                                         Case{"1.5", std::nullopt}, Case{"+5", std::nullopt},
                                         Case{"5s", std::nullopt}, Case{"5 5", std::nullopt},
                                         Case{"0x10", std::nullopt}, Case{"1e3", std::nullopt},
                                         Case{"5,10", std::nullopt},
                                         Case{"Mon, 15 Jan 2024 10:00:30", std::nullopt},
                                         Case{"Mon, 15 Jan 2024 10:00:30 UTC", std::nullopt},
                                         Case{"Mon, 15 Jan 2024 10:00:30 GMT x", std::nullopt},
                                         Case{"Mon, 32 Jan 2024 10:00:30 GMT", std::nullopt},
                                         Case{"Mon, 30 Feb 2024 10:00:30 GMT", std::nullopt},
                                         Case{"Mon, 15 Jan 2024 24:00:30 GMT", std::nullopt},
                                         Case{"Mon, 15 Jan 2024 10:60:30 GMT", std::nullopt},
                                         Case{"Mon, 15 Jan 2024 10:00:61 GMT", std::nullopt},
                                         Case{"Mon, 00 Jan 2024 10:00:30 GMT", std::nullopt},
                                         Case{"Mon, 15 jan 2024 10:00:30 GMT", std::nullopt},
                                         Case{"Mon, 15 Jan 24 10:00:30 GMT", std::nullopt},
                                         Case{"2024-01-15T10:00:30Z", std::nullopt},
                                         Case{"Mon Jan 15 10:00:05", std::nullopt}));

TEST(RetryAfter, TwoDigitYearsFollowTheCenturyOfNow) {
  const absl::Time late =
      absl::FromCivil(absl::CivilSecond(2099, 12, 31, 23, 59, 0), absl::UTCTimeZone());
  EXPECT_EQ(ParseRetryAfter("Friday, 01-Jan-00 00:00:00 GMT", late), absl::Minutes(1));
}

}  // namespace
}  // namespace cxscribe
