#include "plugins/host/safe_path.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <sys/stat.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

constexpr int kDirectoryFlags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
// Without O_NONBLOCK, opening a FIFO would wait for its writer.
constexpr int kFileFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

absl::Status Unsafe(const std::string& path, std::string_view why, std::string_view help) {
  return ErrorBuilder(absl::StatusCode::kPermissionDenied, "PLUGIN_UNSAFE_PATH",
                      absl::StrCat(path, " ", std::string(why), ": ", std::string(help)))
      .Build();
}

absl::Status SystemError(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return ErrorBuilder(absl::StatusCode::kNotFound, "PLUGIN_NOT_FOUND",
                        absl::StrCat(path, " does not exist"))
        .Build();
  }
  if (error == ELOOP) {
    return Unsafe(path, "is a symbolic link", "give the path that it points to");
  }
  return ErrorBuilder(
             error == EACCES ? absl::StatusCode::kPermissionDenied : absl::StatusCode::kUnavailable,
             "PLUGIN_READ", absl::StrCat("cannot open ", path, ": ", strerror(error)))
      .Build();
}

enum class Role { kAncestor, kDirectory, kFile };

absl::Status CheckNode(const Descriptor& node, const std::string& path, Role role) {
  struct stat status {};
  if (fstat(node.get(), &status) != 0) return SystemError(path, errno);
  if (S_ISLNK(status.st_mode)) {
    return Unsafe(path, "is a symbolic link", "give the path that it points to");
  }
  if (role == Role::kFile ? !S_ISREG(status.st_mode) : !S_ISDIR(status.st_mode)) {
    return Unsafe(path, role == Role::kFile ? "is not a regular file" : "is not a directory",
                  "check the path");
  }
  const bool sticky_ancestor = role == Role::kAncestor && (status.st_mode & S_ISVTX) != 0;
  if ((status.st_mode & S_IWOTH) != 0 && !sticky_ancestor) {
    return Unsafe(path, "is writable for everybody", "run chmod o-w on it");
  }
  return absl::OkStatus();
}

// Steps from `from` to its directory `name`; `path` is the whole path, for messages.
absl::StatusOr<Descriptor> StepInto(const Descriptor& from, const std::string& name,
                                    const std::string& path, Role role) {
  Descriptor next(openat(from.get(), name.c_str(), kDirectoryFlags));
  if (!next.valid()) return SystemError(path, errno);
  if (absl::Status status = CheckNode(next, path, role); !status.ok()) return status;
  return next;
}

absl::Status BadName(const std::string& name, std::string_view why) {
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "PLUGIN_NAME",
                      absl::StrCat("\"", name, "\" ", std::string(why)))
      .Build();
}

}  // namespace

absl::StatusOr<Descriptor> OpenDirectory(const std::string& path) {
  std::filesystem::path wanted = std::filesystem::path(path).lexically_normal();
  if (!wanted.has_filename()) wanted = wanted.parent_path();  // a trailing slash
  if (!wanted.is_absolute() || path.find('\0') != std::string::npos) {
    return BadName(path, "is not an absolute path of a directory");
  }
  const std::string parent = wanted.parent_path().string();
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(parent.c_str(), nullptr),
                                                         &std::free);
  if (real == nullptr) return SystemError(parent, errno);

  Descriptor current(open("/", kDirectoryFlags));
  if (!current.valid()) return SystemError("/", errno);
  std::string walked;
  const std::vector<std::string> components = absl::StrSplit(real.get(), '/', absl::SkipEmpty());
  for (const std::string& component : components) {
    absl::StrAppend(&walked, "/", component);
    absl::StatusOr<Descriptor> next = StepInto(current, component, walked, Role::kAncestor);
    if (!next.ok()) return next.status();
    current = *std::move(next);
  }
  if (wanted == wanted.root_path()) return BadName(path, "cannot hold plugins");
  return StepInto(current, wanted.filename().string(), wanted.string(), Role::kDirectory);
}

absl::StatusOr<Descriptor> OpenFileIn(const Descriptor& directory,
                                      const std::string& directory_path, const std::string& name) {
  const std::vector<std::string> components = absl::StrSplit(name, '/');
  for (const std::string& component : components) {
    if (component.empty() || component == "." || component == ".." ||
        component.find('\0') != std::string::npos) {
      return BadName(name, absl::StrCat("must be a plain relative path inside ", directory_path,
                                        ", without \"..\" or empty parts"));
    }
  }
  std::string walked = directory_path;
  Descriptor current;
  const Descriptor* from = &directory;
  for (size_t i = 0; i + 1 < components.size(); ++i) {
    absl::StrAppend(&walked, "/", components[i]);
    absl::StatusOr<Descriptor> next = StepInto(*from, components[i], walked, Role::kDirectory);
    if (!next.ok()) return next.status();
    current = *std::move(next);
    from = &current;
  }
  absl::StrAppend(&walked, "/", components.back());
  Descriptor file(openat(from->get(), components.back().c_str(), kFileFlags));
  if (!file.valid()) return SystemError(walked, errno);
  if (absl::Status status = CheckNode(file, walked, Role::kFile); !status.ok()) return status;
  return file;
}

}  // namespace cxscribe
