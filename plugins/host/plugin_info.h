// PluginInfo: what a plugin says about itself, and the file that it said it from.
#pragma once

#include <string>

namespace cxscribe {

enum class PluginKind { kTransform, kVerify };

struct PluginInfo {
  // The file as it was asked for, and the SHA-256 (lower-case hex) of the very bytes that were
  // loaded.
  std::string file;
  std::string sha256;
  std::string name;
  std::string version;
  std::string description;
  // The ABI that it was built for, "1.0".
  std::string abi;
  // What it provides, "redaction-verification".
  std::string capability;
  PluginKind kind = PluginKind::kTransform;
  // Whether one instance may be entered by several threads at once.
  bool reentrant = false;
  // JSON Schema of its configuration; empty: it takes none.
  std::string config_schema;
};

}  // namespace cxscribe
