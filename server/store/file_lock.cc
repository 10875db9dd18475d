#include "server/store/file_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <sys/file.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

absl::Status LockError(const std::string& lock_path, int error) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "STORE_LOCK",
                      absl::StrCat("cannot lock ", lock_path, ": ", std::strerror(error)))
      .Build();
}

std::string ReadHolder(int descriptor) {
  char text[32];
  const ssize_t size = pread(descriptor, text, sizeof text, 0);
  if (size <= 0) return "another process";
  return absl::StrCat(
      "process ", absl::StripAsciiWhitespace(absl::string_view(text, static_cast<size_t>(size))));
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileLock>> FileLock::Acquire(const std::string& path) {
  const std::string lock_path = path + ".lock";
  const int descriptor = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return LockError(lock_path, errno);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string holder = ReadHolder(descriptor);
    close(descriptor);
    if (error != EWOULDBLOCK) return LockError(lock_path, error);
    return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "STORE_IN_USE",
                        absl::StrCat(path, " is in use by ", holder,
                                     "; one server at a time may use it: stop that one, or set "
                                     "another storage.path"))
        .Build();
  }
  // The holder's id only helps people; the lock is the kernel's.
  const std::string pid = absl::StrCat(getpid(), "\n");
  if (ftruncate(descriptor, 0) != 0 ||
      pwrite(descriptor, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    const int error = errno;
    close(descriptor);
    return LockError(lock_path, error);
  }
  return std::unique_ptr<FileLock>(new FileLock(descriptor));
}

FileLock::~FileLock() { close(descriptor_); }

}  // namespace cxscribe
