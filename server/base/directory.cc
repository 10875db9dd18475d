#include "server/base/directory.h"

#include <cerrno>
#include <filesystem>

#include <sys/stat.h>

namespace cxscribe {
namespace {

int MakeDirectory(const std::filesystem::path& directory) {
  if (directory.empty() || mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST) return 0;
  if (errno != ENOENT || directory.parent_path() == directory) return errno;
  if (const int error = MakeDirectory(directory.parent_path()); error != 0) return error;
  return mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST ? 0 : errno;
}

}  // namespace

int MakeParentDirectories(const std::string& file) {
  return MakeDirectory(std::filesystem::path(file).parent_path());
}

}  // namespace cxscribe
