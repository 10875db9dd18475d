#include "plugins/check/subject.h"

#include <chrono>
#include <filesystem>
#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/host/data_file.h"
#include "server/base/error.h"
#include "server/base/hash.h"

namespace cxscribe {

absl::Status Subject::Open() {
  const std::filesystem::path path = request_.file;
  auto file = PluginFile::Open({path.parent_path().string(), path.filename().string(), ""});
  if (!file.ok()) return file.status();
  file_ = *std::move(file);
  return absl::OkStatus();
}

absl::Status Subject::Load() {
  if (absl::Status status = Open(); !status.ok()) return status;
  const auto plugin = LoadedPlugin::Load(*file_);
  if (!plugin.ok()) return plugin.status();
  plugin_ = *plugin;
  return absl::OkStatus();
}

PluginIdentity Subject::Identity() const {
  return PluginIdentity{"check", plugin_->info().name, plugin_->info().version};
}

absl::StatusOr<std::shared_ptr<PluginInstance>> Subject::Create() const {
  PluginInstance::Options options;
  options.plugin = plugin_;
  options.identity = Identity();
  options.config_json = request_.config_json;
  options.open_data = [directory = request_.data_directory](const std::string& name) {
    return ReadDataFile(directory, name);
  };
  options.log = [](cx_log_level, const cx_string&) {};
  return PluginInstance::Create(std::move(options));
}

absl::StatusOr<RunOutput> Subject::Process(PluginInstance& instance,
                                           const v1::Transcript& transcript,
                                           const Stop& stop) const {
  auto encoded = EncodedTranscript::Encode(transcript);
  if (!encoded.ok()) return encoded.status();
  const std::unique_ptr<LocalCall> call = MakeCall(*std::move(encoded), stop);
  call->Execute(instance);
  return call->TakeResult();
}

std::unique_ptr<LocalCall> Subject::MakeCall(std::unique_ptr<const EncodedTranscript> transcript,
                                             const Stop& stop) const {
  RunContext context;
  context.language = request_.language;
  context.redaction_policy = request_.redaction_policy;
  context.entity_types = request_.entity_types;
  context.cancelled = stop.cancelled;
  SteadyTime deadline = SteadyTime::max();
  if (stop.timeout != absl::InfiniteDuration()) {
    deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(stop.timeout);
  }
  return std::make_unique<LocalCall>(Identity(), plugin_->info().kind, context,
                                     std::move(transcript), deadline);
}

std::string FingerprintOf(const RunOutput& output) {
  Hasher hasher;
  hasher.Add(output.replaced ? 1 : 0).Add(output.segments.size());
  for (const v1::Segment& segment : output.segments) hasher.Add(segment.SerializeAsString());
  for (const SourceRange& source : output.sources) hasher.Add(source.begin).Add(source.count);
  hasher.Add(output.findings.size());
  for (const v1::Finding& finding : output.findings) hasher.Add(finding.SerializeAsString());
  hasher.Add(output.annotations.size());
  for (const v1::Annotation& one : output.annotations) hasher.Add(one.SerializeAsString());
  hasher.Add(static_cast<int>(output.outcome)).Add(output.reason);
  return hasher.Hex();
}

std::string FingerprintOf(const absl::StatusOr<RunOutput>& output) {
  if (output.ok()) return FingerprintOf(*output);
  return absl::StrCat("error ", static_cast<int>(output.status().code()), " ",
                      ReasonOf(output.status()));
}

std::string ShortMessage(const absl::Status& status) {
  std::string message(status.message());
  // stage "check" (plugin x 1.0.0): what went wrong
  const size_t end = message.find("): ");
  if (message.rfind("stage \"check\"", 0) == 0 && end != std::string::npos) {
    message.erase(0, end + 3);
  }
  return message;
}

}  // namespace cxscribe
