#include "plugins/host/plugin_error.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/host/limits.h"
#include "plugins/host/text.h"
#include "server/base/error.h"

namespace cxscribe {
namespace {

void AddIdentity(const PluginIdentity& identity, ErrorBuilder& builder) {
  if (!identity.stage.empty()) builder.Metadata("stage", identity.stage);
  if (!identity.plugin.empty()) builder.Metadata("plugin", identity.plugin);
  if (!identity.version.empty()) builder.Metadata("version", identity.version);
}

ErrorBuilder Builder(const PluginIdentity& identity, absl::StatusCode code, std::string_view reason,
                     const std::string& message) {
  ErrorBuilder builder(code, reason, absl::StrCat(identity.ToString(), ": ", message));
  AddIdentity(identity, builder);
  return builder;
}

}  // namespace

std::string PluginIdentity::ToString() const {
  const std::string name = absl::StrCat("plugin ", plugin, " ", version);
  return stage.empty() ? name : absl::StrCat("stage \"", stage, "\" (", name, ")");
}

absl::Status PluginStatus(const PluginIdentity& identity, absl::StatusCode code,
                          std::string_view reason, std::string_view message) {
  return Builder(identity, code, reason, std::string(message)).Build();
}

absl::Status PluginViolation(const PluginIdentity& identity, std::string_view what) {
  return PluginStatus(identity, absl::StatusCode::kInternal, "PLUGIN_VIOLATION",
                      absl::StrCat("broke the plugin contract: ", std::string(what)));
}

absl::Status PluginOwnError(const PluginIdentity& identity, std::string_view function, int32_t code,
                            std::string_view plugin_reason, std::string_view message) {
  absl::StatusCode status_code = absl::StatusCode::kInternal;
  if (code > 0 && code <= static_cast<int32_t>(absl::StatusCode::kUnauthenticated)) {
    status_code = static_cast<absl::StatusCode>(code);
  }
  std::string text = absl::StrCat(std::string(function), " failed");
  const std::string printable_reason = Printable(plugin_reason, kMaxMessageBytes);
  if (message.empty()) {
    absl::StrAppend(&text, " with code ", code, " and gave no message");
  } else {
    absl::StrAppend(&text, ": ", Printable(message, kMaxMessageBytes));
  }
  ErrorBuilder builder = Builder(identity, status_code, "PLUGIN_ERROR", text);
  if (!printable_reason.empty()) builder.Metadata("plugin_reason", printable_reason);
  return builder.Build();
}

absl::Status PluginCrash(const PluginIdentity& identity, std::string message,
                         const std::string& signal, absl::Duration elapsed, int attempts) {
  ErrorBuilder builder(absl::StatusCode::kInternal, "PLUGIN_CRASHED", std::move(message));
  AddIdentity(identity, builder);
  if (!signal.empty()) builder.Metadata("signal", signal);
  builder.Metadata("elapsed_ms", absl::StrCat(absl::ToInt64Milliseconds(elapsed)));
  if (attempts > 0) builder.Metadata("attempts", absl::StrCat(attempts));
  return builder.Build();
}

}  // namespace cxscribe
