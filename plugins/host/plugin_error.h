// Errors about a plugin, which all name the stage, the plugin and its version.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/time/time.h>

namespace cxscribe {

// Who did it; the stage is empty where there is none yet.
struct PluginIdentity {
  std::string stage;
  std::string plugin;
  std::string version;

  // `stage "punctuation" (plugin punctuation 1.0.0)`
  std::string ToString() const;
};

// `reason` is the ErrorInfo's, PLUGIN_VIOLATION for example.
absl::Status PluginStatus(const PluginIdentity& identity, absl::StatusCode code,
                          std::string_view reason, std::string_view message);

// The plugin broke the contract; `what` as in "emitted a segment that is not valid UTF-8".
absl::Status PluginViolation(const PluginIdentity& identity, std::string_view what);

// The plugin's own error. `code` is a cx_code, anything that is none counts as INTERNAL; both texts
// may be anything.
absl::Status PluginOwnError(const PluginIdentity& identity, std::string_view function, int32_t code,
                            std::string_view plugin_reason, std::string_view message);

// Code of the plugin ended its process: PLUGIN_CRASHED, INTERNAL. `signal` as in "SIGSEGV", empty
// where it ended otherwise; `attempts` 0: it was no call that could have been tried again. What is
// not known of the identity is left out.
absl::Status PluginCrash(const PluginIdentity& identity, std::string message,
                         const std::string& signal, absl::Duration elapsed, int attempts = 0);

}  // namespace cxscribe
