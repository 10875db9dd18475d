#include "plugins/redaction/ip_address.h"

#include <string>

#include "plugins/redaction/number_reader.h"

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kOctets = 4;

bool IsOctet(std::string_view digits) {
  int value = 0;
  if (digits.size() > 3) return false;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value <= 255;
}

// One past the last token of the address at token i, or i.
std::size_t AddressEnd(const Tokens& tokens, std::size_t i) {
  std::size_t k = i;
  for (std::size_t octet = 0; octet < kOctets; ++octet) {
    if (octet > 0) {
      if (!tokens.IsMark(k, '.') || tokens.list[k].space_before) return i;
      ++k;
    }
    if (k >= tokens.size() || tokens.list[k].kind != TokenKind::kDigits ||
        !IsOctet(tokens.Text(k)) || (octet > 0 && tokens.list[k].space_before)) {
      return i;
    }
    ++k;
  }
  // "1.2.3.4.5" is a version.
  const bool longer = tokens.IsMark(k, '.') && !tokens.list[k].space_before &&
                      k + 1 < tokens.size() && tokens.list[k + 1].kind == TokenKind::kDigits &&
                      !tokens.list[k + 1].space_before;
  return longer ? i : k;
}

bool IsDotWord(const Tokens& tokens, std::size_t i) {
  if (i >= tokens.size() || tokens.list[i].kind != TokenKind::kWord) return false;
  return tokens.list[i].lexeme.sign == '.' || tokens.IsWord(i, "point");
}

// "one ninety two dot one sixty eight dot one dot one": one past its last token, or `i`.
std::size_t SpokenEnd(const Tokens& tokens, std::size_t i) {
  std::size_t k = i;
  for (std::size_t octet = 0; octet < kOctets; ++octet) {
    if (octet > 0 && !IsDotWord(tokens, k++)) return i;
    std::string digits;
    while (k < tokens.size() && digits.size() < 3) {
      if (tokens.list[k].segment != tokens.list[i].segment) break;
      const auto number = ReadNumber(tokens, k, !digits.empty());
      if (!number || number->amount) break;
      digits += number->digits;
      k = number->token_end;
    }
    if (digits.empty() || !IsOctet(digits)) return i;
  }
  return IsDotWord(tokens, k) ? i : k;
}

// Whether token k, up to its end, is a part of an IPv6 group, and how long.
std::size_t HexLength(const Tokens& tokens, std::size_t k) {
  if (k >= tokens.size()) return 0;
  const Token& token = tokens.list[k];
  if (token.kind != TokenKind::kWord && token.kind != TokenKind::kDigits) return 0;
  for (const char c : tokens.Text(k)) {
    if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return 0;
  }
  return static_cast<std::size_t>(token.size);
}

// "2001:db8::8a2e:370:7334": one past its last token, or `i`.
std::size_t Ipv6End(const Tokens& tokens, std::size_t i) {
  constexpr std::size_t kGroups = 8;
  constexpr std::size_t kLongestGroup = 4;
  const auto touches = [&tokens](std::size_t k) {
    return k < tokens.size() && !tokens.list[k].space_before;
  };
  std::size_t groups = 0;
  bool gap = false;
  std::size_t k = i;
  while (groups < kGroups) {
    std::size_t length = 0;
    std::size_t end = k;
    while (end < tokens.size() && (end == i || touches(end)) && HexLength(tokens, end) > 0) {
      length += HexLength(tokens, end++);
    }
    if (length > kLongestGroup) return i;
    if (length > 0) ++groups;
    k = end;
    if (!tokens.IsMark(k, ':') || (k > i && !touches(k))) break;
    if (tokens.IsMark(k + 1, ':') && touches(k + 1)) {
      if (gap) return i;
      gap = true;
      k += 2;
      if (!touches(k) || HexLength(tokens, k) == 0) break;
    } else {
      if (length == 0 || !touches(k + 1) || HexLength(tokens, k + 1) == 0) break;
      ++k;
    }
  }
  constexpr std::size_t kFewestAroundGap = 2;
  return groups == kGroups || (gap && groups >= kFewestAroundGap) ? k : i;
}

// Whether a number, or the first of a word's kinds that may be one, stands at token i.
bool SpeaksNumber(const Token& token) {
  return token.kind == TokenKind::kWord && token.lexeme.kind >= LexemeKind::kDigit &&
         token.lexeme.kind <= LexemeKind::kRepeat;
}

void Add(std::size_t begin, std::size_t end, const Verdict& verdict, std::vector<Hit>* out) {
  out->push_back({{{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}}, verdict});
}

}  // namespace

void FindIpAddresses(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    pulse->Tick();
    const Token& token = tokens.list[i];
    if (SpeaksNumber(token)) {
      if (const std::size_t end = SpokenEnd(tokens, i); end > i) {
        Add(i, end, {Entity::kIpAddress, 0.92, "ip-spoken", "an IPv4 address as it is spoken"},
            out);
        i = end - 1;
      }
      continue;
    }
    const bool joined = i > 0 && !token.space_before &&
                        (tokens.IsMark(i - 1, '.') || tokens.IsMark(i - 1, ':') ||
                         tokens.list[i - 1].kind == TokenKind::kWord ||
                         tokens.list[i - 1].kind == TokenKind::kDigits);
    if (joined) continue;
    if (token.kind == TokenKind::kDigits) {
      std::size_t end = AddressEnd(tokens, i);
      if (end == i && IsDotWord(tokens, i + 1)) end = SpokenEnd(tokens, i);
      if (end > i) {
        Add(i, end, {Entity::kIpAddress, 0.96, "ip-address", "an IPv4 address in figures"}, out);
        i = end - 1;
        continue;
      }
    }
    const bool hex = tokens.IsMark(i + 1, ':') || tokens.IsMark(i + 2, ':') ||
                     tokens.IsMark(i + 3, ':') || tokens.IsMark(i + 4, ':');
    if (!hex || (HexLength(tokens, i) == 0 && !tokens.IsMark(i, ':'))) continue;
    if (const std::size_t end = Ipv6End(tokens, i); end > i) {
      Add(i, end, {Entity::kIpAddress, 0.96, "ip-address", "an IPv6 address in figures"}, out);
      i = end - 1;
    }
  }
}

}  // namespace cxscribe::redaction
