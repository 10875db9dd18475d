// LoadedPlugin: a plugin's library in this process, with its checked table.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "cxscribe/plugin.h"
#include "plugins/host/config_schema.h"
#include "plugins/host/plugin_file.h"
#include "plugins/host/plugin_table.h"

namespace cxscribe {

// Immutable; thread-safe; lives as long as the process, as the library does.
class LoadedPlugin {
 public:
  // Loads a library once, however often and from whatever thread it is asked for. Errors: see
  // OpenInProcess.
  static absl::StatusOr<const LoadedPlugin*> Load(const PluginFile& file);

  // The same for bytes in the sealed memfd `descriptor`, which stays open; errors name no file.
  static absl::StatusOr<const LoadedPlugin*> LoadBytes(int descriptor, const std::string& sha256);

  const cx_plugin& table() const { return table_.table; }
  // Without file and sha256.
  const PluginInfo& info() const { return table_.info; }
  // All problems of a configuration, the schema's or, where there are none, the plugin's own.
  std::vector<ConfigProblem> CheckConfig(std::string_view config_json) const;

 private:
  LoadedPlugin(PluginTable table, std::unique_ptr<const ConfigSchema> schema)
      : table_(std::move(table)), schema_(std::move(schema)) {}
  static absl::StatusOr<const LoadedPlugin*> LoadFirst(int descriptor);

  const PluginTable table_;
  const std::unique_ptr<const ConfigSchema> schema_;
};

}  // namespace cxscribe
