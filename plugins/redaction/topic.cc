#include "plugins/redaction/topic.h"

#include <unordered_map>

namespace cxscribe::redaction {
namespace {

// A cue of one word stands alone; kNeedsNumber ones count only as "order number", "order no",
// "order id", "order #".
struct Cue {
  Topic topic = Topic::kNone;
  bool needs_number = false;
};

using CueTable = std::unordered_map<std::string_view, Cue>;

CueTable MakeCues() {
  CueTable cues;
  const auto add = [&cues](Topic topic, bool needs_number,
                           std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) cues[word] = {topic, needs_number};
  };
  add(Topic::kCard, false,
      {"card", "cards", "visa", "mastercard", "amex", "cc", "maestro", "cardholder"});
  add(Topic::kCardCode, false, {"cvv", "cvc", "cvv2", "cvn", "csc"});
  add(Topic::kCardExpiry, false, {"expiration", "expiry", "expires", "expire", "expiring", "exp"});
  add(Topic::kSsn, false, {"ssn", "social"});
  add(Topic::kPhone, false,
      {"phone", "phones", "telephone", "cell", "cellphone", "mobile", "callback", "landline", "fax",
       "whatsapp", "tel", "ph", "cellular", "smartphone"});
  add(Topic::kBirthDate, false, {"birth", "birthday", "birthdate", "born", "dob"});
  add(Topic::kOther, false,
      {"reference", "confirmation", "tracking", "ticket",    "invoice", "serial",   "prescription",
       "routing",   "zip",          "postcode", "extension", "pin",     "passcode", "otp",
       "upc",       "sku",          "isbn",     "imei",      "vin",     "iban"});
  add(Topic::kOther, true,
      {"order",      "account",  "case",        "policy",      "claim",       "member",
       "membership", "customer", "booking",     "meter",       "model",       "part",
       "file",       "flight",   "reservation", "transaction", "application", "employee",
       "patient",    "product",  "item",        "store",       "student",     "id",
       "service",    "dispute",  "complaint",   "incident",    "request",     "tag",
       "docket",     "loan",     "aba",         "contract"});
  return cues;
}

bool IsNumberWord(const Tokens& tokens, std::size_t i) {
  return tokens.IsWord(i, "number") || tokens.IsWord(i, "numbers") || tokens.IsWord(i, "no") ||
         tokens.IsWord(i, "id") || tokens.IsWord(i, "code") || tokens.IsMark(i, '#') ||
         tokens.IsWord(i, "num");
}

// The topic that a cue starting at token i names; kNone where there is none.
Topic CueAt(const Tokens& tokens, std::size_t i) {
  static const CueTable* const cues = new CueTable(MakeCues());
  if (tokens.list[i].kind != TokenKind::kWord) return Topic::kNone;
  const std::string_view word = tokens.Text(i);

  if (word == "security" && tokens.IsWord(i + 1, "code")) return Topic::kCardCode;
  if (word == "verification" && tokens.IsWord(i + 1, "value")) return Topic::kCardCode;
  // "the three digits on the back", "and the three on the back", "the numbers on the back of the
  // card"
  if (word == "on" && tokens.IsWord(i + 1, "the") &&
      (tokens.IsWord(i + 2, "back") || tokens.IsWord(i + 2, "reverse"))) {
    return Topic::kCardCode;
  }
  if (word == "back" && i >= 2 && tokens.IsWord(i - 1, "the") && tokens.IsWord(i - 2, "on")) {
    return Topic::kCardCode;  // so that "back of the card" does not hand over to "card" at once
  }
  if (word == "card" && i >= 3 && tokens.IsWord(i - 1, "the") && tokens.IsWord(i - 2, "of") &&
      tokens.IsWord(i - 3, "back")) {
    return Topic::kCardCode;
  }
  if (word == "long" && tokens.IsWord(i + 1, "number")) return Topic::kCard;
  if (word == "valid" && (tokens.IsWord(i + 1, "thru") || tokens.IsWord(i + 1, "through") ||
                          tokens.IsWord(i + 1, "until") || tokens.IsWord(i + 1, "till"))) {
    return Topic::kCardExpiry;
  }
  if (word == "good" && (tokens.IsWord(i + 1, "thru") || tokens.IsWord(i + 1, "through"))) {
    return Topic::kCardExpiry;
  }
  if (word == "social" && (tokens.IsWord(i + 1, "media") || tokens.IsWord(i + 1, "network") ||
                           tokens.IsWord(i + 1, "worker"))) {
    return Topic::kNone;
  }
  if (word == "area" && tokens.IsWord(i + 1, "code")) return Topic::kPhone;
  if ((word == "call" || word == "reach" || word == "text" || word == "contact" ||
       word == "phone" || word == "ring") &&
      (tokens.IsWord(i + 1, "me") || tokens.IsWord(i + 1, "you") || tokens.IsWord(i + 1, "us") ||
       tokens.IsWord(i + 1, "him") || tokens.IsWord(i + 1, "her") ||
       tokens.IsWord(i + 1, "them"))) {
    return Topic::kPhone;
  }
  if (word == "contact" && IsNumberWord(tokens, i + 1)) return Topic::kPhone;
  if ((word == "my" || word == "his" || word == "her" || word == "best" || word == "work" ||
       word == "home" || word == "another" || word == "alternate") &&
      tokens.IsWord(i + 1, "number")) {
    return Topic::kPhone;
  }
  if (word == "number" && tokens.IsWord(i + 1, "to") &&
      (tokens.IsWord(i + 2, "call") || tokens.IsWord(i + 2, "reach"))) {
    return Topic::kPhone;
  }
  const auto found = cues->find(word);
  if (found == cues->end()) return Topic::kNone;
  if (found->second.needs_number && !IsNumberWord(tokens, i + 1)) return Topic::kNone;
  if (word == "card" && IsNumberWord(tokens, i + 1) && i > 0 &&
      (tokens.IsWord(i - 1, "gift") || tokens.IsWord(i - 1, "loyalty"))) {
    return Topic::kOther;
  }
  return found->second.topic;
}

bool IsPlainWord(const Token& token) {
  return token.kind == TokenKind::kWord && token.lexeme.kind == LexemeKind::kOther;
}

}  // namespace

Topic TopicReader::Before(std::size_t at) {
  for (; next_ < at && next_ < tokens_.size(); ++next_) {
    const bool answered =
        tokens_.list[next_].kind == TokenKind::kMask &&
        (topic_ == Topic::kCardCode || topic_ == Topic::kCardExpiry || topic_ == Topic::kBirthDate);
    if (answered) {
      topic_ = Topic::kNone;  // such an answer is short, and what was asked for is in the mask
    } else if (const Topic cue = CueAt(tokens_, next_); cue != Topic::kNone) {
      topic_ = cue;
      words_since_ = 0;
    } else if (IsPlainWord(tokens_.list[next_]) && ++words_since_ > kReach) {
      topic_ = Topic::kNone;
    }
  }
  return topic_;
}

Topic TopicReader::After(std::size_t at) const {
  constexpr std::size_t kWindow = 7;
  if (at >= tokens_.size()) return Topic::kNone;
  const std::int32_t segment = tokens_.list[at].segment;
  for (std::size_t i = at; i < tokens_.size() && i < at + kWindow; ++i) {
    if (tokens_.list[i].segment != segment) break;
    if (tokens_.list[i].kind == TokenKind::kDigits) break;
    if (const Topic cue = CueAt(tokens_, i); cue != Topic::kNone) return cue;
  }
  return Topic::kNone;
}

}  // namespace cxscribe::redaction
