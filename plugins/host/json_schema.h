// What ConfigSchema has to know of JSON Schema besides validating: which schemas apply to a value,
// and whether a schema is one that the host can take. Pure functions over the parsed schema.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace cxscribe {

// Makes a schema that is safe to validate with: `format` removed. Returns all that stands against
// it; it is a plugin's, so it may be anything: patterns that RE2 does not take, patternProperties,
// references that lead outside or in circles.
std::vector<std::string> PrepareSchema(nlohmann::json& schema);

// The schemas that apply to one value, and how strictly: those of anyOf and the like may or may
// not.
struct ApplicableSchemas {
  std::vector<const nlohmann::json*> certain;
  std::vector<const nlohmann::json*> possible;  // contains the certain ones
};

// `schema` with everything that it pulls in for the same value through $ref, allOf, anyOf, oneOf,
// if, then, else.
ApplicableSchemas Applicable(const nlohmann::json& root,
                             const std::vector<const nlohmann::json*>& schemas);

// What the schemas say about the member `key`; `known` is false when none of them knows it.
struct MemberSchemas {
  std::vector<const nlohmann::json*> schemas;
  bool known = false;
};
MemberSchemas SchemasOfMember(const ApplicableSchemas& object, const std::string& key);
// What the schemas say about the element `index`.
std::vector<const nlohmann::json*> SchemasOfElement(const ApplicableSchemas& array, size_t index);

// The keys that the schemas name, sorted.
std::set<std::string> KnownKeys(const ApplicableSchemas& object);

// `token` as a part of a JSON Pointer.
std::string EscapePointer(std::string_view token);

}  // namespace cxscribe
