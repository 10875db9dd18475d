#include "plugins/training/dialogues.h"

#include <memory>
#include <stdexcept>
#include <zlib.h>

namespace cxscribe::training {

void ReadLines(const std::string& path, const std::function<void(std::string_view line)>& take) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), &gzclose);
  if (file == nullptr) throw std::runtime_error(path + " cannot be opened");
  std::string line;
  char piece[1 << 14];
  while (gzgets(file.get(), piece, sizeof(piece)) != nullptr) {
    line += piece;
    if (line.back() != '\n') continue;
    line.pop_back();
    take(line);
    line.clear();
  }
  int error = Z_OK;
  const char* what = gzerror(file.get(), &error);
  if (error != Z_OK && error != Z_STREAM_END) throw std::runtime_error(path + ": " + what);
  if (!line.empty()) take(line);
}

void ReadDialogues(const std::string& path, const std::function<void(const DialogueTurn&)>& take) {
  ReadLines(path, [&](std::string_view line) {
    const std::size_t first = line.find('\t');
    const std::size_t second = first == line.npos ? first : line.find('\t', first + 1);
    if (second == line.npos) {
      throw std::runtime_error(path + " is not dialogue<TAB>speaker<TAB>text");
    }
    take({line.substr(0, first), line.substr(first + 1, second - first - 1),
          line.substr(line.rfind('\t') + 1)});
  });
}

}  // namespace cxscribe::training
