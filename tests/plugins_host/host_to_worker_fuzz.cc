// What a worker reads from its host: frames, calls, transcripts.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "plugins/host/transcript_codec.h"
#include "plugins/host/worker_frame.h"
#include "plugins/host/worker_messages.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  cxscribe::FrameReader reader(cxscribe::FrameSender::kHost);
  cxscribe::Frame frame;
  for (size_t done = 0; done < size;) {
    size_t space = 0;
    char* to = reader.Space(space);
    space = std::min(space, size - done);
    std::memcpy(to, data + done, space);
    reader.Commit(space);
    done += space;
    auto got = reader.Next(frame);
    while (got.ok() && *got) got = reader.Next(frame);
    if (!got.ok()) break;
  }

  cxscribe::internal::v1::WorkerCall call;
  if (call.ParseFromArray(data, static_cast<int>(size))) {
    static_cast<void>(cxscribe::ReadCall(call));
    static_cast<void>(cxscribe::DeadlineOf(call));
  }

  std::shared_ptr<char[]> copy(new char[size + 1]);
  std::memcpy(copy.get(), data, size);
  const auto transcript = cxscribe::EncodedTranscript::FromFlat(copy.get(), size, copy);
  if (transcript.ok()) {
    // Every byte that it points to can be read.
    uint64_t sum = 0;
    for (uint64_t i = 0; i < (*transcript)->raw()->segment_count; ++i) {
      const cx_segment& segment = *cx_segment_at((*transcript)->raw(), i);
      for (uint64_t j = 0; j < std::min<uint64_t>(segment.text.size, 4'096); ++j) {
        sum += static_cast<unsigned char>(segment.text.data[j]);
      }
      for (uint64_t j = 0; j < std::min<uint64_t>(segment.word_count, 64); ++j) {
        sum += cx_word_at(&segment, j)->text.size;
      }
    }
    asm volatile("" : : "r"(sum));
  }
  return 0;
}
