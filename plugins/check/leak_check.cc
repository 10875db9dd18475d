// Whether memory grows with the number of calls.
#include <algorithm>
#include <fstream>
#include <functional>
#include <malloc.h>
#include <string>
#include <unistd.h>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/clock.h>

#include "plugins/check/checks.h"
#include "plugins/check/process_state.h"
#include "plugins/check/samples.h"

namespace cxscribe {
namespace {

constexpr int kCalls = 10'000;
constexpr int kWarmUp = 1'000;
constexpr int kStep = 250;
// A call that keeps 20 bytes is found; what is below comes from the allocator.
constexpr double kKibPerCall = 0.02;

constexpr int kInstances = 400;
constexpr int kInstanceWarmUp = 40;
constexpr int kInstanceStep = 20;
constexpr double kKibPerInstance = 0.2;

double ResidentKib() {
  malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  int64_t total = 0;
  int64_t resident = 0;
  file >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
}

struct Growth {
  int repetitions = 0;  // after the warm-up
  double kib_each = 0;
};

// Repeats `once` (false: it failed) up to `times` or until `end`. Growth is that of the steps,
// their highest and lowest fifth left out: memory that is taken once, such as a cache, is no leak.
Growth Repeat(int warm_up, int times, int step, absl::Time end, const std::function<bool()>& once) {
  for (int i = 0; i < warm_up && absl::Now() < end; ++i) {
    if (!once()) return {};
  }
  Growth growth;
  std::vector<double> steps;
  double before = ResidentKib();
  while (growth.repetitions + step <= times - warm_up && absl::Now() < end) {
    for (int i = 0; i < step; ++i) {
      if (!once()) return {};
    }
    const double now = ResidentKib();
    steps.push_back((now - before) / step);
    before = now;
    growth.repetitions += step;
  }
  if (steps.empty()) return growth;
  std::sort(steps.begin(), steps.end());
  const size_t cut = steps.size() / 5;
  double sum = 0;
  for (size_t i = cut; i < steps.size() - cut; ++i) sum += steps[i];
  growth.kib_each = sum / static_cast<double>(steps.size() - 2 * cut);
  return growth;
}

}  // namespace

Verdict CheckLeaks(Subject& subject) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  if (UnderSanitizer()) return Skip("a sanitizer keeps freed memory; it finds leaks itself");
  const auto instance = subject.Create();
  if (!instance.ok()) return Fail(ShortMessage(instance.status()));
  ConversationShape shape;
  shape.segments = 20;
  const v1::Transcript transcript = Conversation(shape);
  absl::Status failure;
  subject.Phase("process, again and again");
  const absl::Duration share = subject.request().timeout / 3;
  const Growth calls = Repeat(kWarmUp, kCalls, kStep, absl::Now() + share, [&] {
    const auto output = subject.Process(**instance, transcript);
    if (!output.ok()) failure = output.status();
    return output.ok();
  });
  if (!failure.ok()) return Fail(ShortMessage(failure));
  subject.Phase("create and destroy, again and again");
  const Growth instances =
      Repeat(kInstanceWarmUp, kInstances, kInstanceStep, absl::Now() + share, [&] {
        const auto fresh = subject.Create();
        if (!fresh.ok()) failure = fresh.status();
        return fresh.ok();
      });
  if (!failure.ok()) return Fail(ShortMessage(failure));
  const std::string measured =
      absl::StrFormat("%.3f KiB per call over %d calls, %.3f KiB per instance over %d instances",
                      std::max(calls.kib_each, 0.0), calls.repetitions,
                      std::max(instances.kib_each, 0.0), instances.repetitions);
  if (calls.kib_each > kKibPerCall || instances.kib_each > kKibPerInstance) {
    return Fail(absl::StrCat("memory grows by ", measured));
  }
  if (calls.repetitions == 0) {
    return Skip(absl::StrCat("it is too slow for ", kWarmUp + kStep, " calls within ",
                             absl::FormatDuration(share)));
  }
  return Pass(measured);
}

}  // namespace cxscribe
