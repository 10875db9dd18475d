#include "plugins/redaction/identifiers.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "plugins/redaction/code_runs.h"
#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/iban.h"

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kVin = 17;
constexpr std::size_t kNino = 9;
constexpr std::size_t kNhs = 10;
// Plain words between the question and the answer.
constexpr int kReach = 14;
constexpr int kNear = 6;
constexpr int kPostalReach = 10;

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::size_t Digits(std::string_view chars) {
  return static_cast<std::size_t>(std::count_if(chars.begin(), chars.end(), IsDigit));
}

// What a vehicle number has none of is what it was heard for.
std::string AsVin(std::string_view chars) {
  std::string vin(chars);
  for (char& c : vin) {
    if (c == 'o' || c == 'q') c = '0';
    if (c == 'i') c = '1';
  }
  return vin;
}

// A bank's code begins with letters.
std::string AsSwift(std::string_view chars) {
  std::string code(chars);
  constexpr std::size_t kLetters = 6;
  std::replace(code.begin(), code.begin() + std::min(code.size(), kLetters), '0', 'o');
  return code;
}

// The form of a postal code: 'a' a letter or an "oh", '0' a digit, '*' either.
bool HasForm(std::string_view chars, std::string_view form) {
  if (chars.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool letter = IsLetter(chars[i]) || chars[i] == '0';
    if (form[i] == 'a' ? !letter : form[i] == '0' && !IsDigit(chars[i])) return false;
  }
  return true;
}

// British, Canadian and Irish codes; those of figures alone say nothing by their form.
bool PostalForm(std::string_view chars) {
  for (const std::string_view form :
       {"a00aa", "a000aa", "aa00aa", "aa000aa", "a0a0aa", "aa0a0aa", "a0a0a0", "a00****"}) {
    if (HasForm(chars, form)) return Digits(chars) < chars.size();
  }
  return false;
}

// The form that an asked-for identifier has.
struct Form {
  Topic topic;
  Entity entity;
  std::size_t shortest;
  std::size_t longest;
  std::size_t fewest_digits;
  std::string_view detector;
  std::string_view reason;
};

constexpr Form kForms[] = {
    {Topic::kPassport, Entity::kPassport, 6, 9, 5, "passport",
     "letters and digits as of a passport, said where one is asked for"},
    {Topic::kDriverLicence, Entity::kDriverLicence, 5, 16, 4, "driver-licence",
     "letters and digits as of a driver's licence, said where one is asked for"},
    {Topic::kPlate, Entity::kLicencePlate, 4, 8, 1, "licence-plate",
     "letters and digits as of a vehicle's plate, said where one is asked for"},
    {Topic::kVehicle, Entity::kVehicleId, 11, 19, 4, "vehicle-context",
     "about as many characters as a vehicle number has, said where one is asked for"},
    {Topic::kNationalInsurance, Entity::kNationalId, 6, 14, 5, "national-id",
     "letters and digits as of a national number, said where one is asked for"},
    {Topic::kNhs, Entity::kNationalId, 9, 11, 9, "nhs-context",
     "about as many digits as a health service number has, said where one is asked for"},
    {Topic::kMedicalRecord, Entity::kMedicalRecord, 4, 14, 3, "medical-record",
     "letters and digits, said where a medical record is asked for"},
    {Topic::kHealthPlan, Entity::kHealthPlan, 5, 20, 4, "health-plan",
     "letters and digits, said where a health plan's number is asked for"},
    {Topic::kIban, Entity::kIban, 12, 34, 8, "iban-context",
     "about as many characters as an IBAN has, said where one is asked for"},
};

// The best of what is found in one run.
class RunJudge {
 public:
  RunJudge(const CodeRun& run, std::vector<Hit>* out) : run_(run), out_(out) {}

  void Judge() {
    FindByForm();
    if (run_.topic_distance > kReach) return;
    if (run_.topic == Topic::kSwift) JudgeSwift();
    if (run_.topic == Topic::kPostal && run_.topic_distance <= kPostalReach) JudgePostal();
    if (found_) return;
    for (const Form& form : kForms) {
      if (form.topic == run_.topic) JudgeAsked(form);
    }
  }

  bool found() const { return found_; }

 private:
  // Check digits and forms that nothing else has.
  void FindByForm() {
    for (std::size_t first = 0; first < run_.items.size(); ++first) {
      const std::string_view rest =
          std::string_view(run_.chars).substr(run_.items[first].char_begin);
      const std::size_t iban = rest.size() < 2 ? 0 : IbanLength(rest.substr(0, 2));
      std::optional<Verdict> best;
      std::size_t best_last = 0;
      for (std::size_t last = first + 1; last <= run_.items.size(); ++last) {
        const std::size_t size = run_.CharsIn(first, last);
        if (size > std::max(kVin, iban)) break;
        if (size != kNino && size != kNhs && size != kVin && size != iban) continue;
        const bool whole = run_.items[first].chunk_start && run_.EndsBreath(last);
        const auto verdict = ByForm(run_.Window(first, last), whole);
        if (!verdict || (best && best->score >= verdict->score)) continue;
        best = verdict;
        best_last = last;
      }
      if (!best) continue;
      Add(first, best_last, *best);
      first = best_last - 1;
    }
  }

  // `whole`: nothing stands beside it in the same breath.
  std::optional<Verdict> ByForm(std::string_view chars, bool whole) const {
    if (IbanHolds(chars)) {
      return Verdict{Entity::kIban, 0.97, "iban",
                     "a country's IBAN length, and the check digits hold"};
    }
    const std::size_t digits = Digits(chars);
    const bool vehicle = run_.topic == Topic::kVehicle || (whole && !IsCodeTopic(run_.topic));
    if (vehicle && chars.size() == kVin && digits < kVin && digits > 1 && VinHolds(AsVin(chars))) {
      return Verdict{Entity::kVehicleId, run_.topic == Topic::kVehicle ? 0.96 : 0.88, "vin",
                     "17 characters with the check digit of a vehicle number"};
    }
    if (chars.size() == kNino && run_.topic != Topic::kOther && NinoPlausible(chars)) {
      return Verdict{Entity::kNationalId, run_.topic == Topic::kNationalInsurance ? 0.95 : 0.8,
                     "nino", "the form of a National Insurance number"};
    }
    // "your NHS number or national insurance number?"
    const bool asked = run_.topic == Topic::kNhs || run_.topic == Topic::kNationalInsurance;
    if (chars.size() == kNhs && asked && NhsHolds(chars)) {
      return Verdict{Entity::kNationalId, 0.95, "nhs",
                     "ten digits whose check digit holds, said where a health service number is "
                     "asked for"};
    }
    return std::nullopt;
  }

  // The longest that begins the run.
  void JudgeSwift() {
    for (std::size_t last = run_.items.size(); last > 0; --last) {
      const std::string_view chars = run_.Window(0, last);
      if (!SwiftPlausible(AsSwift(chars))) continue;
      Add(0, last,
          {Entity::kSwiftCode, 0.9, "swift",
           "the form of a bank's code, said where one is asked for"});
      AddEchoes(last, std::string(chars), Entity::kSwiftCode);
      return;
    }
  }

  // The longest that begins the run and has a country's form, or five figures or about as many.
  void JudgePostal() {
    const Verdict verdict{Entity::kPostalCode, 0.85, "postal-code",
                          "a code, said where a postal code is asked for"};
    for (std::size_t last = run_.items.size(); last > 0; --last) {
      const std::string_view chars = run_.Window(0, last);
      const bool figures = Digits(chars) == chars.size() && run_.EndsBreath(last) &&
                           (chars.size() == 5 || chars.size() == 6 || chars.size() == 9 ||
                            (chars.size() == 4 && run_.topic_distance <= 1));
      if (!figures && !PostalForm(chars)) continue;
      Add(0, last, verdict);
      AddEchoes(last, std::string(chars), Entity::kPostalCode);
      return;
    }
  }

  void JudgeAsked(const Form& form) {
    // The whole run, or as much of it as was said in one breath.
    std::size_t last = run_.items.size();
    while (last > 0 && (run_.CharsIn(0, last) > form.longest ||
                        (last < run_.items.size() && !run_.items[last].chunk_start))) {
      --last;
    }
    if (last == 0) return;
    const std::string_view chars = run_.Window(0, last);
    if (chars.size() < form.shortest || Digits(chars) < form.fewest_digits) return;
    const bool plate = form.topic == Topic::kPlate;
    if (plate && Digits(chars) == chars.size() && chars.size() < 5) return;
    Add(0, last,
        {form.entity, run_.topic_distance <= kNear ? 0.8 : 0.7, form.detector, form.reason});
    AddEchoes(last, std::string(chars), form.entity);
  }

  // The same characters once more, right after.
  void AddEchoes(std::size_t first, const std::string& chars, Entity entity) {
    for (std::size_t last = first + 1; last <= run_.items.size(); ++last) {
      if (run_.CharsIn(first, last) < chars.size()) continue;
      if (run_.Window(first, last) != chars) return;
      Add(first, last, {entity, 0.75, "repeat", "an identifier that is said once more"});
      first = last;
    }
  }

  void Add(std::size_t first, std::size_t last, const Verdict& verdict) {
    Hit hit;
    hit.verdict = verdict;
    for (std::size_t i = first; i < last; ++i) {
      hit.ranges.push_back({run_.items[i].token_begin, run_.items[i].token_end});
    }
    out_->push_back(std::move(hit));
    found_ = true;
  }

  const CodeRun& run_;
  std::vector<Hit>* out_;
  bool found_ = false;
};

// An IBAN in figures and letters, in one piece or in groups: one past its last token, or 0.
std::size_t WrittenIbanEnd(const Tokens& tokens, std::size_t at, std::string* chars) {
  const Token& token = tokens.list[at];
  if (token.kind != TokenKind::kWord || token.size != 2) return 0;
  if (!token.space_before && at > 0 && tokens.list[at - 1].kind == TokenKind::kDigits) return 0;
  if (at + 1 >= tokens.size() || tokens.list[at + 1].kind != TokenKind::kDigits ||
      tokens.list[at + 1].space_before || tokens.Text(at + 1).size() < 2) {
    return 0;
  }
  const std::size_t length = IbanLength(tokens.Text(at));
  chars->clear();
  for (std::size_t i = at; i < tokens.size() && chars->size() < length; ++i) {
    const Token& part = tokens.list[i];
    if (part.segment != token.segment) break;
    if (part.kind != TokenKind::kWord && part.kind != TokenKind::kDigits) break;
    const std::string_view text = tokens.Text(i);
    if (!std::all_of(text.begin(), text.end(), [](char c) { return IsLetter(c) || IsDigit(c); })) {
      break;
    }
    *chars += text;
    if (chars->size() < length) continue;
    const bool goes_on = i + 1 < tokens.size() && !tokens.list[i + 1].space_before &&
                         (tokens.list[i + 1].kind == TokenKind::kWord ||
                          tokens.list[i + 1].kind == TokenKind::kDigits);
    return goes_on || chars->size() > length ? 0 : i + 1;
  }
  return 0;
}

void FindWrittenIbans(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out) {
  std::string chars;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    pulse->Tick();
    const std::size_t end = WrittenIbanEnd(tokens, i, &chars);
    if (end == 0) continue;
    const bool holds = IbanHolds(chars);
    bool one_piece = true;
    for (std::size_t k = i + 1; k < end; ++k) one_piece = one_piece && !tokens.list[k].space_before;
    if (!holds && !one_piece) continue;
    Hit hit;
    hit.ranges.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end)});
    hit.verdict =
        holds ? Verdict{Entity::kIban, 0.97, "iban",
                        "a country's IBAN length, and the check digits hold"}
              : Verdict{Entity::kIban, 0.7, "iban-form",
                        "a country's IBAN length, in one piece; the check digits do not hold"};
    out->push_back(std::move(hit));
    i = end - 1;
  }
}

// One past the pauses at token i, over the ends of two segments at most.
std::size_t PausesEnd(const Tokens& tokens, std::size_t i) {
  constexpr std::size_t kMostTokens = 6;
  constexpr std::int32_t kMostSegments = 2;
  std::size_t k = i;
  while (k < tokens.size() && k < i + kMostTokens &&
         tokens.list[k].segment <= tokens.list[i - 1].segment + kMostSegments) {
    const Token& token = tokens.list[k];
    const Phrase* const phrase = PhraseAt(tokens, k);
    const bool pause = token.kind == TokenKind::kMark ||
                       token.lexeme.kind == LexemeKind::kHesitation ||
                       token.lexeme.kind == LexemeKind::kFiller;
    if (phrase == nullptr && !pause) return k;
    k += phrase != nullptr ? phrase->size : 1;
  }
  return k;
}

// A bank's code as it is written, "deutdeff" or "deut, de5x 500".
class WrittenSwift {
 public:
  WrittenSwift(const Tokens& tokens, std::size_t at) : tokens_(tokens) {
    Take(at);
    while (code_.size() < kShort && TakeAfterPause()) {
    }
    if (code_.size() != kShort || !SwiftPlausible(code_)) {
      plausible_ = code_.size() == kLong && SwiftPlausible(code_);
      return;
    }
    plausible_ = true;
    const WrittenSwift shorter = *this;
    while (code_.size() < kLong && TakeAfterPause()) {
    }
    // The branch has a digit, or stands in the same piece.
    if (code_.size() != kLong || Digits(std::string_view(code_).substr(kShort)) == 0) {
      code_ = shorter.code_;
      ranges_ = shorter.ranges_;
    }
  }

  bool plausible() const { return plausible_; }
  bool one_piece() const { return ranges_.size() == 1; }
  bool has_digits() const { return Digits(code_) > 0; }
  const std::vector<TokenRange>& ranges() const { return ranges_; }

 private:
  static constexpr std::size_t kShort = 8;
  static constexpr std::size_t kLong = 11;

  bool IsPart(std::size_t i) const {
    return i < tokens_.size() &&
           (tokens_.list[i].kind == TokenKind::kWord || tokens_.list[i].kind == TokenKind::kDigits);
  }

  // All that touches from token i on.
  void Take(std::size_t i) {
    std::size_t end = i;
    do {
      code_ += tokens_.Text(end++);
    } while (IsPart(end) && !tokens_.list[end].space_before && code_.size() < kLong);
    ranges_.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end)});
  }

  bool TakeAfterPause() {
    const std::size_t next = PausesEnd(tokens_, ranges_.back().end);
    if (!IsPart(next) || code_.size() + tokens_.Text(next).size() > kLong) return false;
    Take(next);
    return true;
  }

  const Tokens& tokens_;
  std::string code_;
  std::vector<TokenRange> ranges_;
  bool plausible_ = false;
};

// Right after one was asked for.
void FindWrittenSwiftCodes(const Tokens& tokens, const TopicCues& cues, Pulse* pulse,
                           std::vector<Hit>* out) {
  if (!cues.Has(Topic::kSwift)) return;
  TopicReader topics(cues);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    pulse->Tick();
    const Token& token = tokens.list[i];
    const std::int32_t size = token.size;
    if (token.kind != TokenKind::kWord || size < 4 || size > 11 || !IsPlainWord(token)) continue;
    if (topics.Before(i) != Topic::kSwift || topics.words_since() > kReach) continue;
    const WrittenSwift code(tokens, i);
    if (!code.plausible()) continue;
    // Some words of 8 or 11 letters have a country in the right place.
    const int reach = code.has_digits() ? kReach : token.capitals ? kNear : 0;
    if (topics.words_since() > reach || (!code.one_piece() && !code.has_digits())) continue;
    i = code.ranges().back().end - 1;
    out->push_back({code.ranges(),
                    {Entity::kSwiftCode, 0.9, "swift",
                     "the form of a bank's code, said where one is asked for"}});
  }
}

}  // namespace

bool VinHolds(std::string_view vin) {
  if (vin.size() != kVin) return false;
  // Of 'a'..'z'; 0 where a letter is not allowed.
  constexpr int kValues[] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4,
                             5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9};
  constexpr int kWeights[kVin] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  constexpr std::size_t kCheck = 8;
  int sum = 0;
  for (std::size_t i = 0; i < kVin; ++i) {
    const int value = IsDigit(vin[i]) ? vin[i] - '0' : kValues[vin[i] - 'a'];
    if (IsLetter(vin[i]) && value == 0) return false;
    sum += value * kWeights[i];
  }
  const int rest = sum % 11;
  return vin[kCheck] == (rest == 10 ? 'x' : static_cast<char>('0' + rest));
}

bool NinoPlausible(std::string_view nino) {
  const std::string_view d = nino;
  if (d.size() != kNino || !IsLetter(d[0]) || !IsLetter(d[1]) || d[8] < 'a' || d[8] > 'd') {
    return false;
  }
  if (Digits(d.substr(2, 6)) != 6) return false;
  constexpr std::string_view kNever = "dfiquv";
  if (kNever.find(d[0]) != kNever.npos || kNever.find(d[1]) != kNever.npos || d[1] == 'o') {
    return false;
  }
  for (const std::string_view prefix : {"bg", "gb", "kn", "nk", "nt", "tn", "zz"}) {
    if (d.substr(0, 2) == prefix) return false;
  }
  return true;
}

bool NhsHolds(std::string_view ten_digits) {
  const std::string_view d = ten_digits;
  if (d.size() != kNhs || Digits(d) != kNhs) return false;
  int sum = 0;
  for (std::size_t i = 0; i + 1 < kNhs; ++i) sum += (d[i] - '0') * (10 - static_cast<int>(i));
  const int check = (11 - sum % 11) % 11;
  return check < 10 && d[9] == static_cast<char>('0' + check);
}

void FindIdentifiers(const Tokens& tokens, const TopicCues& cues, Pulse* pulse,
                     std::vector<Hit>* out) {
  FindWrittenIbans(tokens, pulse, out);
  FindWrittenSwiftCodes(tokens, cues, pulse, out);
  constexpr std::size_t kFewestToKnow = 6;
  std::unordered_map<std::string, Verdict> known;
  std::vector<const CodeRun*> unknown;
  const std::vector<CodeRun> runs = FindCodeRuns(tokens, cues, pulse);
  for (const CodeRun& run : runs) {
    const std::size_t before = out->size();
    RunJudge judge(run, out);
    judge.Judge();
    if (!judge.found()) {
      unknown.push_back(&run);
    } else if (run.chars.size() >= kFewestToKnow) {
      known.emplace(run.chars, (*out)[before].verdict);
    }
  }
  for (const CodeRun* run : unknown) {
    const auto found = known.find(run->chars);
    if (found == known.end()) continue;
    Hit hit;
    hit.verdict = {found->second.entity, 0.75, "repeat",
                   "the characters of an identifier found elsewhere in this recording"};
    for (const CodeItem& item : run->items)
      hit.ranges.push_back({item.token_begin, item.token_end});
    out->push_back(std::move(hit));
  }
}

}  // namespace cxscribe::redaction
