#include "client/output.h"

#include <map>
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
using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Takes out of a message every google.protobuf.Any whose type this build does not know: JSON cannot
// hold it. Does not look into fields that cannot hold one, such as the words of a transcript.
class UnknownAnyFilter {
 public:
  // Whether there is any in `message`.
  bool Finds(const Message& message) {
    std::vector<const FieldDescriptor*> fields;
    const auto* reflection = message.GetReflection();
    reflection->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      if (!MayHold(field)) continue;
      for (int i = 0; i < Count(message, field); ++i) {
        const Message& child = field->is_repeated()
                                   ? reflection->GetRepeatedMessage(message, field, i)
                                   : reflection->GetMessage(message, field);
        if (IsUnknownAny(child) || Finds(child)) return true;
      }
    }
    return false;
  }

  void Drop(Message& message) {
    std::vector<const FieldDescriptor*> fields;
    const auto* reflection = message.GetReflection();
    reflection->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      if (!MayHold(field)) continue;
      if (!field->is_repeated()) {
        Message* child = reflection->MutableMessage(&message, field);
        Drop(*child);
        if (IsUnknownAny(*child)) reflection->ClearField(&message, field);
        continue;
      }
      int kept = 0;
      for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
        Message* child = reflection->MutableRepeatedMessage(&message, field, i);
        Drop(*child);
        if (!IsUnknownAny(*child)) reflection->SwapElements(&message, field, kept++, i);
      }
      while (reflection->FieldSize(message, field) > kept) {
        reflection->RemoveLast(&message, field);
      }
    }
  }

 private:
  static int Count(const Message& message, const FieldDescriptor* field) {
    return field->is_repeated() ? message.GetReflection()->FieldSize(message, field) : 1;
  }

  static bool IsUnknownAny(const Message& message) {
    if (message.GetDescriptor() != google::protobuf::Any::descriptor()) return false;
    const auto& any = static_cast<const google::protobuf::Any&>(message);
    const std::string name = any.type_url().substr(any.type_url().rfind('/') + 1);
    return DescriptorPool::generated_pool()->FindMessageTypeByName(name) == nullptr;
  }

  bool MayHold(const FieldDescriptor* field) {
    return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && MayHold(field->message_type());
  }

  bool MayHold(const Descriptor* type) {
    if (type == google::protobuf::Any::descriptor()) return true;
    const auto known = may_hold_.emplace(type, false);  // false: what a cycle of types adds
    if (!known.second) return known.first->second;
    for (int i = 0; i < type->field_count(); ++i) {
      if (MayHold(type->field(i))) return may_hold_[type] = true;
    }
    return false;
  }

  std::map<const Descriptor*, bool> may_hold_;
};

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
  UnknownAnyFilter filter;
  std::unique_ptr<Message> copy;
  if (filter.Finds(message)) {
    copy.reset(message.New());
    copy->CopyFrom(message);
    filter.Drop(*copy);
  }
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(copy == nullptr ? message : *copy,
                                                                  &json, options);
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
