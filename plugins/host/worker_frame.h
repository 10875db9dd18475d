// The frames that a host and its worker exchange: a header and a payload over a stream socket.
//
//   magic u32 | type u32 | size u32 | `size` bytes of payload        little endian
//
// Hello is the first frame of a worker, and its head never changes, so that a host can say which
// other version it met. Pure: no I/O here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace cxscribe {

// Raised with every change of what follows Hello.
inline constexpr uint32_t kWorkerProtocol = 2;
inline constexpr uint64_t kWorkerCookie = UINT64_C(0x524b524f57505843);  // "CXPWORKR" in memory

enum class FrameType : uint32_t {
  // From the worker.
  kHello = 1,        // HelloMessage
  kLoaded = 2,       // WorkerPlugin
  kChecked = 3,      // WorkerProblems
  kOpenData = 4,     // the file's name
  kCreated = 5,      // nothing
  kLog = 6,          // origin u8, level u8, text
  kProgress = 7,     // a double
  kResult = 8,       // the call's number u64, flat_output.h
  kFailed = 9,       // WorkerError; the answer to Load and Create
  kCallFailed = 10,  // the call's number u64, WorkerError

  // From the host.
  kLoad = 32,    // WorkerLoad, two descriptors
  kCheck = 33,   // a configuration as JSON
  kCreate = 34,  // WorkerCreate
  kData = 35,    // WorkerData, a descriptor where there is a file
  kCall = 36,    // size u32, WorkerCall, the flat transcript or a descriptor
  kQuit = 37,    // nothing: destroy the instance and end
};

enum class FrameSender { kHost, kWorker };

// A transcript up to this size follows its call in the frame; a larger one comes as a sealed memfd.
inline constexpr uint64_t kMaxInlineTranscript = 64 << 10;
// Of a data file's name, which may be anything.
inline constexpr uint64_t kMaxFileNameBytes = 4'096;
inline constexpr uint64_t kMaxConfigBytes = 16 << 20;

struct Frame {
  FrameType type = FrameType::kHello;
  std::string_view payload;  // of the reader, until its next call
};

inline constexpr size_t kFrameHeaderBytes = 12;

// The most that a payload of `type` may have; 0 also where `sender` never sends that type.
uint64_t MaxPayload(FrameType type, FrameSender sender);

// The header of a frame with `size` bytes of payload.
std::string FrameHeader(FrameType type, uint64_t size);

// Takes bytes as they come, and gives frames. Never allocates much more than what has arrived. Not
// thread-safe.
class FrameReader {
 public:
  explicit FrameReader(FrameSender sender) : sender_(sender) {}

  // Where to put the next bytes, at least one; say with Commit how many came.
  char* Space(size_t& size);
  void Commit(size_t size) { end_ += size; }

  // True: `frame` is the next one. False: more bytes are needed. An error: this is not the
  // protocol, and nothing that follows can be understood.
  absl::StatusOr<bool> Next(Frame& frame);

 private:
  const FrameSender sender_;
  std::string buffer_;
  size_t begin_ = 0;   // of what was not given out yet
  size_t end_ = 0;     // of what has arrived
  size_t needed_ = 0;  // the whole size of the frame that is arriving, where known
};

// What a worker says first.
struct HelloMessage {
  uint32_t protocol = kWorkerProtocol;
  uint16_t abi_major = 0;
  uint16_t abi_minor = 0;
  std::string version;  // printable
};

std::string EncodeHello(const HelloMessage& hello);
// An error where it is none.
absl::StatusOr<HelloMessage> DecodeHello(std::string_view payload);

}  // namespace cxscribe
