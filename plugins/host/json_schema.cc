#include "plugins/host/json_schema.h"

#include <functional>
#include <map>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <re2/re2.h>

namespace cxscribe {
namespace {

using nlohmann::json;

// Deep enough for every sane schema, and far from the end of a stack.
constexpr int kMaxDepth = 64;

// Keywords by where they hold schemas. The first group's apply to the same value, the others' to
// parts of it.
constexpr const char* kSameValueLists[] = {"allOf", "anyOf", "oneOf"};
constexpr const char* kSameValue[] = {"not", "if", "then", "else"};
constexpr const char* kParts[] = {"additionalProperties", "additionalItems", "contains",
                                  "propertyNames"};
constexpr const char* kMaps[] = {"properties", "definitions", "$defs"};

// The schema that a local reference names; nullptr: there is none.
const json* Resolve(const json& root, const json& reference) {
  if (!reference.is_string()) return nullptr;
  const std::string& text = reference.get_ref<const std::string&>();
  if (text.empty() || text.front() != '#') return nullptr;
  try {
    const json::json_pointer pointer(text.substr(1));
    return root.contains(pointer) ? &root.at(pointer) : nullptr;
  } catch (const json::exception&) {
    return nullptr;
  }
}

using Visitor = std::function<void(json& schema, const std::string& pointer)>;

void VisitChildren(json& schema, const std::string& pointer, const Visitor& visit) {
  if (!schema.is_object()) return;
  const auto child = [&](const char* keyword) {
    const auto found = schema.find(keyword);
    return found == schema.end() ? nullptr : &*found;
  };
  const auto each_element = [&](const char* keyword, json& list) {
    size_t index = 0;
    for (json& element : list) visit(element, absl::StrCat(pointer, "/", keyword, "/", index++));
  };
  for (const char* keyword : kSameValueLists) {
    if (json* list = child(keyword); list != nullptr && list->is_array()) {
      each_element(keyword, *list);
    }
  }
  for (const char* keyword : kSameValue) {
    if (json* one = child(keyword)) visit(*one, absl::StrCat(pointer, "/", keyword));
  }
  for (const char* keyword : kParts) {
    if (json* one = child(keyword)) visit(*one, absl::StrCat(pointer, "/", keyword));
  }
  for (const char* keyword : kMaps) {
    json* map = child(keyword);
    if (map == nullptr || !map->is_object()) continue;
    for (const auto& [key, value] : map->items()) {
      visit(value, absl::StrCat(pointer, "/", keyword, "/", EscapePointer(key)));
    }
  }
  if (json* items = child("items")) {
    if (items->is_array()) {
      each_element("items", *items);
    } else {
      visit(*items, absl::StrCat(pointer, "/items"));
    }
  }
  if (json* dependencies = child("dependencies"); dependencies && dependencies->is_object()) {
    for (const auto& [key, value] : dependencies->items()) {
      if (value.is_object()) {
        visit(value, absl::StrCat(pointer, "/dependencies/", EscapePointer(key)));
      }
    }
  }
}

// Goes through a schema once and notes all that stands against it.
class Preparer {
 public:
  explicit Preparer(json& root) : root_(root) {}

  std::vector<std::string> Run() {
    Prepare(root_, "", 0);
    if (problems_.empty()) FindCircles(root_, "");
    return std::move(problems_);
  }

 private:
  void Prepare(json& schema, const std::string& pointer, int depth) {
    const std::string where = absl::StrCat("#", pointer);
    if (depth > kMaxDepth) {
      problems_.push_back(absl::StrCat(where, " is nested more than ", kMaxDepth, " deep"));
      return;
    }
    if (!schema.is_object()) {
      if (!schema.is_boolean()) problems_.push_back(absl::StrCat(where, " is not a schema"));
      return;
    }
    schema.erase("format");
    if (schema.contains("patternProperties")) {
      problems_.push_back(absl::StrCat(where,
                                       " uses patternProperties: use propertyNames with a "
                                       "pattern, and additionalProperties"));
    }
    if (const auto pattern = schema.find("pattern"); pattern != schema.end()) {
      const std::string text = pattern->is_string() ? pattern->get<std::string>() : "";
      const re2::RE2 compiled(text, re2::RE2::Quiet);
      if (!pattern->is_string() || !compiled.ok()) {
        problems_.push_back(absl::StrCat(
            where, " has a pattern that RE2 does not take: ",
            pattern->is_string() ? absl::string_view(compiled.error()) : "it is not a string"));
      }
    }
    if (const auto reference = schema.find("$ref"); reference != schema.end()) {
      if (Resolve(root_, *reference) == nullptr) {
        problems_.push_back(
            absl::StrCat(where, " has a $ref that leads nowhere: only \"#/...\" is supported"));
      }
    }
    VisitChildren(schema, pointer, [&](json& child, const std::string& child_pointer) {
      Prepare(child, child_pointer, depth + 1);
    });
  }

  // A schema that applies to a value only if it applies to that value never ends. Depth-first over
  // all schemas.
  void FindCircles(json& schema, const std::string& pointer) {
    if (HasCircle(schema)) {
      problems_.push_back(absl::StrCat("#", pointer, " refers to itself for the same value"));
      return;
    }
    VisitChildren(schema, pointer, [&](json& child, const std::string& child_pointer) {
      if (problems_.empty()) FindCircles(child, child_pointer);
    });
  }

  bool HasCircle(const json& schema) {
    if (!schema.is_object()) return false;
    const auto [state, added] = states_.emplace(&schema, State::kOpen);
    if (!added) return state->second == State::kOpen;
    bool circle = false;
    for (const json* next : SameValue(schema)) circle = circle || HasCircle(*next);
    states_[&schema] = State::kClosed;
    return circle;
  }

  std::vector<const json*> SameValue(const json& schema) const {
    std::vector<const json*> same;
    if (schema.contains("$ref")) same.push_back(Resolve(root_, schema["$ref"]));
    for (const char* keyword : kSameValueLists) {
      if (!schema.contains(keyword)) continue;
      for (const json& element : schema[keyword]) same.push_back(&element);
    }
    for (const char* keyword : kSameValue) {
      if (schema.contains(keyword)) same.push_back(&schema[keyword]);
    }
    if (schema.contains("dependencies") && schema["dependencies"].is_object()) {
      for (const json& dependency : schema["dependencies"]) same.push_back(&dependency);
    }
    return same;
  }

  enum class State { kOpen, kClosed };
  json& root_;
  std::map<const json*, State> states_;
  std::vector<std::string> problems_;
};

void Collect(const json& root, const json& schema, bool certain, ApplicableSchemas& out) {
  out.possible.push_back(&schema);
  if (certain) out.certain.push_back(&schema);
  if (!schema.is_object()) return;
  if (const auto reference = schema.find("$ref"); reference != schema.end()) {
    if (const json* target = Resolve(root, *reference)) Collect(root, *target, certain, out);
  }
  for (const char* keyword : kSameValueLists) {
    const auto list = schema.find(keyword);
    if (list == schema.end() || !list->is_array()) continue;
    for (const json& element : *list) {
      Collect(root, element, certain && keyword == kSameValueLists[0], out);
    }
  }
  for (const char* keyword : {"if", "then", "else"}) {
    const auto one = schema.find(keyword);
    if (one != schema.end()) Collect(root, *one, false, out);
  }
}

}  // namespace

std::vector<std::string> PrepareSchema(json& schema) { return Preparer(schema).Run(); }

ApplicableSchemas Applicable(const json& root, const std::vector<const json*>& schemas) {
  ApplicableSchemas applicable;
  for (const json* schema : schemas) Collect(root, *schema, true, applicable);
  return applicable;
}

MemberSchemas SchemasOfMember(const ApplicableSchemas& object, const std::string& key) {
  MemberSchemas member;
  for (const json* schema : object.possible) {
    if (!schema->is_object()) continue;
    const auto properties = schema->find("properties");
    if (properties != schema->end() && properties->is_object() && properties->contains(key)) {
      member.schemas.push_back(&(*properties)[key]);
      member.known = true;
      continue;
    }
    const auto additional = schema->find("additionalProperties");
    if (additional != schema->end() && *additional != false) {
      member.schemas.push_back(&*additional);
      member.known = true;
    }
  }
  return member;
}

std::vector<const json*> SchemasOfElement(const ApplicableSchemas& array, size_t index) {
  std::vector<const json*> schemas;
  for (const json* schema : array.possible) {
    if (!schema->is_object()) continue;
    const auto items = schema->find("items");
    if (items == schema->end()) continue;
    if (!items->is_array()) {
      schemas.push_back(&*items);
    } else if (index < items->size()) {
      schemas.push_back(&(*items)[index]);
    } else if (schema->contains("additionalItems")) {
      schemas.push_back(&(*schema)["additionalItems"]);
    }
  }
  return schemas;
}

std::set<std::string> KnownKeys(const ApplicableSchemas& object) {
  std::set<std::string> keys;
  for (const json* schema : object.possible) {
    if (!schema->is_object()) continue;
    const auto properties = schema->find("properties");
    if (properties == schema->end() || !properties->is_object()) continue;
    for (const auto& [key, value] : properties->items()) keys.insert(key);
  }
  return keys;
}

std::string EscapePointer(std::string_view token) {
  return absl::StrReplaceAll(absl::string_view(token.data(), token.size()),
                             {{"~", "~0"}, {"/", "~1"}});
}

}  // namespace cxscribe
