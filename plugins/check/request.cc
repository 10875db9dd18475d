#include "plugins/check/request.h"

#include <nlohmann/json.hpp>

namespace cxscribe {
namespace {

using nlohmann::json;

// CBOR, unlike JSON, holds bytes.
json BytesOf(const v1::Transcript& transcript) {
  const std::string bytes = transcript.SerializeAsString();
  return json::binary(std::vector<uint8_t>(bytes.begin(), bytes.end()));
}

}  // namespace

std::string SerializeRequest(const CheckRequest& request) {
  json golden = json::array();
  for (const GoldenCase& one : request.golden) {
    golden.push_back(
        {{"name", one.name}, {"input", BytesOf(one.input)}, {"expected", one.expected_json}});
  }
  const json document = {{"file", request.file},
                         {"config", request.config_json},
                         {"data", request.data_directory},
                         {"language", request.language},
                         {"policy", request.redaction_policy},
                         {"entity_types", request.entity_types},
                         {"timeout_ms", absl::ToInt64Milliseconds(request.timeout)},
                         {"memory_bytes", request.memory_bytes},
                         {"golden", golden}};
  const std::vector<uint8_t> bytes = json::to_cbor(document);
  return std::string(bytes.begin(), bytes.end());
}

absl::StatusOr<CheckRequest> ParseRequest(std::string_view text) {
  try {
    const json document = json::from_cbor(text.begin(), text.end());
    CheckRequest request;
    request.file = document.at("file");
    request.config_json = document.at("config");
    request.data_directory = document.at("data");
    request.language = document.at("language");
    request.redaction_policy = document.at("policy");
    request.entity_types = document.at("entity_types").get<std::vector<std::string>>();
    request.timeout = absl::Milliseconds(document.at("timeout_ms").get<int64_t>());
    request.memory_bytes = document.at("memory_bytes");
    for (const json& one : document.at("golden")) {
      GoldenCase& golden = request.golden.emplace_back();
      golden.name = one.at("name");
      golden.expected_json = one.at("expected");
      const auto& bytes = one.at("input").get_binary();
      if (!golden.input.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return absl::InternalError("the check's request holds no transcript");
      }
    }
    return request;
  } catch (const json::exception& error) {
    return absl::InternalError(std::string("the check's request cannot be read: ") + error.what());
  }
}

}  // namespace cxscribe
