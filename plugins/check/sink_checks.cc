// Whether the plugin writes anywhere but to its sink.
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "plugins/check/checks.h"
#include "plugins/check/process_state.h"
#include "plugins/check/samples.h"
#include "plugins/check/syscall_guard.h"
#include "server/base/hash.h"

namespace cxscribe {
namespace {

std::string_view View(const cx_string& text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

std::string_view Bytes(const void* data, uint64_t size) {
  return std::string_view(static_cast<const char*>(data), static_cast<size_t>(size));
}

// Over all that the plugin is given: the structs as they lie in memory, and the texts.
std::string HashOf(const cx_transcript& transcript) {
  Hasher hasher;
  hasher.Add(Bytes(&transcript, sizeof(transcript)));
  hasher.Add(View(transcript.transcription_id));
  for (uint64_t i = 0; i < transcript.recording_count; ++i) {
    const cx_recording* recording = cx_recording_at(&transcript, i);
    hasher.Add(Bytes(recording, sizeof(*recording))).Add(View(recording->id));
  }
  for (uint64_t i = 0; i < transcript.segment_count; ++i) {
    const cx_segment* segment = cx_segment_at(&transcript, i);
    hasher.Add(Bytes(segment, sizeof(*segment)));
    hasher.Add(View(segment->text)).Add(View(segment->speaker));
    for (uint64_t w = 0; w < segment->word_count; ++w) {
      const cx_word* word = cx_word_at(segment, w);
      hasher.Add(Bytes(word, sizeof(*word))).Add(View(word->text));
    }
  }
  return hasher.Hex();
}

// The whole pages of an array, made read-only as long as this lives. What shares a page with others
// stays as it is: the hash is for that.
class ReadOnlyPages {
 public:
  ReadOnlyPages(const void* data, uint64_t size) {
    const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto begin = (reinterpret_cast<uintptr_t>(data) + page - 1) / page * page;
    const auto end = (reinterpret_cast<uintptr_t>(data) + size) / page * page;
    if (begin >= end) return;
    begin_ = reinterpret_cast<void*>(begin);  // NOLINT(performance-no-int-to-ptr)
    size_ = end - begin;
    mprotect(begin_, size_, PROT_READ);
  }
  ~ReadOnlyPages() {
    if (size_ > 0) mprotect(begin_, size_, PROT_READ | PROT_WRITE);
  }
  ReadOnlyPages(const ReadOnlyPages&) = delete;
  ReadOnlyPages& operator=(const ReadOnlyPages&) = delete;

  bool Holds(const void* address) const {
    return address >= begin_ && address < static_cast<char*>(begin_) + size_;
  }

 private:
  void* begin_ = nullptr;
  size_t size_ = 0;
};

constexpr char kWroteInput[] =
    "it wrote to the transcript that it was given, which is read-only and borrowed: copy what is "
    "to be changed";

// For the signal handler.
struct Trap {
  Board* board = nullptr;
  const ReadOnlyPages* pages[2] = {nullptr, nullptr};
};
Trap trap;

void OnSegmentationFault(int /*signal*/, siginfo_t* info, void* /*context*/) {
  for (const ReadOnlyPages* pages : trap.pages) {
    if (pages == nullptr || !pages->Holds(info->si_addr)) continue;
    // Not safe in a signal handler in general; it is here, since the thread was about to store.
    trap.board->Report(Fail(kWroteInput));
    _exit(0);
  }
  std::signal(SIGSEGV, SIG_DFL);  // returns to the same instruction, and dies of it
}

int64_t OutputBytes() {
  (void)std::fflush(nullptr);
  int64_t bytes = 0;
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat status = {};
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) bytes += status.st_size;
  }
  return bytes;
}

}  // namespace

Verdict CheckInputUntouched(Subject& subject) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  const auto instance = subject.Create();
  if (!instance.ok()) return Fail(ShortMessage(instance.status()));
  if (!subject.request().debug) {
    trap.board = &subject.board();
    struct sigaction action = {};
    action.sa_sigaction = &OnSegmentationFault;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, nullptr);
  }
  // Large enough for allocations with pages of their own.
  ConversationShape shape;
  shape.segments = 5'000;
  shape.text_bytes = 300;
  std::vector<InputCase> inputs = SmallInputs();
  inputs.insert(inputs.begin(), {"5000 segments", Conversation(shape)});
  for (const InputCase& input : inputs) {
    subject.Phase(absl::StrCat("process, ", input.name, ", whose memory is read-only"));
    auto encoded = EncodedTranscript::Encode(input.transcript);
    if (!encoded.ok()) return Fail(ShortMessage(encoded.status()));
    const cx_transcript& raw = *(*encoded)->raw();
    const std::unique_ptr<LocalCall> call = subject.MakeCall(*std::move(encoded), {});  // owns it
    const std::string before = HashOf(raw);
    cx_segment first = {};
    if (raw.segment_count > 0) first = *cx_segment_at(&raw, 0);
    const ReadOnlyPages segments(raw.segments, raw.segment_count * raw.segment_stride);
    uint64_t characters = 0;
    for (uint64_t i = 0; i < raw.segment_count; ++i) {
      characters += cx_segment_at(&raw, i)->text.size;
    }
    const ReadOnlyPages texts(first.text.data, characters);
    trap.pages[0] = &segments;
    trap.pages[1] = &texts;
    call->Execute(**instance);
    trap.pages[0] = trap.pages[1] = nullptr;
    if (HashOf(raw) != before) return Fail(absl::StrCat(input.name, ": ", kWroteInput));
  }
  return Pass();
}

Verdict CheckSinkOnly(Subject& subject) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  const auto instance = subject.Create();
  if (!instance.ok()) return Fail(ShortMessage(instance.status()));
  const std::vector<InputCase> inputs = SmallInputs();
  const auto process_all = [&](const char* how) {
    for (const InputCase& input : inputs) {
      subject.Phase(absl::StrCat("process, ", input.name, how));
      (void)subject.Process(**instance, input.transcript).status();
    }
  };
  const ProcessState before = ReadProcessState();
  const int64_t output_before = OutputBytes();
  process_all("");
  const int64_t output_bytes = OutputBytes() - output_before;
  std::vector<std::string> changes = StateChanges(before, ReadSettledState(before));
  if (output_bytes > 0 && !subject.request().debug) {
    changes.push_back(absl::StrCat("it wrote ", output_bytes,
                                   " bytes to standard output or error: use context->log"));
  }
  if (!changes.empty()) return Fail(absl::StrJoin(changes, "; "));
  if (subject.request().debug) return Pass("without the guard on system calls");
  if (!InstallSyscallGuard(GuardMode::kProcess, subject.board())) {
    return Pass("without the guard on system calls, which this kernel does not take");
  }
  process_all(", with a guard on system calls");
  const std::vector<std::string> calls = NotedSystemCalls(subject.board());
  if (!calls.empty()) {
    return Fail(absl::StrCat("it called ", absl::StrJoin(calls, ", "),
                             ", which an isolated stage may not"));
  }
  return Pass();
}

}  // namespace cxscribe
