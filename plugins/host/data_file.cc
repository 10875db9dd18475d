#include "plugins/host/data_file.h"

#include <absl/strings/str_cat.h>

#include "plugins/host/limits.h"
#include "plugins/host/safe_path.h"
#include "plugins/host/text.h"

namespace cxscribe {

absl::StatusOr<std::shared_ptr<const SealedBytes>> ReadDataFile(const std::string& directory,
                                                                const std::string& name) {
  if (directory.empty()) {
    return absl::FailedPreconditionError(absl::StrCat("the plugin asks for the data file \"",
                                                      Printable(name, kMaxMessageBytes),
                                                      "\", but its stage has no data directory"));
  }
  absl::StatusOr<Descriptor> opened = OpenDirectory(directory);
  if (!opened.ok()) return opened.status();
  absl::StatusOr<Descriptor> file = OpenFileIn(*opened, directory, name);
  if (!file.ok()) return file.status();
  return SealedBytes::Copy(file->get(), absl::StrCat(directory, "/", name), kMaxDataFileBytes);
}

}  // namespace cxscribe
