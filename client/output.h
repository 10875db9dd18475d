// Protobuf messages as JSON and YAML. Pure functions.
//
// JSON is proto JSON with the original (snake_case) field names and default values printed, so that
// every protobuf library can read it back: enum values keep their prefix, 64-bit integers are
// strings. YAML holds the same data.
#pragma once

#include <string>

#include <absl/status/statusor.h>

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace cxscribe::client {

enum class OutputFormat { kTable, kJson, kJsonl, kYaml };

// Without a newline at its end. Error details of types that this build does not know are left out.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message, bool pretty);

// The YAML of `text`, which is JSON; strings that another type could be read from are quoted.
absl::StatusOr<std::string> JsonToYaml(const std::string& text);

// `message` in `format` (not kTable), as one document that ends in a newline.
absl::StatusOr<std::string> ToDocument(const google::protobuf::Message& message,
                                       OutputFormat format);

}  // namespace cxscribe::client
