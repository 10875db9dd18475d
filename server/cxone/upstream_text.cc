#include "server/cxone/upstream_text.h"

#include <cstdint>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <nlohmann/json.hpp>

#include "server/base/utf8.h"
#include "server/cxone/json_text.h"

namespace cxscribe {
namespace {

constexpr absl::string_view kMask = "***";
// Shorter words can be identifiers worth showing (a UUID has 36 characters).
constexpr size_t kTokenLength = 40;
// Error bodies beyond this are not looked at.
constexpr size_t kMaxErrorBody = size_t{64} << 10;

// The character of one well-formed sequence.
uint32_t CodePoint(std::string_view sequence) {
  const auto lead = static_cast<uint8_t>(sequence.front());
  uint32_t code_point = sequence.size() == 1 ? lead : lead & (0x7FU >> sequence.size());
  for (const char c : sequence.substr(1)) {
    code_point = (code_point << 6) | (static_cast<uint8_t>(c) & 0x3FU);
  }
  return code_point;
}

// Control characters, and those that change how the rest of a line is shown.
bool IsUnprintable(uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||
         (code_point >= 0x200B && code_point <= 0x200F) ||
         (code_point >= 0x2028 && code_point <= 0x202E) ||
         (code_point >= 0x2066 && code_point <= 0x2069) || code_point == 0xFEFF;
}

bool IsTokenCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::StrContains("-._~+/=", absl::string_view(&c, 1));
}

bool HasTokenRun(absl::string_view word) {
  size_t run = 0;
  for (const char c : word) {
    run = IsTokenCharacter(c) ? run + 1 : 0;
    if (run >= kTokenLength) return true;
  }
  return false;
}

std::string Printable(std::string_view text) {
  std::string clean;
  for (size_t i = 0; i < text.size();) {
    const size_t length = Utf8SequenceLength(text.substr(i));
    if (length == 0) {
      clean += '?';
    } else if (IsUnprintable(CodePoint(text.substr(i, length)))) {
      clean += ' ';
    } else {
      clean.append(text, i, length);
    }
    i += length == 0 ? 1 : length;
  }
  return clean;
}

// The text of an error in one of the usual forms, or null.
const std::string* FindMessage(const nlohmann::json& value, int depth) {
  if (value.is_string()) return value.get_ptr<const std::string*>();
  if (depth == 0) return nullptr;
  if (value.is_array()) return value.empty() ? nullptr : FindMessage(value.front(), depth - 1);
  if (!value.is_object()) return nullptr;
  for (const char* key : {"message", "error_description", "errorMessage", "detail", "error",
                          "errors", "title", "reason", "code"}) {
    const auto member = value.find(key);
    if (member == value.end()) continue;
    if (const std::string* message = FindMessage(*member, depth - 1)) return message;
  }
  return nullptr;
}

}  // namespace

std::string CleanUpstreamText(std::string_view text, absl::Span<const std::string> secrets,
                              size_t limit) {
  // A text is cut only after its tokens are masked, or the front of one could stay. What follows
  // the first few kilobytes is never shown, except that a long token may begin in them.
  std::string clean(text.substr(0, kMaxErrorBody));
  for (const std::string& secret : secrets) {
    if (!secret.empty()) clean = absl::StrReplaceAll(clean, {{secret, kMask}});
  }
  clean = Printable(clean);
  std::string line;
  bool after_bearer = false;
  for (absl::string_view word : absl::StrSplit(clean, ' ', absl::SkipEmpty())) {
    if (after_bearer || HasTokenRun(word)) word = kMask;
    after_bearer = absl::EndsWithIgnoreCase(word, "bearer");
    if (!line.empty()) line += ' ';
    line.append(word.data(), word.size());
    if (line.size() > limit) break;
  }
  if (line.size() <= limit) return line;
  constexpr std::string_view kEllipsis = "...";
  size_t end = limit > kEllipsis.size() ? limit - kEllipsis.size() : 0;
  while (end > 0 && (static_cast<uint8_t>(line[end]) >> 6) == 0x02) --end;
  return line.substr(0, end).append(kEllipsis);
}

std::string CleanFailureMessage(std::string_view text) {
  // A ticket's or a status's number may be shown; one that a person may own is longer.
  constexpr int kPersonalDigits = 9;
  const auto is_digit = [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); };
  std::string masked;
  text = text.substr(0, kMaxErrorBody);
  for (size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      masked += text[i++];
      continue;
    }
    int digits = 0;
    size_t end = i;  // after the last digit
    for (size_t at = i; at < text.size() && at <= end + 1; ++at) {
      if (is_digit(text[at])) {
        ++digits;
        end = at + 1;
      } else if (!absl::StrContains(" .-", absl::string_view(&text[at], 1))) {
        break;
      }
    }
    const std::string_view number = text.substr(i, end - i);
    if (digits >= kPersonalDigits) {
      masked.append(kMask.data(), kMask.size());
    } else {
      masked += number;
    }
    i = end;
  }
  // Line breaks and tabs part words as spaces do.
  for (char& c : masked) {
    if (absl::ascii_isspace(static_cast<unsigned char>(c))) c = ' ';
  }
  std::vector<absl::string_view> words = absl::StrSplit(masked, ' ');
  for (absl::string_view& word : words) {
    if (absl::StrContains(word, "@")) word = kMask;
  }
  return CleanUpstreamText(absl::StrJoin(words, " "));
}

std::string UpstreamErrorMessage(std::string_view body, absl::Span<const std::string> secrets) {
  if (body.size() > kMaxErrorBody) return "";
  JsonProblem ignored;
  const std::optional<nlohmann::json> document = ParseJsonObject(body, ignored);
  if (!document.has_value()) return "";
  const std::string* message = FindMessage(*document, /*depth=*/4);
  return message == nullptr ? "" : CleanUpstreamText(*message, secrets);
}

}  // namespace cxscribe
