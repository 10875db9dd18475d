// Board: memory that a check's process shares with the one that waits for it.
//
// Shared memory rather than a pipe, because a broken plugin may close every descriptor, crash, or
// end the process, and the reader still learns how far it came.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "plugins/check/verdict.h"

namespace cxscribe {

// One writer and one reader, which looks once the writer has ended; the members for signal handlers
// are lock-free.
class Board {
 public:
  // Of this process alone.
  Board();
  // In the file `path`, which is made, and which another process opens.
  static absl::StatusOr<Board> Make(const std::string& path);
  static absl::StatusOr<Board> Open(const std::string& path);
  Board(Board&&) noexcept = default;
  Board& operator=(Board&&) noexcept = default;

  // What is being tried, "process, one segment"; for the message should it never end.
  void SetPhase(std::string_view phase);
  std::string phase() const;

  // About the plugin, one JSON object; about the outputs, a hash that must not differ from process
  // to process. Both may stay empty.
  void SetInfo(std::string_view json);
  std::string info() const;
  void SetFingerprint(std::string_view fingerprint);
  std::string fingerprint() const;

  // Nothing when called in a process that was forked from the board's own.
  void Report(const Verdict& verdict);
  bool reported() const;
  Verdict verdict() const;

  // For signal handlers: keeps the first few.
  void NoteSystemCall(int number) noexcept;
  static constexpr size_t kMaxSystemCalls = 8;
  // -1 where there is none.
  int system_call(size_t index) const { return memory_->system_calls[index].load() - 1; }

 private:
  struct Memory {
    std::atomic<uint32_t> reported;
    uint32_t result;
    uint32_t blocks;
    std::atomic<uint32_t> system_call_count;
    std::atomic<int32_t> system_calls[kMaxSystemCalls];  // number + 1; 0: none
    char phase[256];
    char fingerprint[72];
    char info[8192];
    char why[4096];
  };
  struct Unmap {
    void operator()(Memory* memory) const;
  };
  explicit Board(Memory* memory);
  static absl::StatusOr<Board> Map(const std::string& path, int flags);

  std::unique_ptr<Memory, Unmap> memory_;
  int owner_;
};

}  // namespace cxscribe
