#include "server/cxone/json_text.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

namespace cxscribe {
namespace {

// Brackets outside of strings; what is not JSON gets some number, and fails later.
int NestingDepth(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return deepest;
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

JsonProblem WrongField(std::string field, std::string_view what) {
  std::string message = absl::StrCat(field, " ", absl::string_view(what.data(), what.size()));
  return {std::move(field), std::move(message)};
}

JsonProblem DescribeSyntaxError(std::string_view text, size_t position, std::string_view detail) {
  if (IsBlank(text)) return {"", "the answer is empty"};
  if (detail.find("UTF-8") != std::string_view::npos) {
    return {"", absl::StrCat("the answer holds bytes that are not UTF-8, near byte ", position)};
  }
  if (position > text.size()) {
    return {"", absl::StrCat("the answer ends in the middle, after ", text.size(), " bytes")};
  }
  return {"", absl::StrCat("the answer is not JSON, near byte ", position)};
}

std::optional<nlohmann::json> ParseJsonObject(std::string_view text, JsonProblem& problem) {
  if (NestingDepth(text) > kMaxJsonDepth) {
    problem = {"", absl::StrCat("the answer is nested more than ", kMaxJsonDepth, " deep")};
    return std::nullopt;
  }
  try {
    nlohmann::json document = nlohmann::json::parse(text);
    if (document.is_object()) return document;
    problem = {"", absl::StrCat("the answer is ", document.is_array() ? "a list" : "a bare value",
                                ", not a JSON object")};
  } catch (const nlohmann::json::parse_error& error) {
    problem = DescribeSyntaxError(text, error.byte, error.what());
  } catch (const nlohmann::json::exception&) {  // a number beyond all range
    problem = {"", "the answer holds a number that is out of range"};
  }
  return std::nullopt;
}

}  // namespace cxscribe
