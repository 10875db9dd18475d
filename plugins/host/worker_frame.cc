#include "plugins/host/worker_frame.h"

#include <algorithm>
#include <cstring>

#include <absl/strings/str_cat.h>

#include "plugins/host/limits.h"
#include "plugins/host/text.h"

namespace cxscribe {
namespace {

constexpr uint32_t kMagic = 0x46575843;  // "CXWF"
constexpr size_t kReadAhead = 64 << 10;
// A buffer that a large result has left is given back.
constexpr size_t kKeptBuffer = 1 << 20;
constexpr size_t kMaxVersionBytes = 64;
// Everything that a plugin may emit, with all its numbers; a result beyond that is none.
constexpr uint64_t kMaxResultBytes = uint64_t{512} << 20;
constexpr uint64_t kMaxTextBytes = 64 << 10;
// A schema, a thousand problems, labels.
constexpr uint64_t kMaxMessageFrame = 8 << 20;

template <typename T>
void Append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <typename T>
T Read(const char* data) {
  T value;
  std::memcpy(&value, data, sizeof(value));
  return value;
}

}  // namespace

uint64_t MaxPayload(FrameType type, FrameSender sender) {
  const bool host = sender == FrameSender::kHost;
  switch (type) {
    case FrameType::kHello:
      return host ? 0 : 256;
    case FrameType::kLoaded:
    case FrameType::kChecked:
      return host ? 0 : kMaxMessageFrame;
    case FrameType::kOpenData:
      return host ? 0 : kMaxFileNameBytes;
    case FrameType::kLog:
    case FrameType::kFailed:
    case FrameType::kCallFailed:
      return host ? 0 : kMaxTextBytes;
    case FrameType::kProgress:
      return host ? 0 : sizeof(double);
    case FrameType::kResult:
      return host ? 0 : kMaxResultBytes;
    case FrameType::kLoad:
    case FrameType::kData:
      return host ? kMaxTextBytes : 0;
    case FrameType::kCheck:
      return host ? kMaxConfigBytes : 0;
    case FrameType::kCreate:
    case FrameType::kCall:
      return host ? kMaxConfigBytes + kMaxMessageFrame : 0;
    case FrameType::kCreated:
    case FrameType::kQuit:
      return 0;
  }
  return 0;
}

std::string FrameHeader(FrameType type, uint64_t size) {
  std::string header;
  Append(header, kMagic);
  Append(header, static_cast<uint32_t>(type));
  Append(header, static_cast<uint32_t>(size));
  return header;
}

char* FrameReader::Space(size_t& size) {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (buffer_.size() > kKeptBuffer) std::string().swap(buffer_);
  }
  // Doubling, so that a header which lies about its size costs nothing.
  const size_t held = end_ - begin_;
  const size_t wanted = std::max(kReadAhead, std::min(needed_, 2 * held + kReadAhead));
  if (begin_ > 0 && begin_ + wanted > buffer_.size()) {
    buffer_.erase(0, begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < wanted) buffer_.resize(wanted);
  if (end_ == buffer_.size()) buffer_.resize(end_ + kReadAhead);
  size = buffer_.size() - end_;
  return buffer_.data() + end_;
}

absl::StatusOr<bool> FrameReader::Next(Frame& frame) {
  needed_ = 0;
  if (end_ - begin_ < kFrameHeaderBytes) return false;
  const char* header = buffer_.data() + begin_;
  const auto type = static_cast<FrameType>(Read<uint32_t>(header + 4));
  const uint64_t size = Read<uint32_t>(header + 8);
  if (Read<uint32_t>(header) != kMagic) return absl::DataLossError("it does not send frames");
  const bool empty =
      size == 0 && ((type == FrameType::kCreated && sender_ == FrameSender::kWorker) ||
                    (type == FrameType::kQuit && sender_ == FrameSender::kHost));
  const uint64_t most = MaxPayload(type, sender_);
  if (!empty && most == 0) {
    return absl::DataLossError(absl::StrCat("it sends frames of type ", static_cast<uint32_t>(type),
                                            " with ", size, " bytes, which there are none of"));
  }
  if (size > most) {
    return absl::DataLossError(absl::StrCat("a frame of type ", static_cast<uint32_t>(type),
                                            " has ", size, " bytes; at most ", most,
                                            " are allowed"));
  }
  if (end_ - begin_ < kFrameHeaderBytes + size) {
    needed_ = kFrameHeaderBytes + size;
    return false;
  }
  frame.type = type;
  frame.payload = std::string_view(header + kFrameHeaderBytes, size);
  begin_ += kFrameHeaderBytes + size;
  return true;
}

std::string EncodeHello(const HelloMessage& hello) {
  std::string out;
  Append(out, kWorkerCookie);
  Append(out, hello.protocol);
  Append(out, hello.abi_major);
  Append(out, hello.abi_minor);
  return out + hello.version.substr(0, kMaxVersionBytes);
}

absl::StatusOr<HelloMessage> DecodeHello(std::string_view payload) {
  constexpr size_t kHead = sizeof(uint64_t) + sizeof(uint32_t) + 2 * sizeof(uint16_t);
  if (payload.size() < kHead || Read<uint64_t>(payload.data()) != kWorkerCookie) {
    return absl::DataLossError("it does not introduce itself as a cx-plugin-worker");
  }
  HelloMessage hello;
  hello.protocol = Read<uint32_t>(payload.data() + 8);
  hello.abi_major = Read<uint16_t>(payload.data() + 12);
  hello.abi_minor = Read<uint16_t>(payload.data() + 14);
  hello.version = Printable(payload.substr(kHead), kMaxVersionBytes);
  return hello;
}

}  // namespace cxscribe
