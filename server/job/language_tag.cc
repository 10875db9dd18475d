#include "server/job/language_tag.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <absl/strings/ascii.h>

namespace cxscribe {
namespace {

constexpr size_t kMaxTagBytes = 100;

// RFC 5646, section 2.1, "irregular": tags that the grammar does not cover, in canonical case.
constexpr std::array<std::string_view, 17> kIrregular = {
    "en-GB-oed", "i-ami", "i-bnn",     "i-default", "i-enochian", "i-hak",
    "i-klingon", "i-lux", "i-mingo",   "i-navajo",  "i-pwn",      "i-tao",
    "i-tay",     "i-tsu", "sgn-BE-FR", "sgn-BE-NL", "sgn-CH-DE"};

bool IsAlpha(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); });
}

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

bool IsAlphanumeric(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); });
}

bool IsVariant(std::string_view part) {
  return (part.size() >= 5 && part.size() <= 8) || (part.size() == 4 && IsDigit(part[0]));
}

bool IsRegion(std::string_view part) {
  return (part.size() == 2 && IsAlpha(part)) ||
         (part.size() == 3 && std::all_of(part.begin(), part.end(), IsDigit));
}

void ToUpper(std::string& part) {
  for (char& c : part) c = absl::ascii_toupper(static_cast<unsigned char>(c));
}

// The parts between the hyphens, in lower case; nothing when one is not 1 to 8 letters or digits.
std::optional<std::vector<std::string>> Split(std::string_view tag) {
  std::vector<std::string> parts(1);
  for (const char c : tag) {
    if (c == '-') {
      parts.emplace_back();
    } else {
      parts.back().push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    }
  }
  for (const std::string& part : parts) {
    if (part.empty() || part.size() > 8 || !IsAlphanumeric(part)) return std::nullopt;
  }
  return parts;
}

std::string Join(const std::vector<std::string>& parts) {
  std::string tag;
  for (const std::string& part : parts) {
    if (!tag.empty()) tag.push_back('-');
    tag += part;
  }
  return tag;
}

// Walks over the parts of a tag in the order of the grammar, setting canonical case.
class Parser {
 public:
  explicit Parser(std::vector<std::string>& parts) : parts_(parts) {}

  bool Parse() {
    if (Peek() == "x") return ParsePrivateUse();
    return ParseLanguage() && (ParseScript(), ParseRegion(), ParseVariants()) &&
           ParseExtensions() && (AtEnd() || (Peek() == "x" && ParsePrivateUse()));
  }

 private:
  bool AtEnd() const { return next_ == parts_.size(); }
  std::string_view Peek() const { return AtEnd() ? std::string_view() : parts_[next_]; }

  bool ParseLanguage() {
    const std::string_view language = Peek();
    if (language.size() < 2 || language.size() > 3 || !IsAlpha(language)) return false;
    ++next_;
    for (int extended = 0; extended < 3 && Peek().size() == 3 && IsAlpha(Peek()); ++extended) {
      ++next_;
    }
    return true;
  }

  void ParseScript() {
    if (Peek().size() != 4 || !IsAlpha(Peek())) return;
    std::string& script = parts_[next_++];
    script[0] = absl::ascii_toupper(static_cast<unsigned char>(script[0]));
  }

  void ParseRegion() {
    if (IsRegion(Peek())) ToUpper(parts_[next_++]);
  }

  bool ParseVariants() {
    const size_t first = next_;
    for (; IsVariant(Peek()); ++next_) {
      const auto begin = parts_.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = parts_.begin() + static_cast<std::ptrdiff_t>(next_);
      if (std::find(begin, end, Peek()) != end) return false;
    }
    return true;
  }

  bool ParseExtensions() {
    std::string singletons;
    while (Peek().size() == 1 && Peek() != "x") {
      const char singleton = Peek()[0];
      if (singletons.find(singleton) != std::string::npos) return false;
      singletons.push_back(singleton);
      ++next_;
      if (Peek().size() < 2) return false;
      while (Peek().size() >= 2) ++next_;
    }
    return true;
  }

  bool ParsePrivateUse() {
    ++next_;
    if (AtEnd()) return false;
    next_ = parts_.size();
    return true;
  }

  std::vector<std::string>& parts_;
  size_t next_ = 0;
};

}  // namespace

std::optional<std::string> CanonicalLanguageTag(std::string_view tag) {
  if (tag.empty() || tag.size() > kMaxTagBytes) return std::nullopt;
  for (const std::string_view irregular : kIrregular) {
    if (std::equal(tag.begin(), tag.end(), irregular.begin(), irregular.end(), [](char a, char b) {
          return absl::ascii_tolower(static_cast<unsigned char>(a)) ==
                 absl::ascii_tolower(static_cast<unsigned char>(b));
        })) {
      return std::string(irregular);
    }
  }
  auto parts = Split(tag);
  if (!parts.has_value() || !Parser(*parts).Parse()) return std::nullopt;
  return Join(*parts);
}

}  // namespace cxscribe
