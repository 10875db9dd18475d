// A plugin's data files: models and dictionaries, opened by the host when create asks for them.
#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "plugins/host/sealed_bytes.h"

namespace cxscribe {

// A snapshot of the file `name` (see cx_host.open_data) in `directory`; where that is empty, the
// stage has no data files. Errors name the file: FAILED_PRECONDITION, and those of OpenFileIn and
// SealedBytes::Copy.
absl::StatusOr<std::shared_ptr<const SealedBytes>> ReadDataFile(const std::string& directory,
                                                                const std::string& name);

}  // namespace cxscribe
