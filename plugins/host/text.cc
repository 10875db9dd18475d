#include "plugins/host/text.h"

#include "server/base/utf8.h"

namespace cxscribe {

std::string Printable(std::string_view text, size_t limit) {
  std::string printable;
  while (!text.empty()) {
    size_t size = Utf8SequenceLength(text);
    const unsigned char first = static_cast<unsigned char>(text.front());
    const bool replace = size == 0 || (size == 1 && (first < 0x20 || first == 0x7F));
    if (size == 0) size = 1;
    if (printable.size() + size > limit) break;
    printable += replace ? std::string_view("?") : text.substr(0, size);
    text.remove_prefix(size);
  }
  return printable;
}

}  // namespace cxscribe
