// MapReader: typed reads from one YAML map, which remember what was asked for, so that everything
// else in the map is an unknown key.
//
//   MapReader listen(context, root.Child("listen"), "listen");
//   listen.Duration("timeout", settings.timeout, absl::Seconds(1), absl::Hours(1));
//   listen.Finish();
//
// A read of an absent key leaves the default in place; a bad value is an error and leaves it too.
// Internal to server/config; not thread-safe.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/time.h>

#include "server/config/loader.h"
#include "server/config/settings.h"
#include "server/config/values.h"
#include "server/config/yaml_document.h"

namespace cxscribe {

// What all readers of one file share.
class ReadContext {
 public:
  // All must outlive the context. `file` is the path that relative paths start from.
  ReadContext(const LoadOptions& options, const std::string& file,
              std::vector<ConfigError>& errors);

  void Error(const SourceLocation& where, std::string message);
  // The text of a scalar with ${...} replaced; nullopt after reporting why not.
  std::optional<std::string> Substitute(const YamlNode& scalar);
  // Absolute and without "." and ".."; relative ones start from the file's folder.
  std::string ResolvePath(const std::string& path) const;
  // Reports at `where` when the file at the absolute `path` cannot be read.
  void CheckReadable(const SourceLocation& where, const std::string& key, const std::string& path);
  // Notes that `pattern` is a key of the configuration.
  void Known(const std::string& pattern);

 private:
  absl::StatusOr<std::string> ReadFile(const std::string& path) const;

  const LoadOptions& options_;
  std::string folder_;  // absolute
  std::vector<ConfigError>& errors_;
};

class MapReader {
 public:
  // A check says what is wrong with a value, "" when nothing is.
  using Check = std::function<std::string(std::string_view)>;

  // `node` is null for an absent section. `name` is what errors call the map ("" for the file);
  // `pattern` is its name with "*" for names of the user's own, when it differs.
  MapReader(ReadContext& context, const YamlNode* node, std::string name, std::string pattern = "");

  bool present() const { return node_ != nullptr; }
  // Where the map stands; of an absent section that Map gave, where its parent does.
  const SourceLocation& where() const { return where_; }
  ReadContext& context() { return context_; }
  std::string Key(std::string_view key) const { return Join(name_, key); }
  // Of a map whose keys are names of the user's own. Only when present.
  const std::vector<YamlEntry>& entries() const { return node_->entries; }

  // The value of a key, null when it is absent. `key: ` (null) counts as absent here.
  const YamlNode* Child(std::string_view key);
  MapReader Map(std::string_view key);
  // The items of a list; an error and empty when it is something else.
  const std::vector<YamlNode>& List(std::string_view key);

  // All return whether a good value was read.
  bool String(std::string_view key, std::string& out, const Check& check = nullptr);
  // Never shows the value.
  bool SecretString(std::string_view key, Secret& out, const Check& check = nullptr);
  bool Path(std::string_view key, std::string& out);
  bool Bool(std::string_view key, bool& out);
  template <typename T>
  bool Integer(std::string_view key, T& out, int64_t least, int64_t most) {
    int64_t value = 0;
    if (!ReadInteger(key, value, least, most)) return false;
    out = static_cast<T>(value);
    return true;
  }
  bool Duration(std::string_view key, absl::Duration& out, absl::Duration least,
                absl::Duration most);
  template <typename T>
  bool Enum(std::string_view key, T& out,
            std::initializer_list<std::pair<std::string_view, T>> names) {
    const YamlNode* node = ScalarAt(key);
    if (node == nullptr) return false;
    const std::optional<std::string> text = context_.Substitute(*node);
    if (!text) return false;
    std::vector<std::string> words;
    for (const auto& [word, value] : names) {
      if (*text == word) {
        out = value;
        return true;
      }
      words.emplace_back(word);
    }
    Invalid(key, *node, absl::StrCat("is not one of ", absl::StrJoin(words, ", ")));
    return false;
  }

  // An error when the key is absent or null. Does not read it.
  void Require(std::string_view key, std::string_view why);
  // "`key`: "`value as written`" `problem`" at the value's place.
  void Invalid(std::string_view key, const YamlNode& node, std::string_view problem);
  // Reports the keys that nobody asked for.
  void Finish();

  // A duration from one scalar; reports under `name`.
  static std::optional<absl::Duration> ReadDuration(ReadContext& context, const YamlNode& node,
                                                    const std::string& name, absl::Duration least,
                                                    absl::Duration most);

 private:
  static std::string Join(const std::string& name, std::string_view key);
  // Also registers the key.
  const YamlNode* Lookup(std::string_view key);
  // The scalar at `key`; null when absent, and after an error when it is not a scalar.
  const YamlNode* ScalarAt(std::string_view key);
  bool ReadInteger(std::string_view key, int64_t& out, int64_t least, int64_t most);

  ReadContext& context_;
  const YamlNode* node_;
  std::string name_;
  std::string pattern_;
  SourceLocation where_;
  std::vector<std::string> known_;
};

}  // namespace cxscribe
