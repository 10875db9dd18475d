// ConfigSchema: checks a stage's configuration against the JSON Schema that its plugin exports.
//
// JSON Schema draft 7, with these differences:
// - A key that no applicable `properties` names is an error, also where the schema does not say
//   `additionalProperties: false`, unless `additionalProperties` says what else may be there.
// - `pattern` is an RE2 expression, matched anywhere in the string, in linear time; a schema that
// needs more is refused.
// - `patternProperties` and remote `$ref` are refused; `format` is a remark and checks nothing.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

namespace cxscribe {

struct ConfigProblem {
  // JSON Pointer of the value that is wrong, or of the object that lacks a key; "" is the whole.
  std::string pointer;
  // "must be an integer, not a string".
  std::string message;
};

// Immutable; thread-safe.
class ConfigSchema {
 public:
  // An empty `schema_json` is the schema of a plugin without configuration: it allows {}.
  // FAILED_PRECONDITION (reason PLUGIN_SCHEMA) when it is not a schema of the kind described above.
  static absl::StatusOr<std::unique_ptr<const ConfigSchema>> Compile(std::string_view schema_json);
  ~ConfigSchema();

  // All that is wrong with `config_json`, by pointer; empty when it is right.
  std::vector<ConfigProblem> Check(std::string_view config_json) const;

 private:
  struct Impl;
  explicit ConfigSchema(std::unique_ptr<const Impl> impl);

  std::unique_ptr<const Impl> impl_;
};

}  // namespace cxscribe
