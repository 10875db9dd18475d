// See values.h.
#include "server/config/values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "server/base/utf8.h"
#include "server/config/signing_secret.h"

namespace cxscribe {
namespace {

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return absl::ascii_isdigit(c); });
}

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

// An integer of the core schema: decimal (leading zeros mean nothing), 0o octal or 0x hexadecimal.
// `is_integer` says whether it has that form at all; nullopt with it: out of range.
std::optional<nlohmann::json> ParseInteger(std::string_view text, bool& is_integer) {
  is_integer = false;
  std::string_view digits = text;
  int base = 10;
  bool negative = false;
  if (absl::StartsWith(absl::string_view(text.data(), text.size()), "0o") ||
      absl::StartsWith(absl::string_view(text.data(), text.size()), "0x")) {
    base = text[1] == 'o' ? 8 : 16;
    digits = text.substr(2);
  } else if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    digits = text.substr(1);
  }
  const auto valid = [base](unsigned char c) {
    if (base == 16) return absl::ascii_isxdigit(c);
    return absl::ascii_isdigit(c) && c < '0' + base;
  };
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), valid)) return std::nullopt;
  is_integer = true;
  uint64_t magnitude = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  constexpr uint64_t kMostNegative = uint64_t{1} << 63;
  if (negative) {
    if (magnitude > kMostNegative) return std::nullopt;
    // Two's complement, so that the smallest number needs no case of its own.
    return nlohmann::json(static_cast<int64_t>(~magnitude + 1));
  }
  if (magnitude < kMostNegative) return nlohmann::json(static_cast<int64_t>(magnitude));
  return nlohmann::json(magnitude);
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool IsFloat(std::string_view text) {
  size_t i = 0;
  const auto digits = [&] {
    const size_t start = i;
    while (i < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) ++i;
    return i - start;
  };
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  const size_t whole = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0 && whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

bool OneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace

std::string Quoted(std::string_view text) {
  constexpr size_t kMost = 80;
  const bool cut = text.size() > kMost;
  if (cut) text = text.substr(0, kMost);
  return absl::StrCat("\"", absl::Utf8SafeCHexEscape(absl::string_view(text.data(), text.size())),
                      cut ? "...\"" : "\"");
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.size() > 64) return "";
  std::string best;
  size_t best_distance = std::max<size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::optional<size_t> FindInvalidText(std::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) return i;
    const size_t length = Utf8SequenceLength(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::nullopt;
}

SourceLocation LocationAt(std::string_view text, size_t offset, const std::string& file) {
  const std::string_view before = text.substr(0, offset);
  const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
  const size_t newline = before.rfind('\n');
  const size_t column = newline == std::string_view::npos ? offset : offset - newline - 1;
  return {file, line, static_cast<int>(column) + 1};
}

std::optional<nlohmann::json> ResolvePlainScalar(std::string_view text) {
  if (OneOf(text, {"", "~", "null", "Null", "NULL"})) return nlohmann::json(nullptr);
  if (OneOf(text, {"true", "True", "TRUE"})) return nlohmann::json(true);
  if (OneOf(text, {"false", "False", "FALSE"})) return nlohmann::json(false);
  bool is_integer = false;
  if (auto integer = ParseInteger(text, is_integer); is_integer) return integer;
  if (OneOf(text, {".nan", ".NaN", ".NAN"})) return std::nullopt;
  std::string_view unsigned_text = text;
  if (unsigned_text[0] == '-' || unsigned_text[0] == '+') unsigned_text.remove_prefix(1);
  if (OneOf(unsigned_text, {".inf", ".Inf", ".INF"})) return std::nullopt;
  if (IsFloat(text)) {
    double number = 0;
    if (!absl::SimpleAtod(absl::string_view(text.data(), text.size()), &number) ||
        !std::isfinite(number)) {
      return std::nullopt;
    }
    return nlohmann::json(number);
  }
  return nlohmann::json(std::string(text));
}

std::optional<absl::Duration> ParseDuration(std::string_view text) {
  absl::Duration duration;
  if (!absl::ParseDuration(absl::string_view(text.data(), text.size()), &duration) ||
      duration < absl::ZeroDuration() || duration == absl::InfiniteDuration()) {
    return std::nullopt;
  }
  return duration;
}

std::optional<HostPort> ParseHostPort(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (port.size() > 5 || !AllDigits(port)) return std::nullopt;
  HostPort result;
  if (!absl::SimpleAtoi(absl::string_view(port.data(), port.size()), &result.port) ||
      result.port > 65535) {
    return std::nullopt;
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    const auto address_char = [](unsigned char c) {
      return absl::ascii_isxdigit(c) || c == ':' || c == '.';
    };
    if (host.find(':') == std::string_view::npos ||
        !std::all_of(host.begin(), host.end(), address_char)) {
      return std::nullopt;
    }
  } else {
    const auto host_char = [](unsigned char c) {
      return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_';
    };
    if (host.size() > 253 || !std::all_of(host.begin(), host.end(), host_char)) {
      return std::nullopt;
    }
  }
  result.host = std::string(host);
  return result;
}

bool IsLoopbackHost(std::string_view host) {
  const std::string name = absl::AsciiStrToLower(absl::string_view(host.data(), host.size()));
  if (name == "localhost" || name == "::1") return true;
  // Only the full dotted form: "127.example.com" is somebody else's name.
  if (!absl::StartsWith(name, "127.")) return false;
  int parts = 0;
  std::string_view rest = name;
  while (true) {
    const size_t dot = rest.find('.');
    const std::string_view part = rest.substr(0, dot);
    int number = 0;
    if (part.size() > 3 || !AllDigits(part) ||
        !absl::SimpleAtoi(absl::string_view(part.data(), part.size()), &number) || number > 255) {
      return false;
    }
    ++parts;
    if (dot == std::string_view::npos) return parts == 4;
    rest.remove_prefix(dot + 1);
  }
}

std::string CheckServiceUrl(std::string_view url) {
  constexpr std::string_view kHttps = "https://";
  constexpr std::string_view kHttp = "http://";
  bool secure = false;
  std::string_view rest;
  if (url.substr(0, kHttps.size()) == kHttps) {
    secure = true;
    rest = url.substr(kHttps.size());
  } else if (url.substr(0, kHttp.size()) == kHttp) {
    rest = url.substr(kHttp.size());
  } else {
    return "is not an absolute URL; it must begin with https://";
  }
  for (const unsigned char c : url) {
    if (c <= 0x20 || c >= 0x7F || c == '"' || c == '<' || c == '>' || c == '\\') {
      return "holds a character that a URL may not hold";
    }
  }
  if (rest.find('?') != std::string_view::npos || rest.find('#') != std::string_view::npos) {
    return "may not have a query or a fragment";
  }
  const std::string_view authority = rest.substr(0, rest.find('/'));
  if (authority.find('@') != std::string_view::npos) {
    return "may not hold a user or password; use client_id and client_secret";
  }
  const bool bracketed = !authority.empty() && authority.back() == ']';
  const bool has_port = !bracketed && authority.find(':') != std::string_view::npos;
  const auto host_port =
      ParseHostPort(has_port ? std::string(authority) : absl::StrCat(std::string(authority), ":1"));
  if (!host_port || (has_port && host_port->port == 0)) {
    return "has no valid host and port";
  }
  if (!secure && !IsLoopbackHost(host_port->host)) {
    return "uses http, which is allowed on loopback only (it carries credentials and text); use "
           "https";
  }
  return "";
}

bool IsName(std::string_view text) {
  if (text.empty() || text.size() > 63) return false;
  const auto lower_or_digit = [](unsigned char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c);
  };
  return lower_or_digit(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(),
                     [&](unsigned char c) { return lower_or_digit(c) || c == '-' || c == '_'; });
}

std::string CheckSigningSecret(std::string_view secret) {
  const auto key = DecodeSigningSecret(secret);
  return key.ok() ? "" : std::string(key.status().message());
}

}  // namespace cxscribe
