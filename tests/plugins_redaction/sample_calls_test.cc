// The sample calls of the local CXone, against the table in their README: which kinds are left in
// which call.
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

const std::map<std::string, std::set<std::string>> kLeftIn = {
    {"rec_broadband_fault", {}},
    {"rec_card_payment", {"CREDIT_CARD"}},
    {"rec_complaint", {}},
    {"rec_debt_arrangement", {"CREDIT_CARD", "SSN", "PHONE", "EMAIL"}},
    {"rec_identity_check", {"SSN"}},
    {"rec_insurance_claim", {}},
    {"rec_lost_card", {"CREDIT_CARD", "PHONE"}},
    {"rec_mortgage_enquiry", {}},
    {"rec_password_reset", {}},
    {"rec_pharmacy_refill", {"PHONE"}},
    {"rec_transfer", {"PHONE", "EMAIL"}},
    {"rec_travel_rebooking", {"CREDIT_CARD", "EMAIL"}},
};

class SampleCalls
    : public ::testing::TestWithParam<std::pair<const std::string, std::set<std::string>>> {};

TEST_P(SampleCalls, HoldWhatTheirTableSays) {
  std::ifstream file(std::string(CXSCRIBE_SAMPLE_CALLS) + "/" + GetParam().first + ".json");
  const nlohmann::json call = nlohmann::json::parse(file);
  std::vector<std::string> owned;
  for (const nlohmann::json& result : call.at("results")) {
    const auto labels = result.find("speakerLabels");
    const bool named = labels != result.end() && labels->is_array() && !labels->empty();
    owned.push_back((named ? labels->at(0).get<std::string>() : "") + ": " +
                    result.at("text").get<std::string>());
  }
  const std::vector<std::string_view> lines(owned.begin(), owned.end());
  const EntitySet four = EntitySet::Of({"CREDIT_CARD", "SSN", "PHONE", "EMAIL"});
  std::set<std::string> kinds;
  for (const std::string& found : Found(lines, four))
    kinds.insert(found.substr(0, found.find(' ')));
  EXPECT_EQ(kinds, GetParam().second);

  const std::vector<Utterance> utterances = Lines(lines);
  const std::vector<std::string> masked = Masked(utterances, Verify(utterances, four, {}));
  std::vector<Utterance> again;
  for (std::size_t i = 0; i < masked.size(); ++i)
    again.push_back({utterances[i].speaker, masked[i]});
  EXPECT_THAT(Verify(again, four, {}), ::testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, SampleCalls, ::testing::ValuesIn(kLeftIn),
                         [](const auto& sample) { return sample.param.first; });

}  // namespace
}  // namespace cxscribe::redaction
