// Whatever the verifier finds in a call, masking it leaves nothing that it would find: a masked
// transcript is verified again before anybody sees it, and one that is not clean is withheld.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"
#include "tests/plugins_redaction/generator/calls.h"
#include "tests/plugins_redaction/score.h"

namespace cxscribe::redaction {
namespace {

class MaskedCalls : public ::testing::TestWithParam<calls::Noise> {};

void ExpectCleanOnceMasked(const calls::CallOptions& options, const EntitySet& wanted) {
  int masked_calls = 0;
  for (const calls::Call& call : calls::MakeCalls(options)) {
    const std::vector<Utterance> utterances = Utterances(call);
    const std::vector<Finding> findings = Verify(utterances, wanted, {});
    if (findings.empty()) continue;
    ++masked_calls;
    const std::vector<std::string> masked = Masked(utterances, findings);
    std::vector<Utterance> again;
    for (std::size_t i = 0; i < masked.size(); ++i) {
      again.push_back({utterances[i].speaker, masked[i]});
    }
    for (const Finding& finding : Verify(again, wanted, {})) {
      const auto segment = static_cast<std::size_t>(finding.spans.front().segment);
      ADD_FAILURE() << call.id << ": " << EntityName(finding.verdict.entity) << " is left in \""
                    << masked[segment] << "\", masked from \"" << utterances[segment].text << "\"";
    }
  }
  EXPECT_GT(masked_calls, options.count / 20);
}

TEST_P(MaskedCalls, AreClean) {
  ExpectCleanOnceMasked({.seed = 77, .count = 1000, .noise = GetParam()}, EntitySet::All());
}

// Of two types that claim the same digits, the one that was not asked for masks nothing.
TEST_P(MaskedCalls, AreCleanForWhoeverAsksForLess) {
  const std::vector<std::string_view> some[] = {
      {"CREDIT_CARD", "CARD_CVV", "CARD_EXPIRY", "PIN", "BANK_ACCOUNT", "ROUTING_NUMBER", "IBAN",
       "SWIFT_CODE"},
      {"SSN", "PHONE"},
      {"EMAIL", "PERSON", "ADDRESS"}};
  for (const auto& types : some) {
    ExpectCleanOnceMasked({.seed = 78, .count = 300, .noise = GetParam()}, EntitySet::Of(types));
  }
}

INSTANTIATE_TEST_SUITE_P(Noise, MaskedCalls,
                         ::testing::Values(calls::Noise{0, false}, calls::Noise{10, false},
                                           calls::Noise{20, true}),
                         [](const auto& noise) {
                           return std::to_string(noise.param.percent) +
                                  (noise.param.inside ? "PercentInside" : "PercentAround");
                         });

}  // namespace
}  // namespace cxscribe::redaction
