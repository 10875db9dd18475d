#include "plugins/host/worker_messages.h"

#include <algorithm>
#include <array>
#include <limits>

#include <absl/strings/strip.h>
#include <google/rpc/error_details.pb.h>

#include "plugins/host/limits.h"
#include "plugins/host/plugin_table.h"
#include "plugins/host/text.h"
#include "server/base/error.h"

namespace cxscribe {
namespace {

constexpr int kMaxProblems = 1'000;
constexpr int kMaxGaps = 10;
// A reason and a message, with what the host itself put around them.
constexpr size_t kMaxErrorBytes = 4 * kMaxMessageBytes;

constexpr std::array<std::string_view, 8> kLoadReasons = {
    "PLUGIN_LOAD",  "PLUGIN_NO_ENTRY", "PLUGIN_NULL_TABLE", "PLUGIN_SHORT_TABLE",
    "PLUGIN_MAGIC", "PLUGIN_ABI",      "PLUGIN_TABLE",      "PLUGIN_SCHEMA"};

cx_string Borrow(const std::string& text) { return cx_string{text.data(), text.size()}; }

absl::StatusCode ToCode(int32_t code) {
  if (code > 0 && code <= static_cast<int32_t>(absl::StatusCode::kUnauthenticated)) {
    return static_cast<absl::StatusCode>(code);
  }
  return absl::StatusCode::kInternal;
}

// What a table needs to be one; never called.
cx_code NoCreate(cx_string, const cx_host*, cx_instance**) noexcept { return CX_INTERNAL; }
void NoDestroy(cx_instance*) noexcept {}
cx_code NoProcess(cx_instance*, const cx_context*, const cx_transcript*, const cx_sink*) noexcept {
  return CX_INTERNAL;
}

}  // namespace

internal::v1::WorkerPlugin ToMessage(const PluginInfo& info) {
  internal::v1::WorkerPlugin message;
  message.set_name(info.name);
  message.set_version(info.version);
  message.set_description(info.description);
  message.set_capability(info.capability);
  message.set_config_schema(info.config_schema);
  message.set_kind(info.kind == PluginKind::kVerify ? CX_KIND_VERIFY : CX_KIND_TRANSFORM);
  message.set_reentrant(info.reentrant);
  return message;
}

absl::StatusOr<LoadedMessage> ReadLoadedMessage(std::string_view payload) {
  internal::v1::WorkerPlugin message;
  if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return absl::DataLossError("what it says about its plugin cannot be read");
  }
  cx_plugin table = {};
  table.magic = CX_PLUGIN_MAGIC;
  table.struct_size = sizeof(table);
  table.abi_major = static_cast<uint16_t>(
      std::min<uint32_t>(message.abi_major(), std::numeric_limits<uint16_t>::max()));
  table.abi_minor = static_cast<uint16_t>(
      std::min<uint32_t>(message.abi_minor(), std::numeric_limits<uint16_t>::max()));
  table.kind = message.kind();
  table.flags = message.reentrant() ? CX_PLUGIN_REENTRANT : 0;
  table.name = Borrow(message.name());
  table.version = Borrow(message.version());
  table.description = Borrow(message.description());
  table.provides = Borrow(message.capability());
  table.config_schema = Borrow(message.config_schema());
  table.create = &NoCreate;
  table.destroy = &NoDestroy;
  table.process = &NoProcess;
  absl::StatusOr<PluginTable> read = ReadPluginTable(&table);
  if (!read.ok()) return read.status();
  LoadedMessage loaded;
  loaded.plugin = std::move(read->info);
  for (int i = 0; i < std::min(message.gaps_size(), kMaxGaps); ++i) {
    loaded.gaps.push_back(Printable(message.gaps(i), kMaxMessageBytes));
  }
  return loaded;
}

internal::v1::WorkerError ToErrorMessage(const absl::Status& status) {
  internal::v1::WorkerError message;
  message.set_code(static_cast<int32_t>(status.code()));
  message.set_message(std::string(status.message()));
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (payload.has_value() && info.ParseFromString(std::string(*payload))) {
    message.set_reason(info.reason());
    const auto found = info.metadata().find("plugin_reason");
    if (found != info.metadata().end()) message.set_plugin_reason(found->second);
  }
  return message;
}

absl::Status ReadLoadError(std::string_view payload) {
  internal::v1::WorkerError message;
  if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return absl::DataLossError("its error cannot be read");
  }
  const auto reason = std::find(kLoadReasons.begin(), kLoadReasons.end(), message.reason());
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition,
                      reason == kLoadReasons.end() ? "PLUGIN_LOAD" : *reason,
                      Printable(message.message(), kMaxErrorBytes))
      .Build();
}

absl::Status ReadCallError(std::string_view payload, const PluginIdentity& identity) {
  internal::v1::WorkerError message;
  if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return absl::DataLossError("its error cannot be read");
  }
  // Both sides name stage and plugin; the host's own words count.
  const std::string printable = Printable(message.message(), kMaxErrorBytes);
  const std::string prefix = identity.ToString() + ": ";
  const std::string text(absl::StripPrefix(printable, prefix));
  if (message.reason() == "PLUGIN_ERROR") {
    ErrorBuilder builder(ToCode(message.code()), "PLUGIN_ERROR", prefix + text);
    if (!identity.stage.empty()) builder.Metadata("stage", identity.stage);
    builder.Metadata("plugin", identity.plugin);
    builder.Metadata("version", identity.version);
    if (!message.plugin_reason().empty()) {
      builder.Metadata("plugin_reason", Printable(message.plugin_reason(), kMaxMessageBytes));
    }
    return builder.Build();
  }
  return PluginStatus(identity, absl::StatusCode::kInternal, "PLUGIN_VIOLATION", text);
}

internal::v1::WorkerProblems ToMessage(const std::vector<ConfigProblem>& problems) {
  internal::v1::WorkerProblems message;
  for (const ConfigProblem& problem : problems) {
    internal::v1::WorkerProblem& added = *message.add_problems();
    added.set_pointer(problem.pointer);
    added.set_message(problem.message);
  }
  return message;
}

absl::StatusOr<std::vector<ConfigProblem>> ReadProblems(std::string_view payload) {
  internal::v1::WorkerProblems message;
  if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return absl::DataLossError("its list of problems cannot be read");
  }
  std::vector<ConfigProblem> problems;
  for (int i = 0; i < std::min(message.problems_size(), kMaxProblems); ++i) {
    problems.push_back(ConfigProblem{Printable(message.problems(i).pointer(), kMaxMessageBytes),
                                     Printable(message.problems(i).message(), kMaxMessageBytes)});
  }
  return problems;
}

internal::v1::WorkerCall ToMessage(const RunContext& context, SteadyTime deadline) {
  internal::v1::WorkerCall message;
  message.set_language(context.language);
  message.set_redaction_policy(context.redaction_policy);
  for (const std::string& type : context.entity_types) message.add_entity_types(type);
  for (const auto& [key, value] : context.labels) {
    internal::v1::WorkerLabel& label = *message.add_labels();
    label.set_key(key);
    label.set_value(value);
  }
  message.set_deadline_ns(deadline == SteadyTime::max()
                              ? std::numeric_limits<int64_t>::max()
                              : std::chrono::nanoseconds(deadline.time_since_epoch()).count());
  return message;
}

RunContext ReadCall(const internal::v1::WorkerCall& message) {
  RunContext context;
  context.language = message.language();
  context.redaction_policy = message.redaction_policy();
  context.entity_types.assign(message.entity_types().begin(), message.entity_types().end());
  for (const internal::v1::WorkerLabel& label : message.labels()) {
    context.labels.emplace_back(label.key(), label.value());
  }
  return context;
}

SteadyTime DeadlineOf(const internal::v1::WorkerCall& message) {
  if (message.deadline_ns() == std::numeric_limits<int64_t>::max()) return SteadyTime::max();
  return SteadyTime(std::chrono::nanoseconds(message.deadline_ns()));
}

}  // namespace cxscribe
