#include "plugins/host/config_schema.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/strip.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "plugins/host/json_schema.h"
#include "server/base/error.h"

namespace cxscribe {
namespace {

using nlohmann::json;

// valijson's own `pattern` runs std::regex, which takes a stack frame for every character.
template <typename Adapter>
bool MatchesPattern(const valijson::constraints::PatternConstraint& constraint,
                    const Adapter& target, const std::vector<std::string>& context,
                    valijson::ValidationResults* results) {
  if (!target.isString()) return true;
  const std::string pattern = constraint.getPattern<std::string::allocator_type>();
  if (re2::RE2::PartialMatch(target.asString(), re2::RE2(pattern, re2::RE2::Quiet))) return true;
  if (results != nullptr) {
    results->pushError(context, absl::StrCat("must match the pattern ", pattern));
  }
  return false;
}

}  // namespace
}  // namespace cxscribe

// Explicit specialisations of the members that would use std::regex, before anything instantiates
// them.
namespace valijson {
template <>
bool ValidationVisitor<adapters::NlohmannJsonAdapter>::visit(
    const constraints::PatternConstraint& constraint) {
  return cxscribe::MatchesPattern(constraint, m_target, m_context, m_results);
}
template <>
bool ValidationVisitor<adapters::StdStringAdapter>::visit(
    const constraints::PatternConstraint& constraint) {
  return cxscribe::MatchesPattern(constraint, m_target, m_context, m_results);
}
}  // namespace valijson

namespace cxscribe {
namespace {

constexpr std::string_view kUnwantedKey = "Object contains a property that could not be validated";

std::string KindOf(const json& value) {
  if (value.is_number_integer()) return "integer";
  return value.type_name();  // "object", "array", "string", "boolean", "number", "null"
}

std::string WithArticle(const std::string& kind) {
  if (kind == "null") return kind;
  return absl::StrCat(
      std::string_view("aeiou").find(kind.front()) != std::string_view::npos ? "an " : "a ", kind);
}

// "[a][0]" after "<root>" as a JSON Pointer.
std::string ToPointer(const std::vector<std::string>& context) {
  std::string pointer;
  for (size_t i = 1; i < context.size(); ++i) {
    std::string_view token = context[i];
    if (token.size() >= 2 && token.front() == '[' && token.back() == ']') {
      token = token.substr(1, token.size() - 2);
    }
    absl::StrAppend(&pointer, "/", EscapePointer(token));
  }
  return pointer;
}

// What valijson adds above the error that matters: "item 3 failed", because what is in it did.
bool IsSummary(const std::string& text) {
  return absl::StartsWith(text, "Failed to validate item #") ||
         absl::StartsWith(text, "Failed to validate against child schema #") ||
         absl::StartsWith(text, "Failed to validate against additional properties") ||
         absl::StartsWith(text, "Failed to validate against schema associated with property name");
}

// valijson's numbers come from std::to_string: "10.000000".
std::string TrimNumber(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

// One configuration held against one schema.
class Checker {
 public:
  explicit Checker(const json& schema) : schema_(schema) {}

  // Unknown keys. Also notes which schemas certainly apply where, for better messages.
  void Walk(const json& value, const std::string& pointer, const std::vector<const json*>& schemas,
            bool root) {
    const ApplicableSchemas applicable = Applicable(schema_, schemas);
    values_[pointer] = {&value, applicable.certain};
    if (value.is_object()) {
      const std::set<std::string> keys = KnownKeys(applicable);
      // An inner object of which nothing is said may hold anything; the root may not.
      const bool strict = root || !keys.empty();
      CheckKeyNames(value, pointer, applicable.certain);
      for (const auto& [key, member] : value.items()) {
        const std::string member_pointer = absl::StrCat(pointer, "/", EscapePointer(key));
        const MemberSchemas known = SchemasOfMember(applicable, key);
        if (known.known || !strict) {
          Walk(member, member_pointer, known.schemas, false);
          continue;
        }
        const std::string help = keys.empty()
                                     ? "there are no keys here"
                                     : absl::StrCat("known are ", absl::StrJoin(keys, ", "));
        Add(member_pointer, absl::StrCat("unknown key: ", help));
        strict_objects_.insert(pointer);
      }
    } else if (value.is_array()) {
      for (size_t i = 0; i < value.size(); ++i) {
        Walk(value[i], absl::StrCat(pointer, "/", i), SchemasOfElement(applicable, i), false);
      }
    }
  }

  void AddAll(const valijson::ValidationResults& results) {
    bool only_summaries = problems_.empty();
    for (const auto& error : results)
      only_summaries = only_summaries && IsSummary(error.description);
    for (const auto& error : results) {
      if (!only_summaries && IsSummary(error.description)) continue;
      const std::string pointer = ToPointer(error.context);
      // Said already, key by key.
      if (absl::StartsWith(error.description,
                           absl::string_view(kUnwantedKey.data(), kUnwantedKey.size())) &&
          strict_objects_.count(pointer) > 0) {
        continue;
      }
      Add(pointer, Explain(error.description, pointer));
    }
  }

  std::vector<ConfigProblem> Take() {
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const ConfigProblem& a, const ConfigProblem& b) {
                       return std::tie(a.pointer, a.message) < std::tie(b.pointer, b.message);
                     });
    problems_.erase(std::unique(problems_.begin(), problems_.end(),
                                [](const ConfigProblem& a, const ConfigProblem& b) {
                                  return a.pointer == b.pointer && a.message == b.message;
                                }),
                    problems_.end());
    return std::move(problems_);
  }

 private:
  // valijson notices a key that its propertyNames refuses, but does not say which.
  void CheckKeyNames(const json& object, const std::string& pointer,
                     const std::vector<const json*>& schemas) {
    for (const json* schema : schemas) {
      if (!schema->is_object() || !schema->contains("propertyNames")) continue;
      const json& names = (*schema)["propertyNames"];
      if (!names.is_object() || !names.contains("pattern")) continue;
      const std::string pattern = names["pattern"];
      const re2::RE2 compiled(pattern, re2::RE2::Quiet);
      for (const auto& [key, member] : object.items()) {
        if (re2::RE2::PartialMatch(key, compiled)) continue;
        Add(absl::StrCat(pointer, "/", EscapePointer(key)),
            absl::StrCat("the key must match the pattern ", pattern));
      }
    }
  }

  void Add(std::string pointer, std::string message) {
    problems_.push_back(ConfigProblem{std::move(pointer), std::move(message)});
  }

  // The keyword's value in the first certain schema that has it.
  std::optional<json> Keyword(const std::string& pointer, const char* keyword) const {
    const auto found = values_.find(pointer);
    if (found == values_.end()) return std::nullopt;
    for (const json* schema : found->second.second) {
      if (schema->is_object() && schema->contains(keyword)) return (*schema)[keyword];
    }
    return std::nullopt;
  }

  // valijson's message in the words of somebody who writes YAML.
  std::string Explain(const std::string& text, const std::string& pointer) const {
    static constexpr std::pair<const char*, const char*> kBounds[] = {
        {"Expected number less than or equal to ", "must be at most "},
        {"Expected number less than ", "must be less than "},
        {"Expected number greater than or equal to ", "must be at least "},
        {"Expected number greater than ", "must be greater than "}};
    for (const auto& [prefix, words] : kBounds) {
      absl::string_view rest = text;
      if (absl::ConsumePrefix(&rest, prefix)) {
        return absl::StrCat(words, TrimNumber(std::string(rest)));
      }
    }
    absl::string_view rest = text;
    if (absl::ConsumePrefix(&rest, "Missing required property '")) {
      absl::ConsumeSuffix(&rest, ".");
      absl::ConsumeSuffix(&rest, "'");
      return absl::StrCat("lacks the key \"", rest, "\"");
    }
    if (absl::StartsWith(text, "Value type not permitted")) {
      if (const std::optional<json> type = Keyword(pointer, "type")) {
        std::vector<std::string> kinds;
        for (const json& kind : type->is_array() ? *type : json::array({*type})) {
          if (kind.is_string()) kinds.push_back(WithArticle(kind.get<std::string>()));
        }
        return absl::StrCat("must be ", absl::StrJoin(kinds, " or "), ", not ",
                            WithArticle(KindOf(*values_.at(pointer).first)));
      }
    }
    if (absl::StartsWith(text, "Failed to match against any enum")) {
      if (const std::optional<json> values = Keyword(pointer, "enum")) {
        std::vector<std::string> allowed;
        for (const json& value : *values) allowed.push_back(value.dump());
        return absl::StrCat("must be one of ", absl::StrJoin(allowed, ", "));
      }
    }
    std::string plain = text;
    if (!plain.empty() && plain.back() == '.') plain.pop_back();
    if (!plain.empty()) plain.front() = absl::ascii_tolower(plain.front());
    return plain;
  }

  const json& schema_;
  std::map<std::string, std::pair<const json*, std::vector<const json*>>> values_;
  std::set<std::string> strict_objects_;
  std::vector<ConfigProblem> problems_;
};

absl::Status Refuse(std::string message) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "PLUGIN_SCHEMA",
                      absl::StrCat("the plugin's config schema is not usable: ", message))
      .Build();
}

// Parses without recursion; nothing deeper than `max_depth`, since what walks the result does
// recurse.
std::optional<json> Parse(std::string_view text, int max_depth) {
  bool too_deep = false;
  json parsed = json::parse(
      text.begin(), text.end(),
      [&](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > max_depth;
        return true;
      },
      false);
  if (parsed.is_discarded() || too_deep) return std::nullopt;
  return parsed;
}

constexpr int kMaxDepth = 128;

}  // namespace

struct ConfigSchema::Impl {
  json schema;
  valijson::Schema compiled;
};

ConfigSchema::ConfigSchema(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
ConfigSchema::~ConfigSchema() = default;

absl::StatusOr<std::unique_ptr<const ConfigSchema>> ConfigSchema::Compile(
    std::string_view schema_json) {
  auto impl = std::make_unique<Impl>();
  if (schema_json.empty()) {
    impl->schema = json{{"type", "object"}};
  } else {
    std::optional<json> parsed = Parse(schema_json, kMaxDepth);
    if (!parsed.has_value() || !parsed->is_object()) {
      return Refuse("it is not a JSON object, or nested too deeply");
    }
    impl->schema = *std::move(parsed);
  }
  if (!impl->schema.contains("type")) impl->schema["type"] = "object";
  if (impl->schema["type"] != "object") return Refuse("its root must have \"type\": \"object\"");
  if (const std::vector<std::string> problems = PrepareSchema(impl->schema); !problems.empty()) {
    return Refuse(absl::StrJoin(problems, "; "));
  }
  try {
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(impl->schema), impl->compiled);
  } catch (const std::exception& error) {
    return Refuse(error.what());
  }
  return std::unique_ptr<const ConfigSchema>(new ConfigSchema(std::move(impl)));
}

std::vector<ConfigProblem> ConfigSchema::Check(std::string_view config_json) const {
  const std::optional<json> config = Parse(config_json, kMaxDepth);
  if (!config.has_value() || !config->is_object()) {
    return {ConfigProblem{"", "must be an object, nested at most 128 deep"}};
  }
  Checker checker(impl_->schema);
  checker.Walk(*config, "", {&impl_->schema}, true);
  try {
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter target(*config);
    validator.validate(impl_->compiled, target, &results);
    checker.AddAll(results);
  } catch (const std::exception& error) {
    return {ConfigProblem{"", absl::StrCat("cannot be checked: ", error.what())}};
  }
  return checker.Take();
}

}  // namespace cxscribe
