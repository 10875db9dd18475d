#include "plugins/redaction/fold.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace cxscribe::redaction {
namespace {

// The zeros of the decimal digits (General_Category Nd) of the Unicode Character Database 15.1; nine
// more digits follow each. The mathematical digits at 1D7CE are five sets without a gap.
constexpr char32_t kZeros[] = {
    0x0660,  0x06F0,  0x07C0,  0x0966,  0x09E6,  0x0A66,  0x0AE6,  0x0B66,  0x0BE6,  0x0C66,
    0x0CE6,  0x0D66,  0x0DE6,  0x0E50,  0x0ED0,  0x0F20,  0x1040,  0x1090,  0x17E0,  0x1810,
    0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,  0xA8D0,
    0xA900,  0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066, 0x110F0,
    0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950,
    0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2,
    0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950, 0x1FBF0};

// What has no picture of its own: Default_Ignorable_Code_Point of the Unicode Character Database
// 15.1. Zero-width and bidirectional signs, variation selectors and tags are among them.
struct Range {
  char32_t first;
  char32_t last;
};
constexpr Range kInvisible[] = {
    {0x00AD, 0x00AD},   {0x034F, 0x034F},  {0x061C, 0x061C}, {0x115F, 0x1160}, {0x17B4, 0x17B5},
    {0x180B, 0x180F},   {0x200B, 0x200F},  {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},  {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: not UTF-8
};

Character CharacterAt(std::string_view s, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
  const unsigned lead = byte(i);
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (bytes == 0 || i + bytes > s.size()) return {};
  char32_t code = lead & (0x7FU >> bytes);
  for (std::size_t k = i + 1; k < i + bytes; ++k) {
    if ((byte(k) & 0xC0U) != 0x80) return {};
    code = code << 6U | (byte(k) & 0x3FU);
  }
  constexpr char32_t kFirst[] = {0x80, 0x800, 0x10000};  // of two, three and four bytes
  if (code < kFirst[bytes - 2]) return {};
  return {code, bytes};
}

bool IsInvisible(char32_t code) {
  const auto* const range = std::lower_bound(std::begin(kInvisible), std::end(kInvisible), code,
                                             [](const Range& r, char32_t c) { return r.last < c; });
  return range != std::end(kInvisible) && range->first <= code;
}

char DigitOf(char32_t code) {
  const auto* const after = std::upper_bound(std::begin(kZeros), std::end(kZeros), code);
  if (after == std::begin(kZeros) || code - after[-1] > 9) return 0;
  return static_cast<char>('0' + (code - after[-1]));
}

// The ASCII sign for a typographic one; 0: there is none.
char SignOf(char32_t code) {
  constexpr char32_t kFullWidth = 0xFF00 - 0x20;  // FF01..FF5E are '!'..'~'
  if (code >= 0xFF01 && code <= 0xFF5E) {
    const char c = static_cast<char>(code - kFullWidth);
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (code >= 0x2000 && code <= 0x200A) return ' ';
  if (code >= 0x2010 && code <= 0x2015) return '-';
  switch (code) {
    case 0x00A0:
    case 0x202F:
    case 0x3000:
      return ' ';
    case 0x00B7:  // middle dot
    case 0x2022:  // bullet
    case 0x2212:  // minus
      return '-';
    case 0x2018:
    case 0x2019:
      return '\'';
    case 0x201C:
    case 0x201D:
      return '"';
    case 0x2026:
      return '.';
    default:
      return 0;
  }
}

// Latin-1's letters from C0 on without accents; '\0': more than one letter, or none.
constexpr std::string_view kLatin1 = {
    "aaaaaa\0ceeeeiiiidnooooo\0ouuuuy\0\0aaaaaa\0ceeeeiiiidnooooo\0ouuuuy\0y", 64};

// A letter without its accent, and the marks of the four languages; empty: it stays.
std::string_view PlainLetter(char32_t code) {
  if (code >= 0xC0 && code <= 0xFF && kLatin1[code - 0xC0] != 0) {
    return kLatin1.substr(code - 0xC0, 1);
  }
  switch (code) {
    case 0xDF:
    case 0x1E9E:
      return "ss";
    case 0xC6:
    case 0xE6:
      return "ae";
    case 0x152:
    case 0x153:
      return "oe";
    case 0xAA:  // "1ª"
      return "a";
    case 0xBA:
      return "o";
    case 0xA1:  // the signs that open a question and a quotation
    case 0xBF:
    case 0xAB:
    case 0xBB:
    case 0x201E:
      return "\"";
    default:
      return {};
  }
}

bool IsCombining(char32_t code) { return code >= 0x300 && code <= 0x36F; }

// What the character becomes, "" where it is left out; nullopt: it stays as it is.
std::optional<std::string_view> Becomes(char32_t code, Accents accents, char* one) {
  if (IsInvisible(code)) return std::string_view();
  *one = SignOf(code);
  if (*one == 0) *one = DigitOf(code);
  if (*one != 0) {
    if (*one == '\'' && accents == Accents::kFolded) *one = ' ';
    return std::string_view(one, 1);
  }
  if (accents == Accents::kKept) return std::nullopt;
  const std::string_view letter = PlainLetter(code);
  if (!letter.empty()) return letter;
  return std::nullopt;
}

}  // namespace

PlainText Fold(std::string_view original, Accents accents) {
  PlainText plain;
  std::string& text = plain.text;
  text = original;
  unsigned bits = 0;
  for (char& c : text) {
    bits |= static_cast<unsigned char>(c);
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (accents == Accents::kFolded) std::replace(text.begin(), text.end(), '\'', ' ');
  const bool ascii = bits < 0x80;
  if (ascii) return plain;
  // In place: what is written never overtakes what is read.
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Character character = CharacterAt(text, i);
    if (character.bytes == 0) {
      text[size++] = text[i++];
      continue;
    }
    const auto at = static_cast<std::int32_t>(size);
    const auto origin = static_cast<std::int32_t>(i);
    const auto taken = static_cast<std::int32_t>(character.bytes);
    i += character.bytes;
    if (accents == Accents::kFolded && IsCombining(character.code) && size > 0) {
      // It goes with its letter.
      const bool touches =
          !plain.edits.empty() && plain.edits.back().origin + plain.edits.back().taken == origin;
      if (touches) {
        plain.edits.back().taken += taken;
      } else {
        plain.edits.push_back({at - 1, 1, origin - 1, taken + 1});
      }
      continue;
    }
    char one = 0;
    const auto becomes = Becomes(character.code, accents, &one);
    if (!becomes) {
      for (std::size_t k = i - character.bytes; k < i; ++k) text[size++] = text[k];
      continue;
    }
    const auto kept = static_cast<std::int32_t>(becomes->size());
    for (const char c : *becomes) text[size++] = c;
    if (kept != taken || kept > 1) plain.edits.push_back({at, kept, origin, taken});
  }
  text.resize(size);
  return plain;
}

}  // namespace cxscribe::redaction
