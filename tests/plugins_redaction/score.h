// How well the verifier does on calls whose contents are known.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "plugins/redaction/verifier.h"
#include "tests/plugins_redaction/generator/script.h"

namespace cxscribe::redaction {

// Views of the call's segments; valid as long as the call.
std::vector<Utterance> Utterances(const calls::Call& call);

// Counts spans: a number over three segments has three, and each can be found or missed.
struct Tally {
  int wanted = 0;         // gold spans that are whole
  int found = 0;          // of those
  int damaged = 0;        // gold spans that noise damaged: for information only
  int damaged_found = 0;  // of those
  int false_alarms = 0;   // spans of findings that touch no gold of any type

  double Recall() const { return wanted == 0 ? 1.0 : static_cast<double>(found) / wanted; }
  double Precision() const {
    const int reported = found + false_alarms;
    return reported == 0 ? 1.0 : static_cast<double>(found) / reported;
  }
};

// By entity type. A gold span counts as found when findings of its type cover at least half of its
// letters and digits. Types that differ by country or by part only stand for each other: SSN, ITIN
// and NATIONAL_ID; ADDRESS and POSTAL_CODE.
class Score {
 public:
  void Add(const calls::Call& call, const std::vector<Finding>& findings);

  const Tally& Of(std::string_view type) const;
  Tally Total() const;

 private:
  std::map<std::string_view, Tally> tallies_;
};

}  // namespace cxscribe::redaction
