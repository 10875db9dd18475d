// Any bytes as a role model's file: refused, or read and written back as they were.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "plugins/diarization/role_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cxscribe::diarization::RoleModel;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto model = RoleModel::Read(bytes);
  if (!model) return 0;
  if (model->Write() != bytes) std::abort();
  (void)model->LogOdds({"a", "", "b"});
  return 0;
}
