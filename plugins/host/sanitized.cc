#include "plugins/host/sanitized.h"

#include <dlfcn.h>
#include <string>

#include <absl/strings/str_cat.h>

#include "server/base/error.h"

namespace cxscribe {

absl::Status RefuseSanitized(const PluginFile& file, std::string_view remedy) {
  const std::string runtime = file.sanitizer_runtime();
  if (runtime.empty()) return absl::OkStatus();
  if (void* loaded = dlopen(runtime.c_str(), RTLD_NOW | RTLD_NOLOAD); loaded != nullptr) {
    dlclose(loaded);
    return absl::OkStatus();
  }
  return ErrorBuilder(
             absl::StatusCode::kFailedPrecondition, "PLUGIN_SANITIZED",
             absl::StrCat(file.path(), " was built with a sanitizer and needs ", runtime,
                          " first in its process: build it without, or ", std::string(remedy)))
      .Build();
}

}  // namespace cxscribe
