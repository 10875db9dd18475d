#include "tests/support/temp_dir.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdlib.h>

namespace cxscribe {

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "cxscribe-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    std::perror("mkdtemp");
    std::abort();
  }
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::Write(std::string_view name, std::string_view content) const {
  const std::string file = File(name);
  std::filesystem::create_directories(std::filesystem::path(file).parent_path());
  std::ofstream out(file, std::ios::binary);
  out << content;
  if (!out.flush()) {
    std::perror(file.c_str());
    std::abort();
  }
  return file;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    std::perror(path.c_str());
    std::abort();
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace cxscribe
