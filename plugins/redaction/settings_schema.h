// The JSON Schema of the stage's `config:`.
#pragma once

#include <string_view>

namespace cxscribe::redaction {

inline constexpr std::string_view kSettingsSchema = R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "additionalProperties": false,
  "definitions": {
    "thresholds": {
      "type": "object",
      "additionalProperties": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "fail": {"type": "number", "minimum": 0, "maximum": 1, "default": 0},
          "flag": {"type": "number", "minimum": 0, "maximum": 1, "default": 0}
        }
      }
    },
    "allowed_remains": {
      "type": "object",
      "additionalProperties": {"type": "integer", "minimum": 1, "maximum": 4}
    },
    "terms": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1, "maxLength": 200}},
    "file": {"type": "string", "minLength": 1, "maxLength": 255}
  },
  "properties": {
    "thresholds": {"$ref": "#/definitions/thresholds"},
    "allowed_remains": {"$ref": "#/definitions/allowed_remains"},
    "policies": {
      "type": "object",
      "additionalProperties": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "thresholds": {"$ref": "#/definitions/thresholds"},
          "allowed_remains": {"$ref": "#/definitions/allowed_remains"}
        }
      }
    },
    "deny": {
      "type": "array",
      "maxItems": 100,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["type"],
        "properties": {
          "type": {"type": "string"},
          "terms": {"$ref": "#/definitions/terms"},
          "file": {"$ref": "#/definitions/file"}
        }
      }
    },
    "allow": {
      "type": "array",
      "maxItems": 100,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "terms": {"$ref": "#/definitions/terms"},
          "file": {"$ref": "#/definitions/file"}
        }
      }
    },
    "detectors": {
      "type": "array",
      "maxItems": 100,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["type"],
        "properties": {
          "type": {"type": "string"},
          "pattern": {"type": "string", "minLength": 1},
          "case_sensitive": {"type": "boolean", "default": false},
          "keywords": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "string", "minLength": 1, "maxLength": 200}},
          "digits": {"type": ["integer", "string"]},
          "within": {"type": "integer", "minimum": 1, "maximum": 40, "default": 12},
          "score": {"type": "number", "minimum": 0.01, "maximum": 1, "default": 0.9},
          "reason": {"type": "string", "minLength": 1, "maxLength": 200}
        }
      }
    },
    "unchecked": {"type": "array", "items": {"type": "string"}}
  }
})json";

}  // namespace cxscribe::redaction
