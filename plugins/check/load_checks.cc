// Whether the file is a plugin that this host loads.
#include <set>
#include <string>
#include <string_view>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <nlohmann/json.hpp>
#include <sys/mman.h>

#include "plugins/check/checks.h"
#include "plugins/check/elf_exports.h"
#include "server/base/error.h"

namespace cxscribe {
namespace {

// Which of the three checks an error of loading belongs to.
enum class LoadStep { kLoads, kAbi, kSchema };

LoadStep StepOf(const absl::Status& status) {
  static const auto& abi_reasons = *new std::set<std::string>{
      "PLUGIN_NULL_TABLE", "PLUGIN_MAGIC", "PLUGIN_ABI", "PLUGIN_SHORT_TABLE", "PLUGIN_TABLE"};
  const std::string reason = ReasonOf(status);
  if (abi_reasons.count(reason) > 0) return LoadStep::kAbi;
  return reason == "PLUGIN_SCHEMA" ? LoadStep::kSchema : LoadStep::kLoads;
}

void Describe(Subject& subject) {
  const PluginInfo& info = subject.plugin().info();
  const nlohmann::json json = {{"name", info.name},
                               {"version", info.version},
                               {"abi", info.abi},
                               {"kind", info.kind == PluginKind::kVerify ? "verify" : "transform"},
                               {"provides", info.capability},
                               {"reentrant", info.reentrant},
                               {"sha256", subject.file().sha256()}};
  subject.board().SetInfo(json.dump());
}

// The file as it is loaded: the very bytes that were hashed.
absl::StatusOr<std::vector<std::string>> Exports(const PluginFile& file) {
  const int64_t size = lseek(file.descriptor(), 0, SEEK_END);
  if (size <= 0) return absl::InternalError("the file is empty");
  void* bytes =
      mmap(nullptr, static_cast<size_t>(size), PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
  if (bytes == MAP_FAILED) return absl::ResourceExhaustedError("the file cannot be mapped");
  auto exports =
      ExportedSymbols(std::string_view(static_cast<const char*>(bytes), static_cast<size_t>(size)));
  munmap(bytes, static_cast<size_t>(size));
  return exports;
}

}  // namespace

Verdict CheckLoads(Subject& subject) {
  subject.Phase("loading the library, or a load-time constructor");
  const absl::Status status = subject.Load();
  if (status.ok()) {
    Describe(subject);
    return Pass();
  }
  if (StepOf(status) != LoadStep::kLoads) return Pass();
  return Block(std::string(status.message()));
}

Verdict CheckExports(Subject& subject) {
  subject.Phase("reading its symbols");
  if (const absl::Status status = subject.Open(); !status.ok()) {
    return Skip("the file cannot be read");
  }
  const auto exports = Exports(subject.file());
  if (!exports.ok()) return Fail(std::string(exports.status().message()));
  std::vector<std::string> others;
  bool entry = false;
  for (const std::string& name : *exports) {
    if (name == CX_PLUGIN_ENTRY_SYMBOL) {
      entry = true;
    } else {
      others.push_back(name);
    }
  }
  if (!entry) return Fail("it does not export " CX_PLUGIN_ENTRY_SYMBOL);
  if (others.empty()) return Pass();
  const size_t count = others.size();
  if (others.size() > 3) others.resize(3);
  return Fail(absl::StrCat("it also exports ", count, count == 1 ? " symbol, " : " symbols, ",
                           absl::StrJoin(others, ", "), count > others.size() ? ", ..." : "",
                           ", which may clash with those of others: build it with "
                           "cxscribe_add_plugin, or link with its cx_plugin.map"));
}

Verdict CheckAbi(Subject& subject) {
  subject.Phase("reading its table");
  const absl::Status status = subject.Load();
  if (status.ok()) {
    return Pass(absl::StrCat("version ", subject.plugin().info().abi, "; this host has ",
                             CX_ABI_MAJOR, ".", CX_ABI_MINOR));
  }
  if (StepOf(status) == LoadStep::kAbi) return Block(std::string(status.message()));
  if (StepOf(status) == LoadStep::kSchema) return Pass();
  return Skip("it does not load");
}

Verdict CheckSchema(Subject& subject) {
  subject.Phase("reading its schema");
  const absl::Status status = subject.Load();
  if (!status.ok()) {
    return StepOf(status) == LoadStep::kSchema ? Block(std::string(status.message()))
                                               : Skip("it does not load");
  }
  const std::string& schema = subject.plugin().info().config_schema;
  return Pass(schema.empty() ? "it takes no configuration" : "");
}

}  // namespace cxscribe
