// What the operator has looked for beside the built-in detectors: terms that are always or never a
// finding, regular expressions, and numbers near keywords.
//
//   const OwnDetectors own(settings, [&](const std::string& name) { return host.OpenData(name); });
//
// OwnDetectors is made once; immutable, thread-safe. OwnRound is one look at one recording's tokens.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/finding.h"
#include "plugins/redaction/pattern_set.h"
#include "plugins/redaction/phrase_set.h"
#include "plugins/redaction/settings.h"

namespace cxscribe::redaction {

// A file of terms that cannot be used; the message names it and its first lines that are wrong.
class BadTerms : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// The name of the detector that finds denied terms.
inline constexpr std::string_view kTermsDetector = "terms";

// The terms of a file: one a line, UTF-8; empty lines and those that begin with "#" are none.
// Throws BadTerms. Views into `text`.
std::vector<std::string_view> ReadTermFile(const std::string& name, std::string_view text);

class OwnDetectors {
 public:
  // In all lists together.
  static constexpr std::size_t kMostTerms = 500'000;

  // `open` gives a file of the data directory, and may throw. Throws BadTerms. Keeps nothing of
  // either argument.
  OwnDetectors(const Settings& settings,
               const std::function<std::string_view(const std::string& name)>& open);

  // The types that findings here can have. Verdict::own is the index and 1.
  const std::vector<std::string>& types() const { return types_; }

  // Whether findings can have this type.
  bool LooksFor(std::string_view type) const;

  std::size_t count() const { return detectors_.size(); }
  std::size_t terms() const { return terms_; }

 private:
  friend class OwnRound;

  // Terms by what they match: words, or the digits of a number however it is said.
  struct Terms {
    PhraseSet words;
    std::vector<std::uint16_t> type_of_word;  // by phrase; 0 where allowed
    std::unordered_map<std::string, std::uint16_t> numbers;
    std::uint64_t lengths = 0;  // bit n: there is a number of n digits

    bool Empty() const { return words.Empty() && numbers.empty(); }
  };

  std::uint16_t TypeId(const std::string& type);
  Terms MakeTerms(const Settings& settings, bool denied,
                  const std::function<std::string_view(const std::string& name)>& open);

  std::vector<std::string> types_;
  std::vector<OwnDetector> detectors_;
  std::vector<std::uint16_t> type_of_detector_;
  PatternSet patterns_;
  std::vector<std::size_t> detector_of_pattern_;
  PhraseSet keywords_;
  std::vector<std::vector<std::size_t>> detectors_of_keyword_;  // by phrase
  Terms denied_;
  Terms allowed_;
  std::size_t terms_ = 0;
};

// Not thread-safe; borrows all that it is given.
class OwnRound {
 public:
  OwnRound(const OwnDetectors& own, const std::vector<Utterance>& utterances, const Tokens& tokens,
           Pulse* pulse);

  // Terms and patterns.
  void FindHits(Pulse* pulse, std::vector<Hit>* out);

  // Keywords with a number near them, in one reading of a run. Ask for the runs in the order of the
  // text, and for the readings of one until there is a candidate.
  void FindNumbers(const DigitRun& run, std::vector<Candidate>* out);

  // Whether allowed terms cover all of it.
  bool Allows(const std::vector<TokenRange>& ranges) const;

  // There was more than is kept: what was found is not all there is.
  bool overflowed() const { return overflowed_; }

 private:
  // For every window of a run whose digits are those of a term.
  void FindTermNumbers(const OwnDetectors::Terms& terms, const std::vector<DigitRun>& runs,
                       const std::function<void(TokenRange range, std::uint16_t type)>& take) const;
  // In the tokens [first, last), which are one segment's.
  void FindPatterns(std::size_t first, std::size_t last, std::vector<Hit>* out);
  bool AskedFor(std::size_t detector, const DigitRun& run, std::size_t first, std::size_t last);

  const OwnDetectors& own_;
  const std::vector<Utterance>& utterances_;
  const Tokens& tokens_;
  std::vector<DigitRun> runs_;  // where terms are numbers
  std::vector<bool> allowed_;   // by token; empty: none is
  std::vector<PhraseMatch> keywords_;
  std::vector<std::uint32_t> words_before_;  // by token: plain words ahead of it
  std::vector<std::uint32_t> masks_before_;
  std::vector<std::size_t> answered_;  // by detector: one past the last keyword that has its number
  std::vector<std::unordered_set<std::string>> known_;  // by detector: the numbers found so far
  bool overflowed_ = false;
};

}  // namespace cxscribe::redaction
