// SealedBytes: a file's content in a memfd that can neither be written nor resized, with its hash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <absl/status/statusor.h>

#include "plugins/host/descriptor.h"

namespace cxscribe {

// Immutable; thread-safe. Equal bytes are one object, and so one descriptor and one mapping, as
// long as anybody holds it.
class SealedBytes {
 public:
  // Copies all of the open file `source`; `name` is for messages and for /proc. UNAVAILABLE (reason
  // FILE_CHANGING) when the file changed meanwhile, RESOURCE_EXHAUSTED when it is larger than
  // `limit` bytes.
  static absl::StatusOr<std::shared_ptr<const SealedBytes>> Copy(int source,
                                                                 const std::string& name,
                                                                 uint64_t limit);
  // Those of another process, in the sealed `memory`; takes its word for the hash. Only the mapping
  // is kept, so descriptor() is -1: a worker may have few.
  static absl::StatusOr<std::shared_ptr<const SealedBytes>> Adopt(Descriptor memory,
                                                                  std::string sha256);
  ~SealedBytes();
  SealedBytes(const SealedBytes&) = delete;
  SealedBytes& operator=(const SealedBytes&) = delete;

  const std::string& sha256() const { return sha256_; }
  int descriptor() const { return descriptor_; }
  // Mapped read-only as long as this lives.
  std::string_view view() const { return std::string_view(data_, size_); }

 private:
  explicit SealedBytes(int descriptor) : descriptor_(descriptor) {}
  // The object that already holds the same bytes, or `bytes`.
  static std::shared_ptr<const SealedBytes> Share(std::shared_ptr<const SealedBytes> bytes);

  const int descriptor_;
  const char* data_ = nullptr;
  size_t size_ = 0;
  std::string sha256_;
};

}  // namespace cxscribe
