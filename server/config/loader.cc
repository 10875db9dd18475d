// See loader.h.
#include "server/config/loader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <tuple>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "server/config/map_reader.h"
#include "server/config/sections.h"
#include "server/config/yaml_document.h"

namespace cxscribe {
namespace {

// `path` as seen from the folder of the program.
std::string BesideProgram(const std::string& executable_dir, const char* path) {
  std::error_code error;
  const auto base = std::filesystem::absolute(executable_dir.empty() ? "." : executable_dir, error);
  return (base / path).lexically_normal().string();
}

// Puts `text` at the dotted `key`, making the maps on the way.
void ApplyOverride(YamlNode& root, const std::string& key, const std::string& text,
                   std::vector<ConfigError>& errors) {
  const SourceLocation where{absl::StrCat("--set ", key), 0, 0};
  YamlNode* node = &root;
  const std::vector<std::string> parts = absl::StrSplit(key, '.');
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) {
      errors.push_back({where, "is not a dotted key, for example storage.path"});
      return;
    }
    if (node->kind == YamlNode::Kind::kNull) {
      const SourceLocation keep = node->where;
      *node = YamlNode();
      node->kind = YamlNode::Kind::kMap;
      node->where = keep.line > 0 ? keep : where;
    }
    if (node->kind != YamlNode::Kind::kMap) {
      errors.push_back({where, absl::StrCat(Quoted(parts[i]), " is not in a map of the file")});
      return;
    }
    if (node->Find(parts[i]) == nullptr) {
      YamlNode child;
      child.where = where;
      node->entries.push_back({parts[i], where, std::move(child)});
    }
    node = node->Find(parts[i]);
  }
  if (node->kind == YamlNode::Kind::kMap || node->kind == YamlNode::Kind::kSequence) {
    errors.push_back({where, "names a section, not a value; set the keys in it"});
    return;
  }
  node->kind = YamlNode::Kind::kScalar;
  node->text = text;
  node->quoted = false;
  node->where = where;
}

void ReadSettings(const YamlNode& tree, const std::string& path, const LoadOptions& options,
                  std::vector<ConfigError>& errors, Settings& settings) {
  ReadContext context(options, path, errors);
  settings.storage.path_where = {path, 0, 0};
  settings.audit.path_where = {path, 0, 0};
  MapReader root(context, &tree, "");
  settings.plugins.directory = BesideProgram(options.executable_dir, "../lib/cxscribe/plugins");
  settings.plugins.worker = BesideProgram(options.executable_dir, "cx-plugin-worker");
  ReadPlugins(root.Map("plugins"), settings.plugins);
  ReadRedactionPolicies(root.Map("redaction_policies"), settings.redaction_policies);
  // Unlike Child, a pipelines key with nothing after it must not look like an absent one.
  root.Child("pipelines");
  ReadPipelines(context, tree.Find("pipelines"), path, settings.pipelines);
  if (options.pipelines_only) {
    for (const char* other : {"listen", "cxone", "storage", "audit", "webhook", "jobs", "server"}) {
      root.Child(other);
    }
  } else {
    ReadListen(root.Map("listen"), settings.listen);
    ReadAccounts(root.Map("cxone"), settings.accounts);
    ReadStorage(root.Map("storage"), settings.storage);
    ReadAudit(root.Map("audit"), settings.audit);
    ReadWebhook(root.Map("webhook"), settings.webhook);
    ReadJobs(root.Map("jobs"), settings.jobs);
    ReadServer(root.Map("server"), settings.server);
  }
  root.Finish();
}

}  // namespace

void SortErrors(std::vector<ConfigError>& errors) {
  std::stable_sort(errors.begin(), errors.end(), [](const ConfigError& a, const ConfigError& b) {
    return std::tie(a.where.line, a.where.column) < std::tie(b.where.line, b.where.column);
  });
}

std::string ConfigError::ToString() const {
  if (where.line <= 0) return absl::StrCat(where.file, ": ", message);
  return absl::StrCat(where.file, ":", where.line, ":", where.column, ": ", message);
}

std::string FormatErrors(const std::vector<ConfigError>& errors) {
  std::string text;
  for (const ConfigError& error : errors) absl::StrAppend(&text, error.ToString(), "\n");
  return text;
}

std::optional<Settings> LoadSettingsFromString(std::string_view yaml, const std::string& path,
                                               const LoadOptions& options,
                                               std::vector<ConfigError>& errors) {
  const size_t errors_before = errors.size();
  bool syntax_error = false;
  YamlNode tree = ParseYaml(yaml, path, errors, syntax_error);
  Settings settings;
  if (!syntax_error) {
    for (const auto& [key, text] : options.overrides) ApplyOverride(tree, key, text, errors);
    ReadSettings(tree, path, options, errors, settings);
  }
  if (errors.size() > errors_before) {
    SortErrors(errors);
    if (options.partial != nullptr) *options.partial = std::move(settings);
    return std::nullopt;
  }
  return settings;
}

std::optional<Settings> LoadSettings(const std::string& path, const LoadOptions& options,
                                     std::vector<ConfigError>& errors) {
  const SourceLocation where{path, 0, 0};
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    errors.push_back({where, "there is no such file; config/minimal.yaml is one to start from"});
    return std::nullopt;
  }
  if (std::filesystem::is_directory(status)) {
    errors.push_back({where, "is a directory, not a configuration file"});
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  // One byte more than allowed, so that a file that is too large is known to be.
  std::string text(kMaxYamlBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) {
    errors.push_back({where, "cannot be read; check its permissions"});
    return std::nullopt;
  }
  text.resize(static_cast<size_t>(stream.gcount()));
  return LoadSettingsFromString(text, path, options, errors);
}

}  // namespace cxscribe
