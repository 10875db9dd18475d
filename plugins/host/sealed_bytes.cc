#include "plugins/host/sealed_bytes.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <unordered_map>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/strings/str_cat.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "plugins/host/descriptor.h"
#include "server/base/error.h"
#include "server/base/hash.h"
#include "server/base/mutex.h"

namespace cxscribe {
namespace {

absl::Status SystemError(const std::string& what, int error) {
  return ErrorBuilder(absl::StatusCode::kUnavailable, "PLUGIN_READ",
                      absl::StrCat(what, ": ", strerror(error)))
      .Build();
}

bool SameFile(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec && a.st_ctim.tv_sec == b.st_ctim.tv_sec &&
         a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
}

absl::Status WriteAll(int descriptor, const char* data, size_t size) {
  while (size > 0) {
    const ssize_t written = write(descriptor, data, size);
    if (written < 0) {
      if (errno == EINTR) continue;
      return SystemError("cannot fill a memfd", errno);
    }
    data += written;
    size -= static_cast<size_t>(written);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const SealedBytes>> SealedBytes::Copy(int source,
                                                                     const std::string& name,
                                                                     uint64_t limit) {
  struct stat before {};
  if (fstat(source, &before) != 0) return SystemError(absl::StrCat("cannot stat ", name), errno);
  if (static_cast<uint64_t>(before.st_size) > limit) {
    return ErrorBuilder(absl::StatusCode::kResourceExhausted, "PLUGIN_READ",
                        absl::StrCat(name, " has ", before.st_size, " bytes, more than the ", limit,
                                     " that are allowed"))
        .Build();
  }
  // The name is shown in /proc/PID/maps; the kernel takes up to 249 bytes.
  const std::string label = name.substr(name.find_last_of('/') + 1).substr(0, 200);
  Descriptor memory(memfd_create(label.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory.valid()) return SystemError("cannot make a memfd", errno);

  std::vector<char> buffer(1 << 20);
  uint64_t copied = 0;
  while (true) {
    const ssize_t count = read(source, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(absl::StrCat("cannot read ", name), errno);
    if (count == 0) break;
    copied += static_cast<uint64_t>(count);
    if (copied > limit) break;  // it grows; reported below
    if (absl::Status status = WriteAll(memory.get(), buffer.data(), static_cast<size_t>(count));
        !status.ok()) {
      return status;
    }
  }
  struct stat after {};
  if (fstat(source, &after) != 0) return SystemError(absl::StrCat("cannot stat ", name), errno);
  if (!SameFile(before, after) || copied != static_cast<uint64_t>(after.st_size)) {
    return ErrorBuilder(absl::StatusCode::kUnavailable, "FILE_CHANGING",
                        absl::StrCat(name, " changed while it was read: replace files by renaming"))
        .Build();
  }
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  if (fcntl(memory.get(), F_ADD_SEALS, kSeals) != 0) {
    return SystemError("cannot seal a memfd", errno);
  }

  std::shared_ptr<SealedBytes> bytes(new SealedBytes(memory.get()));
  memory.Release();
  bytes->size_ = static_cast<size_t>(copied);
  if (bytes->size_ > 0) {
    void* data = mmap(nullptr, bytes->size_, PROT_READ, MAP_PRIVATE, bytes->descriptor_, 0);
    if (data == MAP_FAILED) return SystemError(absl::StrCat("cannot map ", name), errno);
    bytes->data_ = static_cast<const char*>(data);
  }
  bytes->sha256_ = Sha256Hex(bytes->view());
  return Share(std::move(bytes));
}

absl::StatusOr<std::shared_ptr<const SealedBytes>> SealedBytes::Adopt(Descriptor memory,
                                                                      std::string sha256) {
  struct stat stat {};
  if (fstat(memory.get(), &stat) != 0) return SystemError("cannot stat a memfd", errno);
  std::shared_ptr<SealedBytes> bytes(new SealedBytes(-1));
  const auto size = static_cast<size_t>(stat.st_size);
  if (size > 0) {
    void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, memory.get(), 0);
    if (data == MAP_FAILED) return SystemError("cannot map a memfd", errno);
    bytes->data_ = static_cast<const char*>(data);
    bytes->size_ = size;
  }
  bytes->sha256_ = std::move(sha256);
  return std::shared_ptr<const SealedBytes>(std::move(bytes));
}

std::shared_ptr<const SealedBytes> SealedBytes::Share(std::shared_ptr<const SealedBytes> bytes) {
  static Mutex mutex;
  // Never destroyed: it is used until the process ends.
  static auto& known = *new std::unordered_map<std::string, std::weak_ptr<const SealedBytes>>();
  MutexLock lock(mutex);
  std::weak_ptr<const SealedBytes>& slot = known[bytes->sha256()];
  if (std::shared_ptr<const SealedBytes> shared = slot.lock()) return shared;
  slot = bytes;
  return bytes;
}

SealedBytes::~SealedBytes() {
  if (data_ != nullptr) munmap(const_cast<char*>(data_), size_);
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace cxscribe
