// Digits that were said one after the other: see readers.h.
#include <string>
#include <utility>

#include "plugins/inverse_text_normalisation/number.h"
#include "plugins/inverse_text_normalisation/readers.h"
#include "plugins/inverse_text_normalisation/sets.h"

namespace cxscribe::itn {
namespace {

constexpr std::size_t kLeastDigits = 3;  // "one two" may be a choice
constexpr std::size_t kLeastMixed = 7;   // of what is not said in single digits alone

enum class Topic : std::uint8_t { kNone, kTelephone, kSocial, kDate, kOther };

// What the number at `at` is about, by the nearest word before it that says so. What says so of an
// earlier number says nothing of this one.
Topic TopicOf(const Words& words, std::size_t at) {
  static const WordSet* const telephone = new WordSet{
      "phone", "telephone", "cell", "mobile", "fax", "call", "reach", "callback", "landline"};
  static const WordSet* const social = new WordSet{"social", "ssn", "itin"};
  static const WordSet* const date =
      new WordSet{"birth",   "born",       "birthday", "dob",    "birthdate",
                  "expires", "expiration", "expiry",   "expire", "valid"};
  static const WordSet* const other = new WordSet{
      "order",  "account",  "ticket",  "reference", "confirmation", "case",     "claim",
      "policy", "tracking", "invoice", "routing",   "member",       "customer", "serial"};
  const std::pair<const WordSet*, Topic> topics[] = {{telephone, Topic::kTelephone},
                                                     {social, Topic::kSocial},
                                                     {date, Topic::kDate},
                                                     {other, Topic::kOther}};
  constexpr std::size_t kReach = 8;
  for (std::size_t i = at; i > 0 && at - i < kReach; --i) {
    if (words.IsNumberAt(i - 1) || words.Is(i - 1, "dot")) break;
    for (const auto& [set, topic] : topics) {
      if (IsIn(*set, words, i - 1)) return topic;
    }
  }
  return Topic::kNone;
}

// "2125550178" in groups of the given sizes.
std::string Grouped(std::string_view digits, std::initializer_list<std::size_t> sizes) {
  std::string grouped;
  for (const std::size_t size : sizes) {
    if (!grouped.empty()) grouped += '-';
    grouped += digits.substr(0, size);
    digits.remove_prefix(size);
  }
  return grouped;
}

bool IsAmex(std::string_view digits) {
  const std::string_view prefix = digits.substr(0, 2);
  return digits.size() == 15 && (prefix == "34" || prefix == "37");
}

std::string Written(std::string_view digits, Topic topic) {
  if (topic == Topic::kOther) return std::string(digits);
  if (digits.size() == 10) return Grouped(digits, {3, 3, 4});
  if (digits.size() == 11) return Grouped(digits, {1, 3, 3, 4});
  if (digits.size() == 16) return Grouped(digits, {4, 4, 4, 4});
  if (IsAmex(digits)) return Grouped(digits, {4, 6, 5});
  if (digits.size() == 9 && topic == Topic::kSocial) return Grouped(digits, {3, 2, 4});
  if (digits.size() == 7 && topic == Topic::kTelephone) return Grouped(digits, {3, 4});
  return std::string(digits);
}

// Whether a run of digits is certainly one number.
bool IsOneNumber(const Keyed& keyed, Topic topic, bool leading_oh) {
  const std::size_t size = keyed.digits.size();
  if (topic == Topic::kDate) return false;
  // "Oh" may be an exclamation.
  if (leading_oh && size != 10 && size != 11) return false;
  if (keyed.singles) return size >= kLeastDigits;
  if (size == 10 || size == 16) return true;
  if (!keyed.any_single || size < kLeastMixed) return false;
  return size == 11 || IsAmex(keyed.digits) || topic != Topic::kNone;
}

// The number [begin, end) with its country code apart where that is words of its own.
Match WithCode(const Words& words, std::size_t at, std::size_t begin, std::size_t end,
               const std::string& digits, std::string plus) {
  const std::size_t code = digits.size() - 10;
  std::size_t split = begin;
  for (; split < end; ++split) {
    const auto keyed = ReadKeyed(words, begin, split);
    if (keyed && keyed->digits == digits.substr(0, code) && keyed->digits.size() == code) break;
  }
  Match match;
  match.end = end;
  const auto rest = ReadKeyed(words, split, end);
  if (split < end && rest && rest->digits == digits.substr(code)) {
    match.rewrites.push_back({at, split, plus + digits.substr(0, code)});
    match.rewrites.push_back({split, end, Grouped(rest->digits, {3, 3, 4})});
  } else {
    match.rewrites.push_back({at, end, plus + digits});
  }
  return match;
}

// "plus four four ...".
std::optional<Match> ReadInternational(const Words& words, std::size_t at) {
  if (!words.Joined(at + 1) || words.InRun(at)) return std::nullopt;
  if (words.Joined(at) && words.IsNumberAt(at - 1)) return std::nullopt;
  const std::size_t end = words.RunEnd(at + 1);
  const auto keyed = ReadKeyed(words, at + 1, end);
  if (!keyed || keyed->digits.size() < 8 || keyed->digits.size() > 15) return std::nullopt;
  if (keyed->digits.size() > 10 && keyed->digits.size() <= 13) {
    return WithCode(words, at, at + 1, end, keyed->digits, "+");
  }
  return Match{end, {{at, end, "+" + keyed->digits}}};
}

bool IsSpelt(const Lexeme& lexeme) {
  return lexeme.kind == Kind::kLetter || lexeme.kind == Kind::kOh ||
         (lexeme.kind == Kind::kDigit && !lexeme.ordinal);
}

// "a b nine", "five w k r a three one".
std::optional<Match> ReadSerial(const Words& words, std::size_t at) {
  if (!IsSpelt(words.At(at)) || (words.Joined(at) && IsSpelt(words.At(at - 1)))) {
    return std::nullopt;
  }
  std::size_t end = at + 1;
  while (IsSpelt(words.Next(end))) ++end;
  const auto may_be_word = [&words](std::size_t i) {
    return words.Is(i, "a") || words.Is(i, "i") || words.Is(i, "o") || words.Is(i, "oh");
  };
  const auto is_digit = [&words](std::size_t i) { return words.At(i).kind == Kind::kDigit; };
  std::size_t begin = at;
  if (end - begin > 1 && may_be_word(begin) && is_digit(begin + 1)) ++begin;
  if (end - begin > 1 && may_be_word(end - 1) && is_digit(end - 2)) --end;
  // Part of something longer.
  const bool cut =
      (words.Joined(at) && words.IsNumberAt(at - 1)) || (words.Joined(end) && words.HasFigure(end));
  if (cut || (is_digit(end - 1) && words.RunEnd(end - 1) != end)) return std::nullopt;
  std::string written;
  std::size_t letters = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const Lexeme lexeme = words.At(i);
    const bool digit = lexeme.kind == Kind::kDigit;
    if (words.Is(i, "oh")) return std::nullopt;
    letters += digit ? 0 : 1;
    written += digit ? std::string(1, static_cast<char>('0' + lexeme.value))
                     : std::string(words.Written(i));
  }
  const std::size_t digits = written.size() - letters;
  // "three m l p": a count.
  if (is_digit(begin) && !is_digit(end - 1)) return std::nullopt;
  const bool certain = letters > 0 && digits > 0 && (letters > 1 || digits >= kLeastDigits);
  if (!certain || written.size() < kLeastDigits) return std::nullopt;
  return Match{end, {{begin, end, std::move(written)}}};
}

}  // namespace

std::optional<Match> ReadTelephone(const Words& words, std::size_t at) {
  if (words.Is(at, "plus")) return ReadInternational(words, at);
  if (auto serial = ReadSerial(words, at)) return serial;
  if (!words.InRun(at) || words.RunGoesBack(at)) return std::nullopt;
  const std::size_t end = words.RunEnd(at);
  const auto keyed = ReadKeyed(words, at, end);
  if (!keyed) return std::nullopt;
  const bool leading_oh = words.At(at).kind == Kind::kOh;
  const Topic topic = TopicOf(words, at);
  if (!IsOneNumber(*keyed, topic, leading_oh)) return std::nullopt;
  if (keyed->digits.size() == 11 && topic != Topic::kOther) {
    return WithCode(words, at, at, end, keyed->digits, "");
  }
  // "one eight hundred ..." with a digit missing: there is no telling where the groups are.
  if (keyed->hundreds && keyed->digits[0] == '1') return Match{end, {{at, end, keyed->digits}}};
  return Match{end, {{at, end, Written(keyed->digits, topic)}}};
}

}  // namespace cxscribe::itn
