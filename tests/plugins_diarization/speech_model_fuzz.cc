// Any bytes as a model's file: refused, or read and written back as they were.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/diarization/speech_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cxscribe::diarization::SpeechModel;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto model = SpeechModel::Read(bytes);
  if (!model) return 0;
  if (model->Write() != bytes) std::abort();
  const std::vector<std::string> words = {"a", "", "b"};
  (void)model->Agent(words);
  (void)model->GoesOn(words, words);
  return 0;
}
