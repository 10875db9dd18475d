#include "plugins/redaction/ip_address.h"

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

}  // namespace

void FindIpAddresses(const Tokens& tokens, Pulse* pulse, std::vector<Hit>* out) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    pulse->Tick();
    if (tokens.list[i].kind != TokenKind::kDigits) continue;
    if (i > 0 && !tokens.list[i].space_before &&
        (tokens.IsMark(i - 1, '.') || tokens.list[i - 1].kind == TokenKind::kWord)) {
      continue;
    }
    const std::size_t end = AddressEnd(tokens, i);
    if (end == i) continue;
    out->push_back({{{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end)}},
                    {Entity::kIpAddress, 0.96, "ip-address", "an IPv4 address in figures"}});
    i = end - 1;
  }
}

}  // namespace cxscribe::redaction
