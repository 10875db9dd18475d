// A plugin's schema and a stage's configuration, apart by the first NUL (which JSON cannot hold):
// no crash, and problems that a person can read, the same ones every time.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "plugins/host/config_schema.h"
#include "server/base/error.h"
#include "server/base/utf8.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t cut = text.find('\0');
  const std::string_view schema_json = text.substr(0, cut);
  const std::string_view config = cut == text.npos ? "{}" : text.substr(cut + 1);

  const auto schema = cxscribe::ConfigSchema::Compile(schema_json);
  if (!schema.ok()) {
    Require(cxscribe::ReasonOf(schema.status()) == "PLUGIN_SCHEMA");
    Require(cxscribe::IsValidUtf8(std::string(schema.status().message())));
    return 0;
  }
  const auto problems = (*schema)->Check(config);
  const auto again = (*schema)->Check(config);
  Require(problems.size() == again.size());
  for (size_t i = 0; i < problems.size(); ++i) {
    Require(problems[i].pointer.empty() || problems[i].pointer[0] == '/');
    Require(!problems[i].message.empty());
    Require(cxscribe::IsValidUtf8(problems[i].pointer + problems[i].message));
    Require(problems[i].pointer == again[i].pointer && problems[i].message == again[i].message);
  }
  return 0;
}
