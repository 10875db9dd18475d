#include "plugins/host/loaded_plugin.h"

#include <dlfcn.h>
#include <map>
#include <string>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "plugins/host/limits.h"
#include "plugins/host/plugin_log.h"
#include "plugins/host/text.h"
#include "server/base/error.h"
#include "server/base/mutex.h"
#include "server/base/version.h"

namespace cxscribe {
namespace {

constexpr size_t kMaxConfigProblems = 1'000;

absl::Status Refuse(std::string_view reason, std::string message) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, reason, std::move(message)).Build();
}

const void* NoExtension(const cx_host*, cx_string) noexcept { return nullptr; }
void NoLog(const cx_host*, cx_log_level, cx_string) noexcept {}
cx_code NoData(const cx_host*, cx_string, cx_bytes*) noexcept { return CX_FAILED_PRECONDITION; }
void NoFail(const cx_host*, cx_code, cx_string, cx_string) noexcept {}

// What cx_plugin_entry is given: it can say who the host is, and nothing else.
const cx_host* EntryHost() {
  static const cx_host host = [] {
    cx_host table = {};
    table.magic = CX_PLUGIN_MAGIC;
    table.struct_size = sizeof(table);
    table.abi_major = CX_ABI_MAJOR;
    table.abi_minor = CX_ABI_MINOR;
    table.name = CX_STRING("cxscribe");
    table.version = CX_STRING(kVersion);
    table.get_extension = &NoExtension;
    table.log = &NoLog;
    table.open_data = &NoData;
    table.fail = &NoFail;
    return table;
  }();
  return &host;
}

// One library. What could not be loaded is tried again by the next who asks: what was missing may
// be there by then.
struct Entry {
  // Held while the library is loaded, which runs code of it: there is no other way to load it once.
  Mutex mutex;
  const LoadedPlugin* plugin ABSL_GUARDED_BY(mutex) = nullptr;
};

Entry& EntryFor(const std::string& sha256) {
  static Mutex mutex;
  static auto& entries = *new std::map<std::string, std::unique_ptr<Entry>>();
  MutexLock lock(mutex);
  std::unique_ptr<Entry>& entry = entries[sha256];
  if (entry == nullptr) entry = std::make_unique<Entry>();
  return *entry;
}

// Keeps the bytes, and so their descriptor, for as long as the process lives: dlopen takes a
// /proc/self/fd/N whose N was reused for the library that it loaded before.
void KeepForEver(const std::shared_ptr<const SealedBytes>& bytes) {
  static Mutex mutex;
  static auto& kept = *new std::map<std::string, std::shared_ptr<const SealedBytes>>();
  MutexLock lock(mutex);
  kept.emplace(bytes->sha256(), bytes);
}

struct ProblemList {
  std::vector<ConfigProblem> problems;

  static void Report(const cx_problems* raw, cx_string pointer, cx_string message) noexcept {
    auto& self = *static_cast<ProblemList*>(raw->host_data);
    if (self.problems.size() >= kMaxConfigProblems) return;
    self.problems.push_back(ConfigProblem{Printable(ViewOf(pointer), kMaxMessageBytes),
                                          Printable(ViewOf(message), kMaxMessageBytes)});
  }
};

}  // namespace

absl::StatusOr<const LoadedPlugin*> LoadedPlugin::Load(const PluginFile& file) {
  KeepForEver(file.bytes());
  absl::StatusOr<const LoadedPlugin*> plugin = LoadBytes(file.descriptor(), file.sha256());
  if (!plugin.ok()) return Annotate(plugin.status(), file.path());
  return plugin;
}

absl::StatusOr<const LoadedPlugin*> LoadedPlugin::LoadBytes(int descriptor,
                                                            const std::string& sha256) {
  Entry& entry = EntryFor(sha256);
  MutexLock lock(entry.mutex);
  if (entry.plugin != nullptr) return entry.plugin;
  absl::StatusOr<const LoadedPlugin*> loaded = LoadFirst(descriptor);
  if (loaded.ok()) entry.plugin = *loaded;
  return loaded;
}

absl::StatusOr<const LoadedPlugin*> LoadedPlugin::LoadFirst(int descriptor) {
  const std::string name = absl::StrCat("/proc/self/fd/", descriptor);
  // Never closed: its threads, its thread-local destructors and our own tables point into it. An
  // exception from one of its load-time constructors ends the process: the dynamic linker lets none
  // through.
  void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* error = dlerror();
    return Refuse("PLUGIN_LOAD",
                  absl::StrCat("the dynamic linker refuses it: ",
                               absl::StrReplaceAll(error == nullptr ? "no reason given" : error,
                                                   {{absl::StrCat(name, ": "), ""}})));
  }
  void* symbol = dlsym(library, CX_PLUGIN_ENTRY_SYMBOL);
  if (symbol == nullptr) {
    return Refuse("PLUGIN_NO_ENTRY", "it does not export " CX_PLUGIN_ENTRY_SYMBOL
                                     " (is the function extern \"C\" and CX_EXPORT?)");
  }
  const cx_plugin* raw_table = nullptr;
  try {
    raw_table = reinterpret_cast<cx_plugin_entry_fn>(symbol)(EntryHost());
  } catch (...) {
    return Refuse("PLUGIN_LOAD", "its " CX_PLUGIN_ENTRY_SYMBOL " threw an exception");
  }
  absl::StatusOr<PluginTable> table = ReadPluginTable(raw_table);
  if (!table.ok()) return table.status();
  absl::StatusOr<std::unique_ptr<const ConfigSchema>> schema =
      ConfigSchema::Compile(table->info.config_schema);
  if (!schema.ok()) return schema.status();
  return new LoadedPlugin(*std::move(table), *std::move(schema));
}

std::vector<ConfigProblem> LoadedPlugin::CheckConfig(std::string_view config_json) const {
  std::vector<ConfigProblem> problems = schema_->Check(config_json);
  if (!problems.empty() || table().validate == nullptr) return problems;
  ProblemList list;
  cx_problems raw = {};
  raw.struct_size = sizeof(raw);
  raw.host_data = &list;
  raw.report = &ProblemList::Report;
  try {
    const cx_code code = table().validate(cx_string{config_json.data(), config_json.size()}, &raw);
    if (code != CX_OK && list.problems.empty()) {
      list.problems.push_back(
          ConfigProblem{"", absl::StrCat("the plugin's validate failed with code ", code)});
    }
  } catch (...) {
    list.problems.push_back(ConfigProblem{"", "the plugin's validate threw an exception"});
  }
  return std::move(list.problems);
}

}  // namespace cxscribe
