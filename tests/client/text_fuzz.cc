// Any bytes as text for a terminal: what comes out is UTF-8 that steers nothing and stays as it is
// when it goes through again, and cutting and wrapping keep to their widths.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "client/text.h"
#include "server/base/utf8.h"

namespace {

using namespace cxscribe::client;

void Require(bool condition) {
  if (!condition) std::abort();
}

bool SteersTerminal(std::string_view text, bool newlines) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == 0x7F || (c < 0x20 && !(newlines && c == '\n'))) return true;
    // C1 controls, as UTF-8.
    if (c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      return true;
    }
  }
  return text.find("\xE2\x80\xAE") != text.npos;  // the right-to-left override
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string lines = NeutraliseLines(text);
  Require(cxscribe::IsValidUtf8(lines) && !SteersTerminal(lines, true));
  Require(NeutraliseLines(lines) == lines);

  const std::string neutral = Neutralise(text);
  Require(cxscribe::IsValidUtf8(neutral) && !SteersTerminal(neutral, false));
  Require(Neutralise(neutral) == neutral);

  for (const int width : {0, 1, 2, 10}) {
    const std::string cut = Truncate(neutral, width);
    Require(cxscribe::IsValidUtf8(cut));
    // One character that is two columns wide is not cut in half.
    Require(DisplayWidth(cut) <= (width == 2 ? 3 : width));
    Require(DisplayWidth(PadLeft(cut, 12)) == 12 && DisplayWidth(PadRight(cut, 12)) == 12);
    std::string joined;
    for (const std::string& line : Wrap(neutral, width)) {
      Require(cxscribe::IsValidUtf8(line) && line.find('\n') == line.npos);
      Require(DisplayWidth(line) <= (width < 2 ? 2 : width));
      for (const char c : line) {
        if (c != ' ') joined.push_back(c);
      }
    }
    std::string words;
    for (const char c : neutral) {
      if (c != ' ') words.push_back(c);
    }
    Require(joined == words);  // nothing but spaces is lost
  }
  return 0;
}
