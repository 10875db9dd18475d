#include "plugins/redaction/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const EntitySet kPlaces = EntitySet::Of({"ADDRESS", "POSTAL_CODE"});

class NoAddress : public ::testing::TestWithParam<std::vector<std::string_view>> {};

TEST_P(NoAddress, IsReported) { EXPECT_THAT(Found(GetParam(), kPlaces), IsEmpty()); }

INSTANTIATE_TEST_SUITE_P(
    Talk, NoAddress,
    ::testing::Values(std::vector<std::string_view>{"c: it is five minutes down the road"},
                      std::vector<std::string_view>{"c: two people place the order each week"},
                      std::vector<std::string_view>{"c: it was a one way street"},
                      std::vector<std::string_view>{"c: i waited two hours and thirty minutes"},
                      std::vector<std::string_view>{"c: my address has not changed in 3 years"},
                      std::vector<std::string_view>{"c: please confirm your address", "c: okay"},
                      std::vector<std::string_view>{"c: one moment it's about the flat rate"},
                      std::vector<std::string_view>{"c: the box has 12 of them"},
                      std::vector<std::string_view>{"c: i ordered 2 red hats for $40"},
                      std::vector<std::string_view>{"c: we moved to california in 2019"},
                      std::vector<std::string_view>{"a: your address please",
                                                    "c: it came at eleven seventeen p m"}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, NoAddress,
    ::testing::Values(std::vector<std::string_view>{"c: order number 48213 from may"},
                      std::vector<std::string_view>{"c: the zip file has 3 parts"},
                      std::vector<std::string_view>{"c: my card is one four oh nine two one one"},
                      std::vector<std::string_view>{"c: the wallet address is 3FM9JmaP7j3h2"},
                      std::vector<std::string_view>{"c: reference NJ020923 please"},
                      std::vector<std::string_view>{"c: zip code is [POSTAL_CODE] 12345 calls"}));

struct AddressCase {
  std::vector<std::string_view> lines;
  std::string_view found;
};

class AddressForms : public ::testing::TestWithParam<AddressCase> {};

TEST_P(AddressForms, AreFoundExactly) {
  EXPECT_THAT(Found(GetParam().lines, kPlaces), ElementsAre(std::string(GetParam().found)));
}

INSTANTIATE_TEST_SUITE_P(
    Spoken, AddressForms,
    ::testing::Values(
        AddressCase{{"c: it's forty two maple street"}, "ADDRESS forty two maple street"},
        AddressCase{{"c: deliver it to 42 Maple Street West, thanks"},
                    "ADDRESS 42 Maple Street West"},
        AddressCase{{"c: twelve oh four north elm avenue apartment nine please"},
                    "ADDRESS twelve oh four north elm avenue apartment nine"},
        AddressCase{
            {"c: i live at forty two maple street springfield illinois six two seven oh four"},
            "ADDRESS forty two maple street springfield illinois six two seven oh four"},
        AddressCase{{"c: send it to p o box nine nine one"}, "ADDRESS p o box nine nine one"},
        AddressCase{{"a: can i have your address", "c: sure it's 27 harbour view"},
                    "ADDRESS 27 harbour view"},
        AddressCase{{"a: what's the zip code", "c: six two seven oh four"},
                    "POSTAL_CODE six two seven oh four"},
        AddressCase{{"a: and the postcode", "c: s w one a two double a"},
                    "POSTAL_CODE s w one a two double a"},
        AddressCase{{"c: postal code is k one a zero b one"}, "POSTAL_CODE k one a zero b one"}));

INSTANTIATE_TEST_SUITE_P(
    Written, AddressForms,
    ::testing::Values(AddressCase{{"c: Send it to 1408 Chestnut Avenue, Apt. 5, Dayton, OH 45402."},
                                  "ADDRESS 1408 Chestnut Avenue, Apt. 5, Dayton, OH 45402"},
                      AddressCase{{"c: He is at 77 W. Birch Rd. Please call."},
                                  "ADDRESS 77 W. Birch Rd"},
                      AddressCase{{"c: zip 45402-1234"}, "POSTAL_CODE 45402-1234"},
                      AddressCase{{"c: my postcode is SW1A 2AA"}, "POSTAL_CODE SW1A 2AA"},
                      AddressCase{{"c: dayton ohio 45402"}, "ADDRESS dayton ohio 45402"},
                      AddressCase{{"c: send it to hartford ct 06103"}, "ADDRESS hartford ct 06103"},
                      AddressCase{{"c: near omaha ne 68102"}, "ADDRESS omaha ne 68102"},
                      AddressCase{{"c: Frau Lutz wohnt in der Lindenstrasse 12, Ulm."},
                                  "ADDRESS Lindenstrasse 12, Ulm"}));

INSTANTIATE_TEST_SUITE_P(
    PostalCodes, AddressForms,
    ::testing::Values(
        AddressCase{{"a: and the zip", "c: double one two oh six please"},
                    "POSTAL_CODE double one two oh six"},
        AddressCase{{"a: the zip code on the card", "c: double one two oh six"},
                    "POSTAL_CODE double one two oh six"},
        AddressCase{{"a: your postcode", "c: sierra whiskey four three november papa"},
                    "POSTAL_CODE sierra whiskey four three november papa"},
        AddressCase{{"a: your postcode", "c: s as in sam w four", "a: mm hmm", "c: three n p"},
                    "POSTAL_CODE s as in sam w four|three n p"},
        AddressCase{{"c: the postal code is d zero two x two eight five"},
                    "POSTAL_CODE d zero two x two eight five"}));

TEST(Address, MaskedTextIsClean) {
  const std::vector<Utterance> call = {
      {"a", "your address and zip code please"},
      {"c", "forty two maple street apartment nine springfield illinois six two seven oh four"},
      {"a", "so 42 maple street 62704"}};
  const std::vector<Finding> findings = Verify(call, EntitySet::All(), {});
  EXPECT_FALSE(findings.empty());
  const std::vector<std::string> masked = Masked(call, findings);
  std::vector<Utterance> again;
  for (std::size_t i = 0; i < masked.size(); ++i) again.push_back({call[i].speaker, masked[i]});
  EXPECT_THAT(Verify(again, EntitySet::All(), {}), IsEmpty()) << masked[1] << masked[2];
}

}  // namespace
}  // namespace cxscribe::redaction
