#include "client/output.h"

#include <memory>
#include <vector>

#include <absl/status/status.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "google/protobuf/any.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"

namespace cxscribe::client {
namespace {

using Json = nlohmann::ordered_json;

bool IsKnownType(const std::string& type_url) {
  const std::string name = type_url.substr(type_url.rfind('/') + 1);
  return google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name) != nullptr;
}

// Takes out every google.protobuf.Any whose type this build does not know: JSON cannot hold it.
void DropUnknownAnys(google::protobuf::Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  const auto is_unknown_any = [](const google::protobuf::Message& field) {
    if (field.GetDescriptor() != google::protobuf::Any::descriptor()) return false;
    google::protobuf::Any any;
    any.CopyFrom(field);
    return !IsKnownType(any.type_url());
  };
  for (const auto* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      auto* child = reflection->MutableMessage(&message, field);
      if (is_unknown_any(*child)) {
        reflection->ClearField(&message, field);
      } else {
        DropUnknownAnys(*child);
      }
      continue;
    }
    for (int i = reflection->FieldSize(message, field) - 1; i >= 0; --i) {
      auto* child = reflection->MutableRepeatedMessage(&message, field, i);
      if (!is_unknown_any(*child)) {
        DropUnknownAnys(*child);
        continue;
      }
      const int last = reflection->FieldSize(message, field) - 1;
      for (int j = i; j < last; ++j) reflection->SwapElements(&message, field, j, j + 1);
      reflection->RemoveLast(&message, field);
    }
  }
}

// Whether YAML 1.1 and 1.2 read `text` without quotes as this very string.
bool IsPlainYaml(const std::string& text) {
  if (text.empty() || text.size() > 64) return false;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!is_letter(text[0])) return false;
  for (const char c : text) {
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.' && c != '/') {
      return false;
    }
  }
  std::string lower;
  for (const char c : text) lower.push_back(static_cast<char>(c | (is_letter(c) ? 0x20 : 0)));
  for (const char* word : {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}) {
    if (lower == word) return false;
  }
  return true;
}

void EmitString(YAML::Emitter& yaml, const std::string& text) {
  if (IsPlainYaml(text)) {
    yaml << text;
  } else {
    yaml << YAML::DoubleQuoted << text;
  }
}

void Emit(YAML::Emitter& yaml, const Json& json) {
  if (json.is_object()) {
    if (json.empty()) yaml << YAML::Flow;
    yaml << YAML::BeginMap;
    for (const auto& item : json.items()) {
      yaml << YAML::Key;
      EmitString(yaml, item.key());
      yaml << YAML::Value;
      Emit(yaml, item.value());
    }
    yaml << YAML::EndMap;
  } else if (json.is_array()) {
    if (json.empty()) yaml << YAML::Flow;
    yaml << YAML::BeginSeq;
    for (const auto& item : json) Emit(yaml, item);
    yaml << YAML::EndSeq;
  } else if (json.is_string()) {
    EmitString(yaml, json.get_ref<const std::string&>());
  } else {
    yaml << json.dump();  // numbers, booleans and null are written alike in both
  }
}

}  // namespace

absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = pretty;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string json;
  auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) {
    std::unique_ptr<google::protobuf::Message> copy(message.New());
    copy->CopyFrom(message);
    DropUnknownAnys(*copy);
    json.clear();
    status = google::protobuf::util::MessageToJsonString(*copy, &json, options);
  }
  if (!status.ok()) {
    return absl::InternalError("cannot write " + message.GetTypeName() +
                               " as JSON: " + std::string(status.message()));
  }
  while (!json.empty() && json.back() == '\n') json.pop_back();
  return json;
}

absl::StatusOr<std::string> JsonToYaml(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return absl::InternalError("cannot write YAML: the JSON is not valid");
  YAML::Emitter yaml;
  Emit(yaml, json);
  if (!yaml.good()) return absl::InternalError("cannot write YAML: " + yaml.GetLastError());
  return std::string(yaml.c_str());
}

absl::StatusOr<std::string> ToDocument(const google::protobuf::Message& message,
                                       OutputFormat format) {
  auto json = ToJson(message, format == OutputFormat::kJson);
  if (!json.ok()) return json.status();
  if (format == OutputFormat::kYaml) {
    auto yaml = JsonToYaml(*json);
    if (!yaml.ok()) return yaml.status();
    return "---\n" + *yaml + "\n";
  }
  return *json + "\n";
}

}  // namespace cxscribe::client
