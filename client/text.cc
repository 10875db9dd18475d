#include "client/text.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <utf8proc.h>

namespace cxscribe::client {
namespace {

constexpr int32_t kReplacement = 0xFFFD;

// Takes one code point off the front of `text`; kReplacement and one byte where it is not UTF-8.
int32_t TakeCodePoint(std::string_view& text) {
  utf8proc_int32_t code_point = -1;
  const auto taken = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  if (taken <= 0 || code_point < 0) {
    text.remove_prefix(1);
    return kReplacement;
  }
  text.remove_prefix(static_cast<size_t>(taken));
  return code_point;
}

void AppendUtf8(int32_t code_point, std::string& out) {
  utf8proc_uint8_t bytes[4];
  const auto count = utf8proc_encode_char(code_point, bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
}

// Characters that reorder, hide or separate text without being seen.
bool IsInvisibleFormat(int32_t c) {
  return c == 0x061C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

void AppendNeutral(int32_t c, std::string& out) {
  if (c == '\n' || c == '\t' || c == '\r') {
    out.push_back(' ');
  } else if (c < 0x20) {
    AppendUtf8(0x2400 + c, out);  // the control pictures block: ESC shows as ␛
  } else if (c == 0x7F) {
    AppendUtf8(0x2421, out);
  } else if ((c >= 0x80 && c <= 0x9F) || IsInvisibleFormat(c)) {
    char name[16];
    std::snprintf(name, sizeof name, "<U+%04X>", static_cast<unsigned>(c));
    out += name;
  } else {
    AppendUtf8(c, out);
  }
}

std::string NeutraliseKeeping(std::string_view text, bool keep_newlines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const int32_t c = TakeCodePoint(text);
    if (c == '\n' && keep_newlines) {
      out.push_back('\n');
    } else {
      AppendNeutral(c, out);
    }
  }
  return out;
}

// The longest prefix of `text` of at most `width` columns, in bytes; at least one code point.
size_t PrefixOfWidth(std::string_view text, int width) {
  std::string_view rest = text;
  int used = 0;
  while (!rest.empty()) {
    const size_t before = text.size() - rest.size();
    const int columns = std::max(0, utf8proc_charwidth(TakeCodePoint(rest)));
    if (used + columns > width && before > 0) return before;
    used += columns;
  }
  return text.size();
}

}  // namespace

std::string Neutralise(std::string_view text) { return NeutraliseKeeping(text, false); }

std::string NeutraliseLines(std::string_view text) { return NeutraliseKeeping(text, true); }

int DisplayWidth(std::string_view text) {
  int width = 0;
  while (!text.empty()) width += std::max(0, utf8proc_charwidth(TakeCodePoint(text)));
  return width;
}

std::string Truncate(std::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  if (width <= 0) return "";
  if (width == 1) return "…";
  return std::string(text.substr(0, PrefixOfWidth(text, width - 1))) + "…";
}

std::string PadRight(std::string_view text, int width) {
  const int missing = width - DisplayWidth(text);
  return std::string(text) + std::string(static_cast<size_t>(std::max(0, missing)), ' ');
}

std::string PadLeft(std::string_view text, int width) {
  const int missing = width - DisplayWidth(text);
  return std::string(static_cast<size_t>(std::max(0, missing)), ' ') + std::string(text);
}

std::vector<std::string> Wrap(std::string_view text, int width) {
  width = std::max(1, width);
  std::vector<std::string> lines;
  std::string line;
  int used = 0;
  while (!text.empty()) {
    if (text.front() == ' ') {
      text.remove_prefix(1);
      continue;
    }
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    int columns = DisplayWidth(word);
    // Not `used`: a line may hold a word that takes no column.
    if (!line.empty() && used + 1 + columns > width) {
      lines.push_back(std::move(line));
      line.clear();
      used = 0;
    }
    if (!line.empty()) {
      line.push_back(' ');
      ++used;
    }
    while (columns > width) {
      const size_t cut = PrefixOfWidth(word, width);
      if (cut == word.size()) break;  // one character wider than the line
      lines.emplace_back(word.substr(0, cut));
      word.remove_prefix(cut);
      columns = DisplayWidth(word);
    }
    line += word;
    used += columns;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string Paint(std::string_view text, Style style, bool colour) {
  const char* code = "";
  switch (style) {
    case Style::kPlain:
      break;
    case Style::kBold:
      code = "1";
      break;
    case Style::kDim:
      code = "2";
      break;
    case Style::kRed:
      code = "31";
      break;
    case Style::kGreen:
      code = "32";
      break;
    case Style::kYellow:
      code = "33";
      break;
    case Style::kBlue:
      code = "34";
      break;
    case Style::kCyan:
      code = "36";
      break;
  }
  if (!colour || *code == '\0') return std::string(text);
  return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace cxscribe::client
