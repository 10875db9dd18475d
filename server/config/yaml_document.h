// YamlNode: a YAML document as a tree in which every key and value knows where it stands.
//
// Built from yaml-cpp's events and not from YAML::Node, which keeps the last of two equal keys and
// resolves aliases without a bound. Internal to server/config.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/config/settings.h"

namespace cxscribe {

struct YamlEntry;

struct YamlNode {
  enum class Kind { kNull, kScalar, kSequence, kMap };

  Kind kind = Kind::kNull;
  SourceLocation where;
  std::string text;     // of a scalar, as parsed: before substitution
  bool quoted = false;  // so it is a string whatever it looks like
  std::vector<YamlNode> items;
  std::vector<YamlEntry> entries;  // in the file's order; keys are unique

  // The value of `key`, or null.
  const YamlNode* Find(std::string_view key) const;
  YamlNode* Find(std::string_view key);
};

struct YamlEntry {
  std::string key;
  SourceLocation where;
  YamlNode value;
};

inline constexpr size_t kMaxYamlBytes = size_t{1} << 20;
inline constexpr int kMaxYamlDepth = 64;

// Parses one document. Appends to `errors` what is wrong; the tree then holds what could be read,
// which is still worth checking for more errors unless `syntax_error` is set. An empty document is
// a null node.
YamlNode ParseYaml(std::string_view yaml, const std::string& file, std::vector<ConfigError>& errors,
                   bool& syntax_error);

}  // namespace cxscribe
