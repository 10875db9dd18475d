// Whether several threads may use the plugin as the contract lets the host do.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include "plugins/check/checks.h"
#include "plugins/check/samples.h"

namespace cxscribe {
namespace {

constexpr int kRounds = 100;

// Each thread works through all inputs in an order of its own, and compares with what came of them
// when there was only one.
Verdict WorksAtOnce(Subject& subject,
                    const std::vector<std::shared_ptr<PluginInstance>>& instances) {
  const std::vector<InputCase> inputs = SmallInputs();
  std::vector<std::string> alone;
  for (const InputCase& input : inputs) {
    alone.push_back(FingerprintOf(subject.Process(*instances[0], input.transcript)));
  }
  subject.Phase(absl::StrCat("process, on ", instances.size(), " threads at once"));
  const absl::Time end = absl::Now() + subject.request().timeout / 4;
  std::atomic<size_t> ready{0};
  std::atomic<int> calls{0};
  std::atomic<int> different{-1};  // the input that came out differently
  const auto work = [&](size_t index) {
    ready.fetch_add(1);
    while (ready.load() < instances.size()) std::this_thread::yield();  // begin together
    for (int round = 0; round < kRounds && different.load() < 0 && absl::Now() < end; ++round) {
      for (size_t i = 0; i < inputs.size(); ++i) {
        const size_t which = (i + index) % inputs.size();
        const auto output = subject.Process(*instances[index], inputs[which].transcript);
        if (FingerprintOf(output) != alone[which]) different.store(static_cast<int>(which));
        calls.fetch_add(1);
      }
    }
  };
  std::vector<std::thread> threads;
  for (size_t i = 0; i < instances.size(); ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  if (different.load() >= 0) {
    return Fail(absl::StrCat(inputs[static_cast<size_t>(different.load())].name, ": on ",
                             instances.size(),
                             " threads at once the output is another one than alone"));
  }
  return Pass(absl::StrCat(calls.load(), " calls on ", instances.size(), " threads"));
}

}  // namespace

Verdict CheckTwoInstances(Subject& subject) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  std::vector<std::shared_ptr<PluginInstance>> instances;
  for (int i = 0; i < 2; ++i) {
    auto instance = subject.Create();
    if (!instance.ok()) return Fail(ShortMessage(instance.status()));
    instances.push_back(*std::move(instance));
  }
  return WorksAtOnce(subject, instances);
}

Verdict CheckReentrant(Subject& subject) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  if (!subject.plugin().info().reentrant) return Skip("it does not say that it is reentrant");
  const auto instance = subject.Create();
  if (!instance.ok()) return Fail(ShortMessage(instance.status()));
  return WorksAtOnce(subject, std::vector<std::shared_ptr<PluginInstance>>(4, *instance));
}

}  // namespace cxscribe
