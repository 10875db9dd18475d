#include "plugins/host/instance.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/host/plugin_log.h"
#include "server/base/error.h"
#include "server/base/version.h"

namespace cxscribe {
namespace {

PluginInstance& Self(const cx_host* host) { return *static_cast<PluginInstance*>(host->host_data); }

}  // namespace

PluginInstance::PluginInstance(Options options) : options_(std::move(options)) {
  host_.magic = CX_PLUGIN_MAGIC;
  host_.struct_size = sizeof(host_);
  host_.abi_major = CX_ABI_MAJOR;
  host_.abi_minor = CX_ABI_MINOR;
  host_.host_data = this;
  host_.name = CX_STRING("cxscribe");
  host_.version = CX_STRING(kVersion);
  host_.get_extension = &GetExtension;
  host_.log = &Log;
  host_.open_data = &OpenDataThunk;
  host_.fail = &Fail;
}

absl::StatusOr<std::shared_ptr<PluginInstance>> PluginInstance::Create(Options options) {
  std::shared_ptr<PluginInstance> instance(new PluginInstance(std::move(options)));
  if (absl::Status status = instance->Start(); !status.ok()) return status;
  return instance;
}

absl::Status PluginInstance::Start() {
  cx_code code = CX_INTERNAL;
  bool threw = false;
  creating_ = true;
  try {
    const std::string& config = options_.config_json;
    code = options_.plugin->table().create(cx_string{config.data(), config.size()}, &host_,
                                           &instance_);
  } catch (...) {
    threw = true;
  }
  creating_ = false;
  MutexLock lock(mutex_);
  absl::Status status = failure_;
  if (threw) {
    status = PluginViolation(options_.identity, "create threw an exception across the boundary");
  } else if (status.ok() && code != CX_OK) {
    status = PluginOwnError(options_.identity, "create", code, "", "");
  } else if (status.ok() && instance_ == nullptr) {
    status = PluginViolation(options_.identity, "create returned CX_OK and no instance");
  }
  if (status.ok()) return status;
  // Only a create that succeeded made something to destroy.
  if (code != CX_OK || threw) instance_ = nullptr;
  if (!file_failure_.ok()) {
    absl::Status detailed(status.code(),
                          absl::StrCat(status.message(), " (", file_failure_.message(), ")"));
    status.ForEachPayload([&detailed](absl::string_view type, const absl::Cord& payload) {
      detailed.SetPayload(type, payload);
    });
    return detailed;
  }
  return status;
}

PluginInstance::~PluginInstance() {
  if (instance_ == nullptr) return;
  try {
    options_.plugin->table().destroy(instance_);
  } catch (...) {
    static constexpr std::string_view kMessage = "destroy threw an exception across the boundary";
    options_.log(CX_LOG_ERROR, cx_string{kMessage.data(), kMessage.size()});
  }
}

cx_code PluginInstance::Process(const cx_context* context, const cx_transcript* transcript,
                                const cx_sink* sink, bool& threw) {
  threw = false;
  try {
    return options_.plugin->table().process(instance_, context, transcript, sink);
  } catch (...) {
    // What it says is not told: it may be about the text.
    threw = true;
    return CX_INTERNAL;
  }
}

std::vector<v1::ResourceDigest> PluginInstance::Resources() const {
  std::vector<v1::ResourceDigest> digests;
  MutexLock lock(mutex_);
  for (const auto& [name, bytes] : files_) {
    v1::ResourceDigest& digest = digests.emplace_back();
    digest.set_name(name);
    digest.set_sha256(bytes->sha256());
  }
  return digests;
}

cx_code PluginInstance::OpenData(const cx_string& name, cx_bytes& bytes) {
  if (!creating_) return CX_FAILED_PRECONDITION;
  const std::string file_name(ViewOf(name));
  absl::StatusOr<std::shared_ptr<const SealedBytes>> file = options_.open_data(file_name);
  MutexLock lock(mutex_);
  if (!file.ok()) {
    file_failure_ = file.status();
    return static_cast<cx_code>(file.status().code());
  }
  // A file that is opened twice is the one that was hashed first.
  const std::string_view view = files_.emplace(file_name, *std::move(file)).first->second->view();
  bytes.data = reinterpret_cast<const uint8_t*>(view.data());
  bytes.size = view.size();
  return CX_OK;
}

const void* PluginInstance::GetExtension(const cx_host*, cx_string) noexcept { return nullptr; }

void PluginInstance::Log(const cx_host* host, cx_log_level level, cx_string message) noexcept {
  Self(host).options_.log(level, message);
}

cx_code PluginInstance::OpenDataThunk(const cx_host* host, cx_string name,
                                      cx_bytes* bytes) noexcept {
  if (bytes == nullptr) return CX_INVALID_ARGUMENT;
  *bytes = cx_bytes{nullptr, 0};
  return Self(host).OpenData(name, *bytes);
}

void PluginInstance::Fail(const cx_host* host, cx_code code, cx_string reason,
                          cx_string message) noexcept {
  PluginInstance& self = Self(host);
  if (!self.creating_) return;
  absl::Status failure =
      PluginOwnError(self.options_.identity, "create", code, ViewOf(reason), ViewOf(message));
  MutexLock lock(self.mutex_);
  if (self.failure_.ok()) self.failure_ = std::move(failure);
}

}  // namespace cxscribe
