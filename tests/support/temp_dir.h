// TempDir: a folder of the test's own, removed with everything in it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace cxscribe {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string File(std::string_view name) const { return (path_ / name).string(); }
  // Writes `content` to `name` inside the folder and returns the whole path.
  std::string Write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

// The content of a file; fails the program when it cannot be read.
std::string ReadFile(const std::string& path);

}  // namespace cxscribe
