#include "server/cxone/answers.h"

#include <algorithm>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

#include "server/cxone/http_client.h"

namespace cxscribe {
namespace {

using nlohmann::json;

// RFC 6749 only recommends expires_in; what tokens live at least in practice.
constexpr absl::Duration kDefaultLifetime = absl::Minutes(5);

// RFC 6750, 2.1: what may stand in an Authorization header.
bool IsBearerToken(const std::string& token) {
  return !token.empty() && token.size() <= kMaxTokenBytes &&
         std::all_of(token.begin(), token.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  absl::StrContains("-._~+/=", absl::string_view(&c, 1));
         });
}

absl::Duration LifetimeOf(const json& answer) {
  const auto member = answer.find("expires_in");
  double seconds = 0;
  if (member != answer.end() && member->is_number()) {
    seconds = member->get<double>();
  } else if (member != answer.end() && member->is_string()) {
    // Some servers write it as a string.
    if (!absl::SimpleAtod(member->get_ref<const std::string&>(), &seconds)) seconds = 0;
  }
  if (!(seconds > 0)) return kDefaultLifetime;
  return std::clamp(absl::Seconds(seconds), kShortestTokenLifetime, kLongestTokenLifetime);
}

// The non-negative integer `key` of `object`; nothing when it is missing or something else.
std::optional<int64_t> Count(const json& object, const char* key) {
  const auto member = object.find(key);
  if (member == object.end() || !member->is_number_integer()) return std::nullopt;
  if (member->is_number_unsigned() && member->get<uint64_t>() > static_cast<uint64_t>(INT64_MAX)) {
    return std::nullopt;
  }
  const auto value = member->get<int64_t>();
  return value < 0 ? std::nullopt : std::optional<int64_t>(value);
}

// Moves the string `key` of `object` to `value`.
bool TakeString(json& object, const char* key, std::string& value) {
  const auto member = object.find(key);
  if (member == object.end() || !member->is_string()) return false;
  value = std::move(member->get_ref<std::string&>());
  return true;
}

}  // namespace

std::optional<FreshToken> ReadToken(std::string_view body, JsonProblem& problem) {
  const std::optional<json> answer = ParseJsonObject(body, problem);
  if (!answer.has_value()) return std::nullopt;
  const auto token = answer->find("access_token");
  if (token == answer->end() || !token->is_string() ||
      !IsBearerToken(token->get_ref<const std::string&>())) {
    problem = {"access_token", token == answer->end() ? "access_token is missing"
                                                      : "access_token is not a bearer token"};
    return std::nullopt;
  }
  const auto type = answer->find("token_type");
  if (type != answer->end() &&
      !(type->is_string() &&
        absl::EqualsIgnoreCase(type->get_ref<const std::string&>(), "bearer"))) {
    problem = {"token_type", "token_type is not \"bearer\""};
    return std::nullopt;
  }
  return FreshToken{token->get<std::string>(), LifetimeOf(*answer)};
}

std::optional<JsonProblem> ReadRecordings(std::string_view body, RecordingsPage& page) {
  JsonProblem problem;
  std::optional<json> answer = ParseJsonObject(body, problem);
  if (!answer.has_value()) return problem;
  const auto entities = answer->find("entities");
  if (entities == answer->end() || !entities->is_array()) {
    return WrongField("entities", "is missing or not a list");
  }
  for (size_t i = 0; i < entities->size(); ++i) {
    json& entity = (*entities)[i];
    const std::string path = absl::StrCat("entities[", i, "]");
    if (!entity.is_object()) return WrongField(path, "is not an object");
    UpstreamRecording recording;
    if (!TakeString(entity, "id", recording.id)) return WrongField(path + ".id", "is not a string");
    if (!TakeString(entity, "format", recording.format)) {
      return WrongField(path + ".format", "is not a string");
    }
    const std::optional<int64_t> size = Count(entity, "size");
    if (!size.has_value()) return WrongField(path + ".size", "is not a number of bytes");
    recording.size_bytes = *size;
    TakeString(entity, "mediaType", recording.media_type);  // optional
    page.entities.push_back(std::move(recording));
  }
  page.page_size = Count(*answer, "pageSize").value_or(0);
  page.total = Count(*answer, "total").value_or(0);
  return std::nullopt;
}

std::optional<JsonProblem> ReadSubmitted(std::string_view body, std::string& id) {
  JsonProblem problem;
  std::optional<json> answer = ParseJsonObject(body, problem);
  if (!answer.has_value()) return problem;
  if (!TakeString(*answer, "id", id)) return WrongField("id", "is missing or not a string");
  if (!IsUpstreamId(id)) return WrongField("id", "is not an id: [A-Za-z0-9_.-]{1,128}");
  return std::nullopt;
}

}  // namespace cxscribe
