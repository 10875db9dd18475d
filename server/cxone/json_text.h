// JSON from upstream: parsed with bounds, and described, when it is wrong, without repeating what
// it says (a transcript must never reach an error).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace cxscribe {

// What is wrong with an answer.
struct JsonProblem {
  std::string field;    // its path, for example "results[3].startOffsetMs"; empty: the whole
  std::string message;  // a sentence that names the field
};

// "`field` `what`", as in "entities is missing".
JsonProblem WrongField(std::string field, std::string_view what);

// Deeper nesting is refused.
inline constexpr int kMaxJsonDepth = 64;

// What a parser error at byte `position` (from 1) means. `detail` is the parser's own text, which
// is looked at and not repeated.
JsonProblem DescribeSyntaxError(std::string_view text, size_t position, std::string_view detail);

// Parses a small document (the size is the caller's to bound) whose top is an object. Nothing: see
// `problem`.
std::optional<nlohmann::json> ParseJsonObject(std::string_view text, JsonProblem& problem);

}  // namespace cxscribe
