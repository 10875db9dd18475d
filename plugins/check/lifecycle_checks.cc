// Whether instances come and go, on whatever thread.
#include <functional>
#include <memory>
#include <pthread.h>
#include <string>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/clock.h>

#include "plugins/check/checks.h"
#include "plugins/check/process_state.h"
#include "plugins/check/samples.h"

namespace cxscribe {
namespace {

constexpr int kCycles = 100;
constexpr size_t kSmallStack = size_t{1} << 20;  // what the contract promises

// Runs `work` on a thread with so much stack as the contract promises; false: it cannot be started.
bool RunOnSmallStack(std::function<void()> work) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  // Beyond it, what the host needs before it comes to the plugin.
  pthread_attr_setstacksize(&attributes, kSmallStack + (size_t{64} << 10));
  pthread_t thread;
  const int error = pthread_create(
      &thread, &attributes,
      [](void* argument) -> void* {
        (*static_cast<std::function<void()>*>(argument))();
        return nullptr;
      },
      &work);
  pthread_attr_destroy(&attributes);
  if (error != 0) return false;
  pthread_join(thread, nullptr);
  return true;
}

}  // namespace

Verdict CheckCreate(Subject& subject) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  subject.Phase("create");
  {
    const auto first = subject.Create();  // it may fill what all instances share
    if (!first.ok()) return Block(ShortMessage(first.status()));
    subject.Phase("destroy");
  }
  const ProcessState before = ReadProcessState();
  const absl::Time end = absl::Now() + subject.request().timeout / 4;
  int cycles = 0;
  for (; cycles < kCycles && absl::Now() < end; ++cycles) {
    subject.Phase("create");
    auto instance = subject.Create();
    if (!instance.ok()) {
      return Block(absl::StrCat("create worked ", cycles + 1,
                                " times and then failed: ", ShortMessage(instance.status())));
    }
    subject.Phase("destroy");
    instance->reset();
  }
  const auto changes = StateChanges(before, ReadSettledState(before));
  if (!changes.empty()) {
    return Fail(absl::StrCat("after ", cycles, " instances ", absl::StrJoin(changes, "; ")));
  }
  return Pass(absl::StrCat(cycles + 1, " times"));
}

Verdict CheckAnyThread(Subject& subject) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  std::shared_ptr<PluginInstance> instance;
  Verdict verdict = Pass();
  const auto step = [&](const char* phase, std::function<void()> work) {
    subject.Phase(absl::StrCat(phase, ", on a thread of its own with 1 MiB of stack"));
    if (verdict.result == CheckResult::kPass && !RunOnSmallStack(std::move(work))) {
      verdict = Skip("no thread could be started");
    }
  };
  step("create", [&] {
    auto created = subject.Create();
    if (!created.ok()) {
      verdict = Fail(ShortMessage(created.status()));
      return;
    }
    instance = *std::move(created);
  });
  std::vector<InputCase> inputs = SmallInputs();
  inputs.push_back({"ten segments of 1 MiB", LargeSegments()});
  for (const InputCase& input : inputs) {
    step("process", [&] {
      const auto output = subject.Process(*instance, input.transcript);
      if (!output.ok()) {
        verdict = Fail(absl::StrCat(input.name, ": ", ShortMessage(output.status())));
      }
    });
  }
  step("destroy", [&] { instance.reset(); });
  return verdict;
}

}  // namespace cxscribe
