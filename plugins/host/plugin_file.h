// PluginFile: the bytes of a plugin, read once, hashed, and kept where nobody can change them.
//
// A library that is mapped from an ordinary file runs other code, or kills the process, when that
// file is overwritten or truncated. So the file is copied into a sealed memfd, and what was hashed
// is what is loaded. No code of the plugin runs here: a PluginFile is what the host, and later a
// worker process, loads from.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <absl/status/statusor.h>

#include "plugins/host/sealed_bytes.h"

namespace cxscribe {

// Immutable; thread-safe. Equal bytes share one descriptor.
class PluginFile {
 public:
  struct Options {
    // Absolute. Neither it nor a directory above it may be writable for everybody (but for sticky
    // ones above it, such as /tmp), and the directory itself may not be a symbolic link.
    std::string directory;
    // Relative to the directory, without "..", or absolute and inside it.
    std::string name;
    // 64 hex digits that the bytes must hash to; empty: anything.
    std::string sha256;
  };

  // Errors: INVALID_ARGUMENT (name, pin), NOT_FOUND, PERMISSION_DENIED (links, modes),
  // FAILED_PRECONDITION (not a shared library for this machine, pin does not match), UNAVAILABLE
  // (changed while it was read). Reasons: PLUGIN_NAME, PLUGIN_PIN, PLUGIN_NOT_FOUND,
  // PLUGIN_UNSAFE_PATH, PLUGIN_NOT_ELF, FILE_CHANGING, PLUGIN_READ.
  static absl::StatusOr<std::shared_ptr<const PluginFile>> Open(const Options& options);

  // The absolute path that was read; for messages.
  const std::string& path() const { return path_; }
  const std::string& sha256() const { return bytes_->sha256(); }
  // A read-only, sealed memfd with the bytes; open as long as somebody holds them.
  int descriptor() const { return bytes_->descriptor(); }
  const std::shared_ptr<const SealedBytes>& bytes() const { return bytes_; }
  // See elf.h.
  std::string sanitizer_runtime() const;

 private:
  PluginFile(std::string path, std::shared_ptr<const SealedBytes> bytes)
      : path_(std::move(path)), bytes_(std::move(bytes)) {}

  const std::string path_;
  const std::shared_ptr<const SealedBytes> bytes_;
};

}  // namespace cxscribe
