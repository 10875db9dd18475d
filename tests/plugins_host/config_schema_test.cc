// ConfigSchema: unknown keys, messages with pointers, and schemas that are refused.
#include "plugins/host/config_schema.h"

#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "pointer: message" of each problem.
std::vector<std::string> Check(const std::string& schema, const std::string& config) {
  const auto compiled = ConfigSchema::Compile(schema);
  if (!compiled.ok()) return {std::string(compiled.status().message())};
  std::vector<std::string> lines;
  for (const ConfigProblem& problem : (*compiled)->Check(config)) {
    lines.push_back(absl::StrCat(problem.pointer, ": ", problem.message));
  }
  return lines;
}

std::string Refusal(const std::string& schema) {
  const auto compiled = ConfigSchema::Compile(schema);
  if (compiled.ok()) return "accepted";
  EXPECT_EQ(ReasonOf(compiled.status()), "PLUGIN_SCHEMA");
  return std::string(compiled.status().message());
}

TEST(ConfigSchema, APluginWithoutSchemaTakesNoKeys) {
  EXPECT_THAT(Check("", "{}"), IsEmpty());
  EXPECT_THAT(Check("", R"({"a": 1})"), ElementsAre("/a: unknown key: there are no keys here"));
  EXPECT_THAT(Check("{}", R"({"a": 1})"), ElementsAre("/a: unknown key: there are no keys here"));
}

TEST(ConfigSchema, UnknownKeysAreErrorsThoughTheSchemaForgetsToSaySo) {
  const std::string schema = R"({"properties": {
    "a": {"type": "integer"},
    "b": {"type": "object", "properties": {"c": {}}},
    "d": {"type": "array", "items": {"type": "object", "properties": {"e": {}}}},
    "free": {"type": "object"}}})";
  EXPECT_THAT(Check(schema, R"({"a": 1, "x/y": 1, "b": {"c": 1, "z": 1},
                                "d": [{"e": 1}, {"f": 1}], "free": {"any": {"thing": 1}}})"),
              ElementsAre("/b/z: unknown key: known are c", "/d/1/f: unknown key: known are e",
                          "/x~1y: unknown key: known are a, b, d, free"));
}

TEST(ConfigSchema, AdditionalPropertiesSaysWhatElseMayBeThere) {
  const std::string schema = R"({"properties": {"terms": {
    "type": "object", "additionalProperties": {"type": "string"}}}})";
  EXPECT_THAT(Check(schema, R"({"terms": {"acct": "account"}})"), IsEmpty());
  EXPECT_THAT(Check(schema, R"({"terms": {"acct": 7}})"),
              ElementsAre("/terms/acct: must be a string, not an integer"));
}

TEST(ConfigSchema, AnUnknownKeyIsReportedOnceThoughTheSchemaSaysItToo) {
  const std::string schema = R"({"properties": {"a": {}}, "additionalProperties": false})";
  EXPECT_THAT(Check(schema, R"({"b": 1, "c": 2})"),
              ElementsAre("/b: unknown key: known are a", "/c: unknown key: known are a"));
}

TEST(ConfigSchema, KeysOfCombinedSchemasAreKnown) {
  const std::string schema = R"({
    "definitions": {"base": {"properties": {"name": {"type": "string"}}}},
    "allOf": [{"$ref": "#/definitions/base"}],
    "oneOf": [{"properties": {"left": {}}, "required": ["left"]},
              {"properties": {"right": {}}, "required": ["right"]}]})";
  EXPECT_THAT(Check(schema, R"({"name": "n", "left": 1})"), IsEmpty());
  EXPECT_THAT(Check(schema, R"({"name": 5, "left": 1, "up": 1})"),
              ElementsAre("/name: must be a string, not an integer",
                          "/up: unknown key: known are left, name, right"));
}

TEST(ConfigSchema, EveryProblemIsReportedAtOnceWithItsPointer) {
  const std::string schema = R"({"required": ["need", "also"], "properties": {
    "need": {}, "also": {},
    "int": {"type": "integer", "minimum": 1, "maximum": 10},
    "mode": {"enum": ["fast", "exact"]},
    "list": {"type": "array", "items": {"type": "number", "exclusiveMaximum": 1.5}},
    "id": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 3}}})";
  EXPECT_THAT(
      Check(schema, R"({"int": 11, "mode": "slow", "list": [1, "two", 3], "id": "ABCD"})"),
      ElementsAre(": lacks the key \"also\"", ": lacks the key \"need\"",
                  "/id: must match the pattern ^[a-z]+$",
                  "/id: string should be no more than 3 characters in length",
                  "/int: must be at most 10", "/list/1: must be a number, not a string",
                  "/list/2: must be less than 1.5", R"(/mode: must be one of "fast", "exact")"));
}

TEST(ConfigSchema, TypesAreStrict) {
  EXPECT_THAT(Check(R"({"properties": {"a": {"type": ["integer", "null"]}}})", R"({"a": "1"})"),
              ElementsAre("/a: must be an integer or null, not a string"));
  EXPECT_THAT(Check(R"({"properties": {"a": {"type": "boolean"}}})", R"({"a": 1})"),
              ElementsAre("/a: must be a boolean, not an integer"));
}

// std::regex overflows the stack on this.
TEST(ConfigSchema, PatternsRunInLinearTimeAndConstantStack) {
  const std::string schema = R"({"properties": {"a": {"pattern": "^(a|b)*$"}}})";
  std::string text(400'000, 'a');
  EXPECT_THAT(Check(schema, "{\"a\": \"" + text + "\"}"), IsEmpty());
  text += 'c';
  EXPECT_THAT(Check(schema, "{\"a\": \"" + text + "\"}"),
              ElementsAre("/a: must match the pattern ^(a|b)*$"));
}

TEST(ConfigSchema, PatternsAlsoHoldInCombinationsAndForKeys) {
  const std::string schema = R"({"properties": {
    "a": {"oneOf": [{"pattern": "^x"}, {"type": "integer"}]},
    "m": {"additionalProperties": {}, "propertyNames": {"pattern": "^[a-z]+$"}}}})";
  EXPECT_THAT(Check(schema, R"({"a": "xy", "m": {"ok": 1}})"), IsEmpty());
  EXPECT_FALSE(Check(schema, R"({"a": "y"})").empty());
  EXPECT_THAT(Check(schema, R"({"m": {"NOT": 1}})"),
              ElementsAre("/m/NOT: the key must match the pattern ^[a-z]+$"));
}

TEST(ConfigSchema, WhatIsNoObjectIsRefused) {
  EXPECT_THAT(Check("", "[]"), ElementsAre(HasSubstr("must be an object")));
  EXPECT_THAT(Check("", "{"), ElementsAre(HasSubstr("must be an object")));
  const std::string deep(300, '[');
  EXPECT_THAT(Check("", "{\"a\":" + deep + std::string(300, ']') + "}"),
              ElementsAre(HasSubstr("must be an object")));
}

TEST(ConfigSchema, SchemasThatCannotBeUsedAreRefused) {
  EXPECT_THAT(Refusal("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(Refusal("{"), HasSubstr("not a JSON object"));
  EXPECT_THAT(Refusal(R"({"type": "array"})"), HasSubstr("its root must have"));
  EXPECT_THAT(Refusal(R"j({"properties": {"a": {"pattern": "(?=x)"}}})j"),
              HasSubstr("#/properties/a has a pattern that RE2 does not take"));
  EXPECT_THAT(Refusal(R"({"patternProperties": {"^a": {}}})"), HasSubstr("patternProperties"));
  EXPECT_THAT(Refusal(R"({"properties": {"a": {"$ref": "https://example.org/s.json"}}})"),
              HasSubstr("$ref that leads nowhere"));
  EXPECT_THAT(Refusal(R"({"properties": {"a": {"$ref": "#/definitions/none"}}})"),
              HasSubstr("$ref that leads nowhere"));
  EXPECT_THAT(Refusal(R"({"properties": {"a": 5}})"), HasSubstr("#/properties/a is not a schema"));
  std::string nested = "{}";
  for (int i = 0; i < 100; ++i) nested = R"({"properties": {"a": )" + nested + "}}";
  EXPECT_NE(Refusal(nested), "accepted");
}

TEST(ConfigSchema, SchemasThatNeverEndAreRefused) {
  EXPECT_THAT(Refusal(R"({"$ref": "#"})"), HasSubstr("refers to itself"));
  EXPECT_THAT(Refusal(R"({"properties": {"a": {"allOf": [{"$ref": "#/properties/a"}]}}})"),
              HasSubstr("refers to itself"));
  EXPECT_THAT(Refusal(R"({"definitions": {"x": {"not": {"$ref": "#/definitions/y"}},
                                          "y": {"anyOf": [{"$ref": "#/definitions/x"}]}}})"),
              HasSubstr("refers to itself"));
}

TEST(ConfigSchema, RecursionThroughAPartOfTheValueEnds) {
  const std::string schema = R"({"properties": {"tree": {"$ref": "#/definitions/node"}},
    "definitions": {"node": {"type": "object", "properties": {
      "child": {"$ref": "#/definitions/node"}, "value": {"type": "integer"}}}}})";
  EXPECT_THAT(Check(schema, R"({"tree": {"child": {"child": {"value": 1}}}})"), IsEmpty());
  EXPECT_THAT(Check(schema, R"({"tree": {"child": {"value": "x", "other": 1}}})"),
              ElementsAre("/tree/child/other: unknown key: known are child, value",
                          "/tree/child/value: must be an integer, not a string"));
}

TEST(ConfigSchema, FormatIsARemark) {
  EXPECT_THAT(Check(R"({"properties": {"d": {"format": "date"}, "format": {}}})",
                    R"({"d": 5, "format": 1})"),
              IsEmpty());
}

}  // namespace
}  // namespace cxscribe
