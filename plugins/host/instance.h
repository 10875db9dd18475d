// PluginInstance: one instance of a plugin in this process, with the host it sees and its data
// files.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>

#include "cxscribe/plugin.h"
#include "cxscribe/v1/evidence.pb.h"
#include "plugins/host/loaded_plugin.h"
#include "plugins/host/plugin_error.h"
#include "plugins/host/sealed_bytes.h"
#include "server/base/mutex.h"

namespace cxscribe {

// Process may be called by one thread at a time, or by many if the plugin is reentrant.
class PluginInstance {
 public:
  struct Options {
    const LoadedPlugin* plugin = nullptr;
    PluginIdentity identity;
    std::string config_json;
    // Opens a data file of the stage; see ReadDataFile.
    std::function<absl::StatusOr<std::shared_ptr<const SealedBytes>>(const std::string& name)>
        open_data;
    // Takes the plugin's log lines; called from any of its threads until the instance is destroyed.
    std::function<void(cx_log_level, const cx_string&)> log;
  };

  // Calls the plugin's create. PLUGIN_ERROR, or PLUGIN_VIOLATION.
  static absl::StatusOr<std::shared_ptr<PluginInstance>> Create(Options options);
  // Calls its destroy.
  ~PluginInstance();
  PluginInstance(const PluginInstance&) = delete;
  PluginInstance& operator=(const PluginInstance&) = delete;

  // Calls the plugin's process; `threw` says whether an exception came across the boundary.
  cx_code Process(const cx_context* context, const cx_transcript* transcript, const cx_sink* sink,
                  bool& threw);

  // The data files that create opened, by name.
  std::vector<v1::ResourceDigest> Resources() const;

 private:
  explicit PluginInstance(Options options);
  absl::Status Start();
  cx_code OpenData(const cx_string& name, cx_bytes& bytes);

  static const void* GetExtension(const cx_host* host, cx_string id) noexcept;
  static void Log(const cx_host* host, cx_log_level level, cx_string message) noexcept;
  static cx_code OpenDataThunk(const cx_host* host, cx_string name, cx_bytes* bytes) noexcept;
  static void Fail(const cx_host* host, cx_code code, cx_string reason, cx_string message) noexcept;

  const Options options_;
  cx_host host_ = {};
  cx_instance* instance_ = nullptr;
  std::atomic<bool> creating_{false};

  mutable Mutex mutex_;
  // Also keeps the bytes that the plugin reads.
  std::map<std::string, std::shared_ptr<const SealedBytes>> files_ ABSL_GUARDED_BY(mutex_);
  // Why create failed: the plugin's first fail, and the last file that could not be opened.
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  absl::Status file_failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cxscribe
