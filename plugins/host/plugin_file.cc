#include "plugins/host/plugin_file.h"

#include <cctype>
#include <filesystem>
#include <string_view>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "plugins/host/descriptor.h"
#include "plugins/host/elf.h"
#include "plugins/host/limits.h"
#include "plugins/host/safe_path.h"
#include "server/base/error.h"

namespace cxscribe {
namespace {

absl::Status Error(absl::StatusCode code, std::string_view reason, std::string message) {
  return ErrorBuilder(code, reason, std::move(message)).Build();
}

bool IsSha256(std::string_view text) {
  if (text.size() != 64) return false;
  for (const char c : text) {
    if (!std::isxdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const PluginFile>> PluginFile::Open(const Options& options) {
  if (!options.sha256.empty() && !IsSha256(options.sha256)) {
    return Error(absl::StatusCode::kInvalidArgument, "PLUGIN_PIN",
                 absl::StrCat("sha256 must be 64 hex digits, as sha256sum prints them; it has ",
                              options.sha256.size(), " characters"));
  }
  const std::filesystem::path directory =
      (std::filesystem::path(options.directory) / "").lexically_normal().parent_path();
  std::string name = options.name;
  if (!name.empty() && name.front() == '/') {
    const std::string prefix = absl::StrCat(directory.string(), "/");
    if (name.compare(0, prefix.size(), prefix) != 0) {
      return Error(
          absl::StatusCode::kInvalidArgument, "PLUGIN_NAME",
          absl::StrCat("\"", name, "\" is not inside the plugin directory ", directory.string()));
    }
    name.erase(0, prefix.size());
  }

  absl::StatusOr<Descriptor> opened = OpenDirectory(options.directory);
  if (!opened.ok()) return Annotate(opened.status(), "plugin directory");
  absl::StatusOr<Descriptor> file = OpenFileIn(*opened, directory.string(), name);
  if (!file.ok()) return file.status();
  const std::string path = (directory / name).string();
  auto bytes = SealedBytes::Copy(file->get(), path, kMaxPluginFileBytes);
  if (!bytes.ok()) return bytes.status();

  if (!options.sha256.empty() && absl::AsciiStrToLower(options.sha256) != (*bytes)->sha256()) {
    return Error(absl::StatusCode::kFailedPrecondition, "PLUGIN_PIN",
                 absl::StrCat(path, " has SHA-256 ", (*bytes)->sha256(), ", but ", options.sha256,
                              " is pinned: it is not the file that was approved"));
  }
  if (const std::string problem = ElfProblem((*bytes)->view()); !problem.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, "PLUGIN_NOT_ELF",
                 absl::StrCat(path, " ", problem));
  }
  return std::shared_ptr<const PluginFile>(new PluginFile(path, *std::move(bytes)));
}

std::string PluginFile::sanitizer_runtime() const { return SanitizerRuntime(bytes_->view()); }

}  // namespace cxscribe
