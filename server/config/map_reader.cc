// See map_reader.h.
#include "server/config/map_reader.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>

namespace cxscribe {
namespace {

// A secret or a certificate; nothing that a setting takes is larger.
constexpr size_t kMaxSubstitutedBytes = size_t{64} << 10;

bool IsEnvironmentName(std::string_view name) {
  if (name.empty() || absl::ascii_isdigit(static_cast<unsigned char>(name.front()))) return false;
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return absl::ascii_isalnum(c) || c == '_'; });
}

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return absl::NotFoundError("there is no such file");
  // Also keeps a FIFO or a device from blocking the start for ever.
  if (!std::filesystem::is_regular_file(status)) {
    return absl::InvalidArgumentError("it is not a regular file");
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return absl::PermissionDeniedError("it cannot be opened for reading");
  std::string content(kMaxSubstitutedBytes + 1, '\0');
  stream.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (stream.bad()) return absl::UnavailableError("reading failed");
  content.resize(static_cast<size_t>(stream.gcount()));
  if (content.size() > kMaxSubstitutedBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("it is larger than ", kMaxSubstitutedBytes, " bytes"));
  }
  return content;
}

std::optional<std::string> ProcessEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

const std::vector<YamlNode>& NoItems() {
  static const auto& none = *new std::vector<YamlNode>();
  return none;
}

std::string_view KindName(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a single value";
    case YamlNode::Kind::kSequence:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
  }
  return "something else";
}

}  // namespace

ReadContext::ReadContext(const LoadOptions& options, const std::string& file,
                         std::vector<ConfigError>& errors)
    : options_(options), errors_(errors) {
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::absolute(file, error);
  folder_ = (error ? std::filesystem::path(file) : absolute).parent_path().string();
}

void ReadContext::Error(const SourceLocation& where, std::string message) {
  errors_.push_back({where, std::move(message)});
}

absl::StatusOr<std::string> ReadContext::ReadFile(const std::string& path) const {
  return options_.read_file ? options_.read_file(path) : ReadWholeFile(path);
}

std::string ReadContext::ResolvePath(const std::string& path) const {
  return (std::filesystem::path(folder_) / path).lexically_normal().string();
}

void ReadContext::CheckReadable(const SourceLocation& where, const std::string& key,
                                const std::string& path) {
  const auto content = ReadFile(path);
  if (!content.ok()) {
    Error(where, absl::StrCat(key, ": cannot read ", Quoted(path), ": ",
                              std::string(content.status().message())));
  }
}

void ReadContext::Known(const std::string& pattern) {
  if (options_.keys_seen != nullptr) options_.keys_seen->insert(pattern);
}

std::optional<std::string> ReadContext::Substitute(const YamlNode& scalar) {
  const std::string& text = scalar.text;
  std::string result;
  bool failed = false;
  size_t at = 0;
  while (true) {
    const size_t open = text.find("${", at);
    if (open == std::string::npos) break;
    if (open > at && text[open - 1] == '$') {  // $${ is a literal ${
      result.append(text, at, open - 1 - at).append("${");
      at = open + 2;
      continue;
    }
    result.append(text, at, open - at);
    const size_t close = text.find('}', open);
    if (close == std::string::npos) {
      Error(scalar.where, "${ has no closing }; write $${ for a literal ${");
      return std::nullopt;
    }
    const std::string name = text.substr(open + 2, close - open - 2);
    at = close + 1;
    constexpr std::string_view kFile = "file:";
    if (name.compare(0, kFile.size(), kFile) == 0) {
      const std::string path = name.substr(kFile.size());
      auto content = path.empty() ? absl::InvalidArgumentError("no path is given")
                                  : ReadFile(ResolvePath(path));
      if (!content.ok()) {
        Error(scalar.where, absl::StrCat("cannot take a value from ", Quoted(path), ": ",
                                         std::string(content.status().message())));
        failed = true;
        continue;
      }
      if (!content->empty() && content->back() == '\n') content->pop_back();
      if (!content->empty() && content->back() == '\r') content->pop_back();
      result += *content;
    } else if (!IsEnvironmentName(name)) {
      Error(scalar.where, absl::StrCat("${", absl::CHexEscape(name),
                                       "} is neither ${NAME} nor ${file:PATH}; write $${ for a "
                                       "literal ${"));
      failed = true;
    } else {
      const auto value =
          options_.environment ? options_.environment(name) : ProcessEnvironment(name);
      if (value) {
        result += *value;
      } else {
        Error(scalar.where, absl::StrCat("the environment variable ", name, " is not set"));
        failed = true;
      }
    }
  }
  result.append(text, at);
  if (failed) return std::nullopt;
  if (FindInvalidText(result)) {
    // The file itself was checked, so this came from outside and is not shown.
    Error(scalar.where, "a substituted value is not UTF-8 text or holds a control character");
    return std::nullopt;
  }
  return result;
}

MapReader::MapReader(ReadContext& context, const YamlNode* node, std::string name,
                     std::string pattern)
    : context_(context),
      node_(node),
      name_(std::move(name)),
      pattern_(pattern.empty() ? name_ : std::move(pattern)) {
  if (node_ == nullptr) return;
  where_ = node_->where;
  if (node_->kind == YamlNode::Kind::kMap) return;
  if (node_->kind != YamlNode::Kind::kNull) {
    context_.Error(where_, absl::StrCat(name_.empty() ? "the file" : name_,
                                        " must be a map of keys and values, not ",
                                        std::string(KindName(*node_))));
  }
  node_ = nullptr;
}

std::string MapReader::Join(const std::string& name, std::string_view key) {
  return name.empty() ? std::string(key) : absl::StrCat(name, ".", std::string(key));
}

const YamlNode* MapReader::Lookup(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
    known_.emplace_back(key);
    context_.Known(Join(pattern_, key));
  }
  return node_ == nullptr ? nullptr : node_->Find(key);
}

const YamlNode* MapReader::Child(std::string_view key) {
  const YamlNode* node = Lookup(key);
  return node != nullptr && node->kind == YamlNode::Kind::kNull ? nullptr : node;
}

MapReader MapReader::Map(std::string_view key) {
  MapReader map(context_, Child(key), Key(key), Join(pattern_, key));
  if (!map.where_.file.empty()) return map;
  // What an absent section lacks is to be written in its parent, what an empty one lacks at its
  // key.
  map.where_ = where_;
  if (node_ == nullptr) return map;
  for (const YamlEntry& entry : node_->entries) {
    if (entry.key == key) map.where_ = entry.where;
  }
  return map;
}

const std::vector<YamlNode>& MapReader::List(std::string_view key) {
  const YamlNode* node = Child(key);
  if (node == nullptr) return NoItems();
  if (node->kind != YamlNode::Kind::kSequence) {
    context_.Error(node->where,
                   absl::StrCat(Key(key), " must be a list, not ", std::string(KindName(*node))));
    return NoItems();
  }
  return node->items;
}

const YamlNode* MapReader::ScalarAt(std::string_view key) {
  const YamlNode* node = Lookup(key);
  if (node == nullptr || node->kind == YamlNode::Kind::kScalar) return node;
  if (node->kind == YamlNode::Kind::kNull) {
    context_.Error(node->where, absl::StrCat(Key(key),
                                             " has no value; give one, or remove the key for its "
                                             "default"));
  } else {
    context_.Error(node->where, absl::StrCat(Key(key), " must be a single value, not ",
                                             std::string(KindName(*node))));
  }
  return nullptr;
}

void MapReader::Invalid(std::string_view key, const YamlNode& node, std::string_view problem) {
  context_.Error(node.where,
                 absl::StrCat(Key(key), ": ", Quoted(node.text), " ", std::string(problem)));
}

bool MapReader::String(std::string_view key, std::string& out, const Check& check) {
  const YamlNode* node = ScalarAt(key);
  if (node == nullptr) return false;
  std::optional<std::string> text = context_.Substitute(*node);
  if (!text) return false;
  if (check) {
    const std::string problem = check(*text);
    if (!problem.empty()) {
      Invalid(key, *node, problem);
      return false;
    }
  }
  out = std::move(*text);
  return true;
}

bool MapReader::SecretString(std::string_view key, Secret& out, const Check& check) {
  const YamlNode* node = ScalarAt(key);
  if (node == nullptr) return false;
  std::optional<std::string> text = context_.Substitute(*node);
  if (!text) return false;
  std::string problem = check ? check(*text) : "";
  if (problem.empty() && text->empty()) problem = "is empty";
  if (!problem.empty()) {
    context_.Error(node->where, absl::StrCat(Key(key), " ", problem));
    return false;
  }
  out = Secret(std::move(*text));
  return true;
}

bool MapReader::Path(std::string_view key, std::string& out) {
  std::string path;
  const auto not_empty = [](std::string_view text) -> std::string {
    return text.empty() ? "is no path" : "";
  };
  if (!String(key, path, not_empty)) return false;
  out = context_.ResolvePath(path);
  return true;
}

bool MapReader::Bool(std::string_view key, bool& out) {
  const YamlNode* node = ScalarAt(key);
  if (node == nullptr) return false;
  const std::optional<std::string> text = context_.Substitute(*node);
  if (!text) return false;
  const auto value = ResolvePlainScalar(*text);
  if (node->quoted || !value || !value->is_boolean()) {
    Invalid(key, *node, "is not a boolean; write true or false, without quotes");
    return false;
  }
  out = value->get<bool>();
  return true;
}

bool MapReader::ReadInteger(std::string_view key, int64_t& out, int64_t least, int64_t most) {
  const YamlNode* node = ScalarAt(key);
  if (node == nullptr) return false;
  const std::optional<std::string> text = context_.Substitute(*node);
  if (!text) return false;
  const auto value = ResolvePlainScalar(*text);
  const bool fits =
      !node->quoted && value && value->is_number_integer() &&
      (!value->is_number_unsigned() || value->get<uint64_t>() <= static_cast<uint64_t>(most)) &&
      value->get<int64_t>() >= least && value->get<int64_t>() <= most;
  if (!fits) {
    Invalid(key, *node, absl::StrCat("is not an integer of ", least, " to ", most));
    return false;
  }
  out = value->get<int64_t>();
  return true;
}

std::optional<absl::Duration> MapReader::ReadDuration(ReadContext& context, const YamlNode& node,
                                                      const std::string& name, absl::Duration least,
                                                      absl::Duration most) {
  const std::optional<std::string> text = context.Substitute(node);
  if (!text) return std::nullopt;
  const std::optional<absl::Duration> value = ParseDuration(*text);
  if (!value) {
    context.Error(node.where, absl::StrCat(name, ": ", Quoted(node.text),
                                           " is not a duration; write a number with a unit, for "
                                           "example 500ms, 30s, 5m or 1h30m"));
    return std::nullopt;
  }
  if (*value < least || *value > most) {
    context.Error(node.where,
                  absl::StrCat(name, ": ", Quoted(node.text), " is not between ",
                               absl::FormatDuration(least), " and ", absl::FormatDuration(most)));
    return std::nullopt;
  }
  return value;
}

bool MapReader::Duration(std::string_view key, absl::Duration& out, absl::Duration least,
                         absl::Duration most) {
  const YamlNode* node = ScalarAt(key);
  if (node == nullptr) return false;
  const auto value = ReadDuration(context_, *node, Key(key), least, most);
  if (!value) return false;
  out = *value;
  return true;
}

void MapReader::Require(std::string_view key, std::string_view why) {
  if (node_ == nullptr || Lookup(key) != nullptr) return;
  context_.Error(where_, absl::StrCat(name_.empty() ? "the file" : name_, " needs ",
                                      std::string(key), ": ", std::string(why)));
}

void MapReader::Finish() {
  if (node_ == nullptr) return;
  for (const YamlEntry& entry : node_->entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    std::string message = absl::StrCat("unknown key ", Quoted(entry.key),
                                       name_.empty() ? "" : absl::StrCat(" in ", name_));
    const std::string meant = DidYouMean(entry.key, known_);
    if (!meant.empty()) {
      absl::StrAppend(&message, "; did you mean ", meant, "?");
    } else {
      std::vector<std::string> sorted = known_;
      std::sort(sorted.begin(), sorted.end());
      absl::StrAppend(&message, "; known here: ", absl::StrJoin(sorted, ", "));
    }
    context_.Error(entry.where, std::move(message));
  }
}

}  // namespace cxscribe
