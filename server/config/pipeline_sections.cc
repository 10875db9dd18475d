// Readers of `plugins`, `redaction_policies` and `pipelines`.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "server/config/redaction_policies.h"
#include "server/config/sections.h"

namespace cxscribe {
namespace {

constexpr size_t kMostPipelines = 256;
constexpr size_t kMostStages = 64;
constexpr std::string_view kPluginSuffix = ".so";

std::string CheckPluginName(std::string_view text) {
  const bool bare = text.size() > kPluginSuffix.size() && text.size() <= 128 &&
                    text.substr(text.size() - kPluginSuffix.size()) == kPluginSuffix &&
                    text.front() != '.' &&
                    std::all_of(text.begin(), text.end(), [](unsigned char c) {
                      return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_';
                    });
  return bare ? ""
              : "is not the bare name of a file in plugins.directory, for example redaction.so";
}

std::string CheckStageName(std::string_view text) {
  const bool good =
      !text.empty() && text.size() <= 63 && text.front() != '.' &&
      std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '.' || c == '-' || c == '_';
      });
  return good ? "" : "is not a stage name: at most 63 of a-z, 0-9, - _ and .";
}

std::string CheckSha256(std::string_view text) {
  const bool good = text.size() == 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
                      return absl::ascii_isxdigit(c);
                    });
  return good ? "" : "is not a SHA-256: 64 hex digits, as sha256sum prints them";
}

// One value of a stage's `config` as JSON; notes where each stands.
nlohmann::json ToJson(ReadContext& context, const YamlNode& node, const std::string& pointer,
                      std::map<std::string, SourceLocation>& where) {
  where[pointer] = node.where;
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return nullptr;
    case YamlNode::Kind::kScalar: {
      const auto text = context.Substitute(node);
      if (!text) return nullptr;
      if (node.quoted) return *text;
      auto value = ResolvePlainScalar(*text);
      if (!value) {
        context.Error(node.where, absl::StrCat(Quoted(node.text),
                                               " is not a number that JSON can hold; quote it if "
                                               "it is text"));
        return nullptr;
      }
      return *std::move(value);
    }
    case YamlNode::Kind::kSequence: {
      nlohmann::json list = nlohmann::json::array();
      for (size_t i = 0; i < node.items.size(); ++i) {
        list.push_back(ToJson(context, node.items[i], absl::StrCat(pointer, "/", i), where));
      }
      return list;
    }
    case YamlNode::Kind::kMap: {
      nlohmann::json map = nlohmann::json::object();
      for (const YamlEntry& entry : node.entries) {
        const std::string token = absl::StrReplaceAll(entry.key, {{"~", "~0"}, {"/", "~1"}});
        map[entry.key] = ToJson(context, entry.value, absl::StrCat(pointer, "/", token), where);
      }
      return map;
    }
  }
  return nullptr;
}

void ReadStage(MapReader section, StageSettings& stage) {
  stage.where = section.where();
  stage.plugin_where = section.where();
  section.Require("plugin", "the plugin's file name, for example redaction.so");
  if (const YamlNode* plugin = section.Child("plugin")) stage.plugin_where = plugin->where;
  if (section.String("plugin", stage.plugin, CheckPluginName)) {
    stage.name = stage.plugin.substr(0, stage.plugin.size() - kPluginSuffix.size());
    absl::AsciiStrToLower(&stage.name);
  }
  section.String("stage", stage.name, CheckStageName);
  section.Duration("timeout", stage.timeout, absl::Milliseconds(1), absl::Hours(24));
  section.Enum("isolation", stage.isolation,
               {{"in_process", Isolation::kInProcess}, {"process", Isolation::kProcess}});
  section.Enum("on_error", stage.on_error, {{"fail", OnError::kFail}, {"skip", OnError::kSkip}});
  stage.on_finding_given = section.Enum("on_finding", stage.on_finding,
                                        {{"redact", OnFinding::kRedact},
                                         {"flag", OnFinding::kFlag},
                                         {"quarantine", OnFinding::kQuarantine}});
  section.Integer("instances", stage.instances, 1, 64);
  if (section.String("sha256", stage.sha256, CheckSha256)) {
    absl::AsciiStrToLower(&stage.sha256);
  }
  const YamlNode* config = section.Child("config");
  stage.config_where[""] = stage.where;
  if (config != nullptr) {
    if (config->kind == YamlNode::Kind::kMap) {
      stage.config = ToJson(section.context(), *config, "", stage.config_where);
    } else {
      section.context().Error(config->where, absl::StrCat(section.Key("config"), " must be a map"));
    }
  }
  section.Finish();
}

StageSettings DefaultStage(const std::string& plugin, const std::string& name,
                           const std::string& file) {
  StageSettings stage;
  stage.name = name;
  stage.plugin = plugin;
  stage.where = {file, 0, 0};
  stage.plugin_where = stage.where;
  stage.config_where[""] = stage.where;
  return stage;
}

// What design and documentation call the default pipeline.
PipelineSettings DefaultPipeline(const std::string& file) {
  PipelineSettings pipeline;
  pipeline.name = "default";
  pipeline.where = {file, 0, 0};
  pipeline.stages.push_back(DefaultStage("punctuation.so", "punctuation", file));
  pipeline.stages.push_back(DefaultStage("diarization.so", "diarization", file));
  pipeline.stages.push_back(DefaultStage("redaction.so", "redaction-verification", file));
  return pipeline;
}

void ReadPolicy(MapReader section, RedactionPolicy& policy) {
  ReadContext& context = section.context();
  section.Require("entity_types", "what is checked, for example [CREDIT_CARD, SSN]");
  std::set<std::string> types;
  for (const YamlNode& item : section.List("entity_types")) {
    if (item.kind != YamlNode::Kind::kScalar) {
      context.Error(item.where,
                    absl::StrCat(section.Key("entity_types"), " must be a list of entity types"));
      continue;
    }
    const auto type = context.Substitute(item);
    if (!type) continue;
    if (!IsKnownEntityType(*type) && !IsNamespacedEntityType(*type)) {
      const std::string meant = DidYouMean(*type, KnownEntityTypes());
      context.Error(item.where,
                    absl::StrCat(section.Key("entity_types"), ": ", Quoted(item.text),
                                 " is not an entity type",
                                 meant.empty() ? absl::StrCat("; a plugin's own are written "
                                                              "vendor.NAME")
                                               : absl::StrCat("; did you mean ", meant, "?")));
    } else if (!types.insert(*type).second) {
      context.Error(item.where, absl::StrCat(section.Key("entity_types"), ": ", Quoted(item.text),
                                             " is listed twice"));
    }
  }
  if (const YamlNode* list = section.Child("entity_types");
      list != nullptr && list->kind == YamlNode::Kind::kSequence && list->items.empty()) {
    context.Error(list->where, absl::StrCat(section.Key("entity_types"),
                                            " is empty; the policy none checks nothing"));
  }
  policy.entity_types.assign(types.begin(), types.end());
  policy.upstream = "pii";
  section.Enum("upstream", policy.upstream,
               {{"pii", std::string("pii")},
                {"pci", std::string("pci")},
                {"phi", std::string("phi")},
                {"none", std::string("none")}});
  section.Finish();
}

}  // namespace

void ReadPlugins(MapReader section, PluginSettings& plugins) {
  section.Path("directory", plugins.directory);
  plugins.data_directory = plugins.directory + "/data";
  section.Path("data_directory", plugins.data_directory);
  section.Path("worker", plugins.worker);
  section.Integer("worker_memory_mb", plugins.worker_memory_mb, 0, 1'048'576);
  section.Bool("allow_sanitizers", plugins.allow_sanitizers);
  section.Duration("start_timeout", plugins.start_timeout, absl::Milliseconds(1), absl::Hours(1));
  section.Finish();
}

void ReadRedactionPolicies(MapReader section, std::map<std::string, RedactionPolicy>& policies) {
  policies = BuiltInRedactionPolicies();
  ReadContext& context = section.context();
  if (!section.present()) {
    RedactionPolicy unused;
    ReadPolicy(MapReader(context, nullptr, section.Key("*")), unused);
    return;
  }
  for (const YamlEntry& entry : section.entries()) {
    RedactionPolicy policy;
    policy.name = entry.key;
    ReadPolicy(MapReader(context, &entry.value, section.Key(entry.key), section.Key("*")), policy);
    if (entry.value.kind == YamlNode::Kind::kNull) {
      context.Error(entry.value.where, section.Key(entry.key) + " is empty");
    } else if (!IsName(entry.key)) {
      context.Error(entry.where, absl::StrCat("redaction_policies: ", Quoted(entry.key),
                                              " is not a name: at most 63 of a-z, 0-9, - and _"));
    } else if (BuiltInRedactionPolicies().count(entry.key) != 0) {
      context.Error(entry.where, absl::StrCat("redaction_policies: ", entry.key,
                                              " is built in and cannot be changed; choose another "
                                              "name"));
    } else {
      policies[entry.key] = std::move(policy);
    }
  }
}

void ReadPipelines(ReadContext& context, const YamlNode* node, const std::string& file,
                   std::vector<PipelineSettings>& pipelines) {
  context.Known("pipelines");
  if (node == nullptr) {
    pipelines.push_back(DefaultPipeline(file));
    return;
  }
  const MapReader section(context, node, "pipelines");
  if (!section.present()) {
    if (node->kind == YamlNode::Kind::kNull) {
      context.Error(node->where,
                    "pipelines is empty; remove the key for the default pipeline, or name one");
    }
    return;
  }
  if (node->entries.empty() || node->entries.size() > kMostPipelines) {
    context.Error(node->where, absl::StrCat("pipelines has ", node->entries.size(),
                                            " entries; 1 to ", kMostPipelines, " are allowed"));
  }
  for (const YamlEntry& entry : node->entries) {
    PipelineSettings pipeline;
    pipeline.name = entry.key;
    pipeline.where = entry.where;
    const std::string name = section.Key(entry.key);
    if (!IsName(entry.key)) {
      context.Error(entry.where, absl::StrCat("pipelines: ", Quoted(entry.key),
                                              " is not a name: at most 63 of a-z, 0-9, - and _"));
    }
    if (entry.value.kind != YamlNode::Kind::kSequence || entry.value.items.empty() ||
        entry.value.items.size() > kMostStages) {
      context.Error(entry.value.where, absl::StrCat(name, " must be a list of 1 to ", kMostStages,
                                                    " stages, each with a plugin"));
      continue;
    }
    std::set<std::string> names;
    for (size_t i = 0; i < entry.value.items.size(); ++i) {
      StageSettings stage;
      const YamlNode& item = entry.value.items[i];
      ReadStage(MapReader(context, &item, absl::StrCat(name, "[", i, "]"), "pipelines.*"), stage);
      if (item.kind == YamlNode::Kind::kNull) {
        context.Error(item.where, absl::StrCat(name, "[", i, "] is empty"));
      }
      if (!stage.name.empty() && !names.insert(stage.name).second) {
        context.Error(stage.where,
                      absl::StrCat(name, "[", i, "]: a second stage named ", Quoted(stage.name),
                                   "; give it a name of its own with stage:"));
      }
      pipeline.stages.push_back(std::move(stage));
    }
    pipelines.push_back(std::move(pipeline));
  }
}

}  // namespace cxscribe
