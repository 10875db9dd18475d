// What a host reads from a worker whose plugin owns it: frames, messages, results.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "plugins/host/flat_output.h"
#include "plugins/host/worker_frame.h"
#include "plugins/host/worker_messages.h"
#include "server/base/utf8.h"

namespace {

using cxscribe::FrameType;

const cxscribe::EncodedTranscript& Input() {
  static const auto input = [] {
    cxscribe::v1::Transcript transcript;
    for (int i = 0; i < 4; ++i) {
      cxscribe::v1::Segment& segment = *transcript.add_segments();
      segment.set_recording_id(i < 2 ? "a" : "b");
      segment.set_text("some text");
      segment.set_start_ms(i);
      segment.set_end_ms(i + 1);
    }
    return cxscribe::EncodedTranscript::Encode(transcript).value();
  }();
  return *input;
}

void Check(bool holds) {
  if (!holds) std::abort();
}

void Take(const cxscribe::Frame& frame) {
  const cxscribe::PluginIdentity identity{"s", "p", "1.0.0"};
  switch (frame.type) {
    case FrameType::kHello:
      static_cast<void>(cxscribe::DecodeHello(frame.payload));
      break;
    case FrameType::kLoaded:
      if (const auto loaded = cxscribe::ReadLoadedMessage(frame.payload); loaded.ok()) {
        const cxscribe::PluginInfo& info = loaded->plugin;
        Check(cxscribe::IsValidUtf8(info.name + info.description + info.config_schema));
        for (const std::string& gap : loaded->gaps) Check(cxscribe::IsValidUtf8(gap));
      }
      break;
    case FrameType::kChecked:
      static_cast<void>(cxscribe::ReadProblems(frame.payload));
      break;
    case FrameType::kFailed:
      Check(!cxscribe::ReadLoadError(frame.payload).ok());
      Check(!cxscribe::ReadCallError(frame.payload, identity).ok());
      break;
    case FrameType::kResult:
      for (const auto kind : {cxscribe::PluginKind::kTransform, cxscribe::PluginKind::kVerify}) {
        const auto output = cxscribe::DecodeOutput(frame.payload, identity, kind, Input());
        if (!output.ok()) continue;
        for (const auto& segment : output->segments) Check(cxscribe::IsValidUtf8(segment.text()));
        Check(output->segments.size() == output->sources.size());
        Check(kind == cxscribe::PluginKind::kTransform || !output->replaced);
      }
      break;
    default:
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // As a stream of frames, and as the payload of each kind of frame.
  cxscribe::FrameReader reader(cxscribe::FrameSender::kWorker);
  cxscribe::Frame frame;
  size_t done = 0;
  while (done < size) {
    size_t space = 0;
    char* to = reader.Space(space);
    space = std::min(space, size - done);
    std::memcpy(to, data + done, space);
    reader.Commit(space);
    done += space;
    while (true) {
      const auto got = reader.Next(frame);
      if (!got.ok()) {
        done = size;
        break;
      }
      if (!*got) break;
      Take(frame);
    }
  }
  const std::string payload(reinterpret_cast<const char*>(data), size);
  for (const FrameType type : {FrameType::kHello, FrameType::kLoaded, FrameType::kChecked,
                               FrameType::kFailed, FrameType::kResult}) {
    Take({type, payload});
  }
  return 0;
}
