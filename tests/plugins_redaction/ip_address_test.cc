#include "plugins/redaction/ip_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

class IpAddress : public ::testing::TestWithParam<Call> {};

TEST_P(IpAddress, IsFoundExactly) { EXPECT_EQ(Found(GetParam().lines), GetParam().found); }

INSTANTIATE_TEST_SUITE_P(Nothing, IpAddress,
                         ::testing::Values(Call{{"a: version 1.2.3.4.5"}, {}},
                                           Call{{"a: at 10:30:15 and 12:45"}, {}},
                                           Call{{"a: 256.1.1.1"}, {}},
                                           Call{{"a: d7:80:7f:71:03:05"}, {}},
                                           Call{{"a: std::vector"}, {}}, Call{{"a: : ::"}, {}},
                                           Call{{"a: one point five dot com"}, {}},
                                           Call{{"a: section one point two point three"}, {}}));

INSTANTIATE_TEST_SUITE_P(
    Addresses, IpAddress,
    ::testing::Values(
        Call{{"a: my phone shows 192.168.100.101 now"}, {"IP_ADDRESS 192.168.100.101"}},
        Call{{"b: one ninety two dot one sixty eight dot one dot one oh one okay"},
             {"IP_ADDRESS one ninety two dot one sixty eight dot one dot one oh one"}},
        Call{{"b: ten point zero point zero point twenty four"},
             {"IP_ADDRESS ten point zero point zero point twenty four"}},
        Call{{"b: 2001:db8:85a3:0:0:8a2e:370:7334"},
             {"IP_ADDRESS 2001:db8:85a3:0:0:8a2e:370:7334"}},
        Call{{"b: it is fe80::1ff:fe23:4567:890a."}, {"IP_ADDRESS fe80::1ff:fe23:4567:890a"}}));

}  // namespace
}  // namespace cxscribe::redaction
