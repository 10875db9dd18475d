// Any bytes as a model file: read or refused; what was read runs, and is written back as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/punctuation/model.h"
#include "plugins/punctuation/tagger.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cxscribe::punctuation;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string error;
  const auto model = ReadModel(bytes, &error);
  if (model == nullptr) {
    if (error.empty()) std::abort();
    return 0;
  }
  if (WriteModel(*model) != bytes) std::abort();
  const Tagger tagger(*model);
  Tagger::Workspace workspace;
  const std::vector<Features> features(3);
  std::vector<float> scores(3 * kScores);
  tagger.Tag(features.data(), 3, 0, 3, &workspace, scores.data());
  return 0;
}
