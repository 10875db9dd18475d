// The folder that `cxctl plugin new` makes.
#pragma once

#include <string>
#include <string_view>

#include <absl/status/status.h>

namespace cxscribe::client {

// A file of plugins/sdk/template, compiled in so that cxctl needs no data files. `path` begins with
// the language it is for, or "common".
struct TemplateFile {
  const char* path;
  const char* content;
};
extern const TemplateFile kTemplateFiles[];  // ends with nulls

enum class PluginLanguage { kC, kCxx };

// What is wrong with `name` as a plugin's; empty: nothing.
std::string PluginNameProblem(std::string_view name);

// Makes the folder `directory`, which must not exist, for the plugin `name`, a valid one. What was
// begun is taken back after an error.
absl::Status WritePluginTemplate(const std::string& name, PluginLanguage language,
                                 const std::string& directory);

}  // namespace cxscribe::client
