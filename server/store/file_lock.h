// FileLock: keeps two processes from using one file.
#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>

namespace cxscribe {

// Held until destroyed; the kernel lets go of it when the process ends, however it ends.
// Thread-safe.
class FileLock {
 public:
  // Takes the lock of `path`, which stands in the file `path` + ".lock" (mode 0600, left behind).
  // FAILED_PRECONDITION with reason STORE_IN_USE, naming the holder's process id, when another
  // holds it.
  static absl::StatusOr<std::unique_ptr<FileLock>> Acquire(const std::string& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  const int descriptor_;
};

}  // namespace cxscribe
