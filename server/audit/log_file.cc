#include "server/audit/log_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <utility>

#include <absl/strings/str_cat.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "server/base/directory.h"
#include "server/base/error.h"

namespace cxscribe {
namespace {

absl::Status Unwritable(const std::string& path, std::string_view action, int error) {
  return ErrorBuilder(absl::StatusCode::kUnavailable, "AUDIT_FILE_UNWRITABLE",
                      absl::StrCat("audit file ", path, ": cannot ", std::string(action),
                                   " it: ", std::strerror(error),
                                   "; check its disk, its permissions and audit.path"))
      .Build();
}

// A new file's name must survive a crash too. Best effort: not every file system can do it.
void SyncDirectoryOf(const std::string& path) {
  std::string directory = std::filesystem::path(path).parent_path().string();
  if (directory.empty()) directory = ".";
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

// Reads up to `size` bytes at `offset`: fewer only at the end of the file. Below 0: errno is set.
ssize_t ReadAt(int descriptor, char* data, size_t size, int64_t offset) {
  size_t done = 0;
  while (done < size) {
    const ssize_t got =
        pread(descriptor, data + done, size - done, offset + static_cast<int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return got;
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return static_cast<ssize_t>(done);
}

}  // namespace

absl::StatusOr<std::unique_ptr<AuditLogFile>> AuditLogFile::Open(const std::string& path) {
  if (const int error = MakeParentDirectories(path); error != 0) {
    return Unwritable(path, "make the folder of", error);
  }
  const int descriptor =
      open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  if (descriptor < 0) return Unwritable(path, "open", errno);
  std::unique_ptr<AuditLogFile> file(new AuditLogFile(path, descriptor));
  struct stat info;
  if (fstat(descriptor, &info) != 0) return Unwritable(path, "look at", errno);
  if (!S_ISREG(info.st_mode)) return Unwritable(path, "use (not a regular file)", EINVAL);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return Unwritable(path, "lock", errno);
    return ErrorBuilder(absl::StatusCode::kUnavailable, "AUDIT_FILE_IN_USE",
                        absl::StrCat("audit file ", path,
                                     " is written by another process; give "
                                     "each server an audit.path of its own"))
        .Build();
  }
  if (info.st_size == 0) SyncDirectoryOf(path);
  return file;
}

AuditLogFile::~AuditLogFile() { close(descriptor_); }

absl::StatusOr<bool> AuditLogFile::MatchNext(int64_t sequence, std::string_view line) {
  std::string bytes(line.size() + 1, '\0');
  const ssize_t got = ReadAt(descriptor_, bytes.data(), bytes.size(), matched_bytes_);
  if (got < 0) return Error("read", errno);
  bytes.resize(static_cast<size_t>(got));
  if (bytes.size() == line.size() + 1 && bytes.back() == '\n' &&
      std::equal(line.begin(), line.end(), bytes.begin())) {
    matched_bytes_ += got;
    return true;
  }
  const absl::StatusOr<bool> whole = HasWholeLine();
  if (!whole.ok()) return whole.status();
  if (!*whole) return false;
  return Disagreement(sequence, "is not the entry of that number in the store");
}

absl::Status AuditLogFile::CutTornTail(int64_t last_sequence) {
  const absl::StatusOr<bool> whole = HasWholeLine();
  if (!whole.ok()) return whole.status();
  if (*whole) {
    return Disagreement(
        last_sequence + 1,
        absl::StrCat("is more than the store has, which ends at entry ", last_sequence));
  }
  if (ftruncate(descriptor_, matched_bytes_) != 0) return Error("cut", errno);
  return absl::OkStatus();
}

absl::Status AuditLogFile::Append(std::string_view lines) {
  while (!lines.empty()) {
    const ssize_t written = write(descriptor_, lines.data(), lines.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Error("write", errno);
    lines.remove_prefix(static_cast<size_t>(written));
  }
  if (fdatasync(descriptor_) != 0) return Error("flush", errno);
  return absl::OkStatus();
}

absl::Status AuditLogFile::Error(std::string_view action, int error) const {
  return Unwritable(path_, action, error);
}

absl::Status AuditLogFile::Disagreement(int64_t line, std::string_view what) const {
  return ErrorBuilder(
             absl::StatusCode::kFailedPrecondition, "AUDIT_FILE_DISAGREES",
             absl::StrCat(path_, ":", line, ": the line ", std::string(what),
                          "; someone changed the file, or the store is an older copy. Keep the "
                          "file as it is for an investigation and move it away: the server then "
                          "writes the store's log anew"))
      .Metadata("line", absl::StrCat(line))
      .Build();
}

absl::StatusOr<bool> AuditLogFile::HasWholeLine() const {
  std::array<char, 64 * 1024> buffer;
  for (int64_t offset = matched_bytes_;;) {
    const ssize_t got = ReadAt(descriptor_, buffer.data(), buffer.size(), offset);
    if (got < 0) return Error("read", errno);
    if (std::memchr(buffer.data(), '\n', static_cast<size_t>(got)) != nullptr) return true;
    if (static_cast<size_t>(got) < buffer.size()) return false;
    offset += got;
  }
}

}  // namespace cxscribe
