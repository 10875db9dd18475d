#include "plugins/check/board.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <absl/strings/str_cat.h>
#include <sys/mman.h>

#include "plugins/host/descriptor.h"

namespace cxscribe {
namespace {

// The rest stays zero, as mmap gave it: there is always a NUL at the end.
template <size_t kSize>
void Put(char (&field)[kSize], std::string_view text) {
  const size_t size = std::min(text.size(), kSize - 1);
  std::memcpy(field, text.data(), size);
  std::memset(field + size, 0, kSize - size);
}

template <size_t kSize>
std::string Get(const char (&field)[kSize]) {
  return std::string(field, strnlen(field, kSize));
}

void* MapShared(int descriptor, size_t size, int flags) {
  return mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, descriptor, 0);
}

}  // namespace

const char* CheckResultName(CheckResult result) {
  switch (result) {
    case CheckResult::kPass:
      return "PASS";
    case CheckResult::kFail:
      return "FAIL";
    case CheckResult::kSkip:
      break;
  }
  return "SKIP";
}

void Board::Unmap::operator()(Memory* memory) const { munmap(memory, sizeof(Memory)); }

Board::Board(Memory* memory) : memory_(memory), owner_(getpid()) {}

Board::Board() : owner_(getpid()) {
  void* memory = MapShared(-1, sizeof(Memory), MAP_PRIVATE | MAP_ANONYMOUS);
  if (memory == MAP_FAILED) std::abort();  // not even a page is left
  memory_.reset(static_cast<Memory*>(memory));
}

absl::StatusOr<Board> Board::Map(const std::string& path, int flags) {
  const Descriptor file(open(path.c_str(), flags | O_RDWR | O_CLOEXEC, 0600));
  if (!file.valid() || ftruncate(file.get(), sizeof(Memory)) != 0) {
    return absl::InternalError(absl::StrCat("cannot make ", path, ": ", strerror(errno)));
  }
  void* memory = MapShared(file.get(), sizeof(Memory), MAP_SHARED);
  if (memory == MAP_FAILED) {
    return absl::ResourceExhaustedError(absl::StrCat("cannot map ", path, ": ", strerror(errno)));
  }
  return Board(static_cast<Memory*>(memory));
}

absl::StatusOr<Board> Board::Make(const std::string& path) { return Map(path, O_CREAT | O_EXCL); }
absl::StatusOr<Board> Board::Open(const std::string& path) { return Map(path, 0); }

void Board::SetPhase(std::string_view phase) { Put(memory_->phase, phase); }
std::string Board::phase() const { return Get(memory_->phase); }
void Board::SetInfo(std::string_view json) {
  if (json.size() < sizeof(memory_->info)) Put(memory_->info, json);
}
std::string Board::info() const { return Get(memory_->info); }
void Board::SetFingerprint(std::string_view fingerprint) { Put(memory_->fingerprint, fingerprint); }
std::string Board::fingerprint() const { return Get(memory_->fingerprint); }

void Board::Report(const Verdict& verdict) {
  if (getpid() != owner_) return;
  memory_->result = static_cast<uint32_t>(verdict.result);
  memory_->blocks = verdict.blocks ? 1 : 0;
  Put(memory_->why, verdict.why);
  memory_->reported.store(1);
}

bool Board::reported() const { return memory_->reported.load() != 0; }

Verdict Board::verdict() const {
  Verdict verdict;
  verdict.result = memory_->result == 0   ? CheckResult::kPass
                   : memory_->result == 1 ? CheckResult::kFail
                                          : CheckResult::kSkip;
  verdict.blocks = memory_->blocks != 0;
  verdict.why = Get(memory_->why);
  return verdict;
}

void Board::NoteSystemCall(int number) noexcept {
  const uint32_t index = memory_->system_call_count.fetch_add(1);
  if (index < kMaxSystemCalls) memory_->system_calls[index].store(number + 1);
}

}  // namespace cxscribe
