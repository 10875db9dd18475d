// Scenario files: YAML (and so JSON) into the document that ParseScenario reads. See fault.h.
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "tests/sim/fault.h"

namespace cxscribe::sim {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 32;  // also keeps recursive aliases from growing without end

std::string At(const YAML::Mark& mark) {
  return absl::StrCat("line ", mark.line + 1, ", column ", mark.column + 1, ": ");
}

// A plain scalar by the YAML 1.2 core schema; yaml-cpp would take 010 for 8 and "yes" for true.
json PlainScalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return nullptr;
  }
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  int64_t whole = 0;
  uint64_t positive = 0;
  double real = 0;
  if (absl::SimpleAtoi(text, &positive)) return positive;
  if (absl::SimpleAtoi(text, &whole)) return whole;
  const bool numeric = text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  if (numeric && absl::SimpleAtod(text, &real)) return real;
  return text;
}

// Throws YAML::Exception with the place of what is wrong.
json ToJson(const YAML::Node& node, int depth) {
  if (depth > kMaxDepth) throw YAML::Exception(node.Mark(), "nested too deeply");
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      return node.Tag() == "?" ? PlainScalar(node.Scalar()) : json(node.Scalar());
    case YAML::NodeType::Sequence: {
      json list = json::array();
      for (const YAML::Node& item : node) list.push_back(ToJson(item, depth + 1));
      return list;
    }
    case YAML::NodeType::Map: {
      json object = json::object();
      for (const auto& item : node) {
        if (!item.first.IsScalar()) throw YAML::Exception(item.first.Mark(), "a key is not a word");
        const std::string key = item.first.Scalar();
        if (object.contains(key)) {
          throw YAML::Exception(item.first.Mark(), absl::StrCat("the key ", key, " stands twice"));
        }
        object[key] = ToJson(item.second, depth + 1);
      }
      return object;
    }
    case YAML::NodeType::Null:
    case YAML::NodeType::Undefined:
      break;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<Scenario> ParseScenarioYaml(std::string_view text) {
  try {
    return ParseScenario(ToJson(YAML::Load(std::string(text)), 0));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(At(error.mark) + error.msg);
  }
}

absl::StatusOr<Scenario> LoadScenario(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  absl::StatusOr<Scenario> scenario =
      absl::EndsWith(path, ".json") ? ParseScenarioJson(text) : ParseScenarioYaml(text);
  if (!scenario.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", std::string(scenario.status().message())));
  }
  return scenario;
}

}  // namespace cxscribe::sim
