#include "plugins/redaction/own_detectors.h"

#include <algorithm>

namespace cxscribe::redaction {
namespace {

// A term of digits alone is a number, which may be said in many ways, from so many digits on.
constexpr std::size_t kFewestTermDigits = 6;
constexpr std::size_t kMostTermDigits = 32;
constexpr std::size_t kLongestTerm = 200;  // bytes, as the schema has it
constexpr std::size_t kToldLines = 10;     // of a file that is wrong
// What the host takes of a whole call.
constexpr std::size_t kMostHits = 100'000;
// How many keywords beside a number are looked at: those of one question, in a text that is not made
// to be slow.
constexpr int kMostKeywords = 64;

// The digits of a term that is a number; empty where it is none.
std::string NumberOf(std::string_view term) {
  std::string digits;
  for (const char c : term) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (std::string_view(" -.()+/").find(c) == std::string_view::npos) {
      return "";
    }
  }
  return digits.size() >= kFewestTermDigits && digits.size() <= kMostTermDigits ? digits : "";
}

bool IsWordLike(const Token& token) {
  return token.kind == TokenKind::kWord || token.kind == TokenKind::kDigits;
}

// Whether the token continues the one before it: a part of the same written word.
bool Continues(const Tokens& tokens, std::size_t i) {
  return i > 0 && !tokens.list[i].space_before && IsWordLike(tokens.list[i]) &&
         IsWordLike(tokens.list[i - 1]) && tokens.list[i].segment == tokens.list[i - 1].segment;
}

}  // namespace

std::vector<std::string_view> ReadTermFile(const std::string& name, std::string_view text) {
  std::vector<std::string_view> terms;
  std::string wrong;
  std::size_t problems = 0;
  const auto report = [&](std::size_t line, std::string_view what) {
    if (++problems > kToldLines) return;
    wrong +=
        (wrong.empty() ? "" : "; ") + ("line " + std::to_string(line)) + " " + std::string(what);
  };
  std::vector<std::size_t> lines;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view term = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!term.empty() && term.back() == '\r') term.remove_suffix(1);
    if (term.empty() || term.front() == '#') continue;
    if (term.size() > kLongestTerm) {
      report(line, "is longer than 200 bytes");
      continue;
    }
    terms.push_back(term);
    lines.push_back(line);
  }
  std::vector<std::pair<std::size_t, std::string>> refused;
  const PhraseSet trial(terms, &refused);
  for (const auto& [index, what] : refused) report(lines[index], what);
  if (problems > kToldLines) wrong += "; and " + std::to_string(problems - kToldLines) + " more";
  if (problems > 0) throw BadTerms(name + ": " + wrong);
  if (terms.empty()) throw BadTerms(name + ": there is no term in it");
  return terms;
}

OwnDetectors::OwnDetectors(const Settings& settings,
                           const std::function<std::string_view(const std::string& name)>& open)
    : detectors_(settings.detectors) {
  std::vector<std::string_view> keywords;
  std::vector<std::size_t> detector_of_keyword;
  for (std::size_t i = 0; i < detectors_.size(); ++i) {
    const OwnDetector& detector = detectors_[i];
    type_of_detector_.push_back(TypeId(detector.type));
    if (detector.keywords.empty()) {
      patterns_.Add(detector.pattern, detector.case_sensitive);
      detector_of_pattern_.push_back(i);
    }
    for (const std::string& keyword : detector.keywords) {
      keywords.push_back(keyword);
      detector_of_keyword.push_back(i);
    }
  }
  patterns_.Prepare();
  std::vector<std::pair<std::size_t, std::string>> told_already;
  keywords_ = PhraseSet(keywords, &told_already);
  detectors_of_keyword_.resize(keywords.size());
  for (std::size_t i = 0; i < keywords.size(); ++i) {
    if (keywords_.Told(i) >= keywords.size()) continue;
    auto& detectors = detectors_of_keyword_[keywords_.Told(i)];
    if (detectors.empty() || detectors.back() != detector_of_keyword[i]) {
      detectors.push_back(detector_of_keyword[i]);
    }
  }
  denied_ = MakeTerms(settings, true, open);
  allowed_ = MakeTerms(settings, false, open);
}

std::uint16_t OwnDetectors::TypeId(const std::string& type) {
  auto found = std::find(types_.begin(), types_.end(), type);
  if (found == types_.end()) {
    found = types_.insert(found, type);
  }
  return static_cast<std::uint16_t>(found - types_.begin() + 1);
}

OwnDetectors::Terms OwnDetectors::MakeTerms(
    const Settings& settings, bool denied,
    const std::function<std::string_view(const std::string& name)>& open) {
  Terms made;
  std::vector<std::string_view> words;
  const auto add = [&](std::string_view term, std::uint16_t type) {
    if (++terms_ > kMostTerms) {
      throw BadTerms("there are more than " + std::to_string(kMostTerms) + " terms");
    }
    if (std::string digits = NumberOf(term); !digits.empty()) {
      made.lengths |= std::uint64_t{1} << digits.size();
      made.numbers.emplace(std::move(digits), type);
    } else {
      words.push_back(term);
      made.type_of_word.push_back(type);
    }
  };
  for (const TermList& list : settings.terms) {
    if (list.type.empty() == denied) continue;
    const std::uint16_t type = denied ? TypeId(list.type) : std::uint16_t{0};
    for (const std::string& term : list.terms) add(term, type);
    if (list.file.empty()) continue;
    for (const std::string_view term : ReadTermFile(list.file, open(list.file))) add(term, type);
  }
  std::vector<std::pair<std::size_t, std::string>> told_already;
  made.words = PhraseSet(words, &told_already);
  return made;
}

bool OwnDetectors::LooksFor(std::string_view type) const {
  return std::find(types_.begin(), types_.end(), type) != types_.end();
}

OwnRound::OwnRound(const OwnDetectors& own, const std::vector<Utterance>& utterances,
                   const Tokens& tokens, Pulse* pulse)
    : own_(own), utterances_(utterances), tokens_(tokens) {
  if (!own.denied_.numbers.empty() || !own.allowed_.numbers.empty()) {
    runs_ = FindDigitRuns(tokens, pulse);
  }
  if (!own.allowed_.Empty()) {
    allowed_.resize(tokens.size(), false);
    const auto allow = [this](TokenRange range, std::uint16_t) {
      std::fill(allowed_.begin() + range.begin, allowed_.begin() + range.end, true);
    };
    for (const PhraseMatch& match :
         own.allowed_.words.Find(tokens, PhraseSet::Across::kNothing, pulse)) {
      allow(match.range, 0);
    }
    FindTermNumbers(own.allowed_, runs_, allow);
  }
  if (own.keywords_.Empty()) return;
  keywords_ = own.keywords_.Find(tokens, PhraseSet::Across::kNothing, pulse);
  words_before_.reserve(tokens.size() + 1);
  masks_before_.reserve(tokens.size() + 1);
  std::uint32_t words = 0;
  std::uint32_t masks = 0;
  for (const Token& token : tokens.list) {
    words_before_.push_back(words);
    masks_before_.push_back(masks);
    words += IsPlainWord(token) ? 1 : 0;
    masks += token.kind == TokenKind::kMask ? 1 : 0;
  }
  words_before_.push_back(words);
  masks_before_.push_back(masks);
  answered_.resize(own.detectors_.size(), 0);
  known_.resize(own.detectors_.size());
}

void OwnRound::FindTermNumbers(
    const OwnDetectors::Terms& terms, const std::vector<DigitRun>& runs,
    const std::function<void(TokenRange range, std::uint16_t type)>& take) const {
  if (terms.numbers.empty()) return;
  for (const DigitRun& run : runs) {
    for (std::size_t first = 0; first < run.items.size(); ++first) {
      for (std::size_t last = first + 1; last <= run.items.size(); ++last) {
        const std::size_t digits = run.DigitsIn(first, last);
        if (digits > kMostTermDigits) break;
        if ((terms.lengths >> digits & 1U) == 0) continue;
        const auto found = terms.numbers.find(std::string(run.Window(first, last)));
        if (found == terms.numbers.end()) continue;
        take({run.items[first].token_begin, run.items[last - 1].token_end}, found->second);
      }
    }
  }
}

bool OwnRound::Allows(const std::vector<TokenRange>& ranges) const {
  if (allowed_.empty()) return false;
  return std::all_of(ranges.begin(), ranges.end(), [this](const TokenRange& range) {
    const auto end = allowed_.begin() + range.end;
    return std::find(allowed_.begin() + range.begin, end, false) == end;
  });
}

void OwnRound::FindHits(Pulse* pulse, std::vector<Hit>* out) {
  const auto deny = [out](TokenRange range, std::uint16_t type) {
    Verdict verdict;
    verdict.score = 1;
    verdict.detector = kTermsDetector;
    verdict.reason = "one of the configured terms";
    verdict.own = type;
    out->push_back({{range}, verdict});
  };
  for (const PhraseMatch& match :
       own_.denied_.words.Find(tokens_, PhraseSet::Across::kSegments, pulse)) {
    deny(match.range, own_.denied_.type_of_word[match.phrase]);
  }
  FindTermNumbers(own_.denied_, runs_, deny);
  if (own_.patterns_.Empty()) return;
  for (std::size_t first = 0; first < tokens_.size();) {
    std::size_t last = first;
    while (last < tokens_.size() && tokens_.list[last].segment == tokens_.list[first].segment)
      ++last;
    pulse->Now();
    FindPatterns(first, last, out);
    first = last;
  }
}

void OwnRound::FindPatterns(std::size_t first, std::size_t last, std::vector<Hit>* out) {
  // What stands between masks: nothing of a mask is ever found, and no match goes over one.
  std::vector<TextPiece> pieces;
  bool open = false;
  for (std::size_t i = first; i < last; ++i) {
    const Token& token = tokens_.list[i];
    if (token.kind == TokenKind::kMask) {
      open = false;
      continue;
    }
    if (!open) pieces.push_back({static_cast<std::size_t>(token.begin), 0});
    pieces.back().end = static_cast<std::size_t>(token.end);
    open = true;
  }
  const std::string_view text =
      utterances_[static_cast<std::size_t>(tokens_.list[first].segment)].text;
  std::vector<PatternMatch> matches;
  own_.patterns_.Find(text, pieces, kMostHits, &matches);
  if (out->size() + matches.size() >= kMostHits) {
    overflowed_ = true;
    return;
  }
  const auto begin = tokens_.list.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = tokens_.list.begin() + static_cast<std::ptrdiff_t>(last);
  std::size_t pattern = 0;
  std::size_t taken = first;  // up to here by this pattern
  for (const PatternMatch& match : matches) {
    if (match.pattern != pattern) taken = first;
    pattern = match.pattern;
    // The tokens that the match touches, and what is written in one word with them.
    const auto from = std::partition_point(begin, end, [&](const Token& token) {
      return static_cast<std::size_t>(token.end) <= match.begin;
    });
    const auto to = std::partition_point(from, end, [&](const Token& token) {
      return static_cast<std::size_t>(token.begin) < match.end;
    });
    if (from == to) continue;  // spaces alone
    auto a = static_cast<std::size_t>(from - tokens_.list.begin());
    auto b = static_cast<std::size_t>(to - tokens_.list.begin());
    if (b <= taken) continue;
    while (a > first && Continues(tokens_, a)) --a;
    while (b < last && Continues(tokens_, b)) ++b;
    taken = b;
    const std::size_t detector = own_.detector_of_pattern_[match.pattern];
    Verdict verdict;
    verdict.score = own_.detectors_[detector].score;
    verdict.detector = "pattern";
    verdict.reason = own_.detectors_[detector].reason;
    verdict.own = own_.type_of_detector_[detector];
    out->push_back({{{static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b)}}, verdict});
  }
}

// Whether one of the detector's keywords stands near the window, and has no number yet. "Your member
// number please" and its answer; "one two three four five six is my member number".
bool OwnRound::AskedFor(std::size_t detector, const DigitRun& run, std::size_t first,
                        std::size_t last) {
  const std::uint32_t begin = run.items[first].token_begin;
  const std::uint32_t end = run.items[last - 1].token_end;
  const auto is_for = [&](const PhraseMatch& match) {
    const auto& detectors = own_.detectors_of_keyword_[match.phrase];
    return std::find(detectors.begin(), detectors.end(), detector) != detectors.end();
  };
  const auto within = static_cast<std::uint32_t>(own_.detectors_[detector].within);
  const auto after =
      std::partition_point(keywords_.begin(), keywords_.end(),
                           [begin](const PhraseMatch& match) { return match.range.end <= begin; });
  int left = kMostKeywords;
  for (auto match = after; match != keywords_.begin() && left > 0; --left) {
    --match;
    const std::uint32_t from = match->range.end;
    if (words_before_[begin] - words_before_[from] > within ||
        masks_before_[begin] != masks_before_[from]) {
      break;
    }
    if (!is_for(*match)) continue;
    const auto index = static_cast<std::size_t>(match - keywords_.begin());
    if (index < answered_[detector]) break;
    answered_[detector] = index + 1;
    return true;
  }
  if (!tokens_.IsCopula(end) && !tokens_.IsWord(end, "was")) return false;
  constexpr std::uint32_t kMostWordsToKeyword = 3;
  left = kMostKeywords;
  for (auto match = after; match != keywords_.end() && left > 0; ++match, --left) {
    if (match->range.begin < end) continue;
    if (words_before_[match->range.begin] - words_before_[end] > kMostWordsToKeyword ||
        tokens_.list[match->range.begin].segment != tokens_.list[end].segment) {
      return false;
    }
    if (is_for(*match)) return true;
  }
  return false;
}

void OwnRound::FindNumbers(const DigitRun& run, std::vector<Candidate>* out) {
  if (keywords_.empty() || run.items.empty()) return;
  for (std::size_t d = 0; d < own_.detectors_.size(); ++d) {
    const OwnDetector& detector = own_.detectors_[d];
    if (detector.keywords.empty()) continue;
    const auto fits = [&](std::size_t first, std::size_t last) {
      const auto digits = run.DigitsIn(first, last);
      return digits >= static_cast<std::size_t>(detector.fewest_digits) &&
             digits <= static_cast<std::size_t>(detector.most_digits);
    };
    const auto take = [&](std::size_t first, std::size_t last) {
      const std::string digits(run.Window(first, last));
      if (known_[d].count(digits) == 0) {
        if (!AskedFor(d, run, first, last)) return false;
        known_[d].insert(digits);
      }
      Candidate candidate{static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last), {}};
      candidate.verdict.score = detector.score;
      candidate.verdict.detector = "keywords";
      candidate.verdict.reason = detector.reason;
      candidate.verdict.own = own_.type_of_detector_[d];
      out->push_back(candidate);
      return true;
    };
    // Figures amid spoken digits are a number of their own.
    const auto written = [](const DigitItem& item) { return item.written; };
    if (!std::all_of(run.items.begin(), run.items.end(), written)) {
      bool found = false;
      for (std::size_t i = 0; i < run.items.size(); ++i) {
        found = (run.items[i].written && fits(i, i + 1) && take(i, i + 1)) || found;
      }
      if (found) continue;
    }
    if (fits(0, run.items.size())) {
      take(0, run.items.size());
      continue;
    }
    // The longest part from the first place where one may begin.
    for (std::size_t first = 0; first < run.items.size(); ++first) {
      if (!run.Boundary(first)) continue;
      std::size_t best = first;
      for (std::size_t last = first + 1; last <= run.items.size(); ++last) {
        if (run.DigitsIn(first, last) > static_cast<std::size_t>(detector.most_digits)) break;
        if (run.Boundary(last) && fits(first, last)) best = last;
      }
      if (best > first && take(first, best)) first = best - 1;
    }
  }
}

}  // namespace cxscribe::redaction
