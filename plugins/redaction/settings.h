// What an operator may set about the verifier: `config:` of the stage.
//
// The JSON Schema (settings_schema.h) says which keys there are and of what kind; ReadSettings takes what matches it and
// says all else that is wrong, each problem with its JSON pointer.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cxscribe::redaction {

// What a finding of some score is.
struct Threshold {
  double fail = 0;  // from here on it fails the text
  double flag = 0;  // from here on it is told in an annotation; below, it is only counted
};

// What counts under a policy.
struct Rules {
  std::map<std::string, Threshold, std::less<>> thresholds;  // by entity type, and "default"
  // By entity type: a finding with at most so many digits is no finding.
  std::map<std::string, int, std::less<>> allowed_remains;

  Threshold For(std::string_view type) const;
  int RemainsOf(std::string_view type) const;
};

struct TermList {
  std::string type;  // of what is denied; empty: these are allowed
  std::vector<std::string> terms;
  std::string file;  // in the plugin's data directory; empty: none
};

// A detector of the operator's: a regular expression, or keywords with a number near them.
struct OwnDetector {
  std::string type;
  double score = 0;
  std::string reason;
  std::string pattern;
  bool case_sensitive = false;
  std::vector<std::string> keywords;
  int fewest_digits = 0;
  int most_digits = 0;
  int within = 0;  // plain words between the keyword and the number
};

struct Settings {
  Rules rules;
  std::map<std::string, Rules, std::less<>> policies;  // each complete
  std::vector<TermList> terms;
  std::vector<OwnDetector> detectors;
  // Types that a policy may ask for and that this stage leaves to others.
  std::vector<std::string> unchecked;

  const Rules& For(std::string_view policy) const;
};

struct SettingsProblem {
  std::string pointer;
  std::string message;
};

// `json` matches the schema. With problems the result is not to be used.
Settings ReadSettings(std::string_view json, std::vector<SettingsProblem>* problems);

}  // namespace cxscribe::redaction
