// Whether what the plugin emits is what it may emit, and the same each time.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "plugins/check/checks.h"
#include "plugins/check/samples.h"
#include "server/base/error.h"
#include "server/base/hash.h"

namespace cxscribe {
namespace {

constexpr int kRuns = 3;

// The first violation of the contract, over all inputs, for which `concerns` holds.
Verdict NoViolation(Subject& subject, bool (*concerns)(const std::string& message)) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  const auto instance = subject.Create();
  if (!instance.ok()) return Fail(ShortMessage(instance.status()));
  std::vector<InputCase> inputs = SmallInputs();
  inputs.push_back({"ten segments of 1 MiB", LargeSegments()});
  for (const InputCase& input : inputs) {
    subject.Phase(absl::StrCat("process, ", input.name));
    const auto output = subject.Process(**instance, input.transcript);
    if (output.ok() || ReasonOf(output.status()) != "PLUGIN_VIOLATION") continue;
    const std::string message = ShortMessage(output.status());
    if (concerns(message)) return Fail(absl::StrCat(input.name, ": ", message));
  }
  return Pass(absl::StrCat(inputs.size(), " transcripts"));
}

bool IsAboutUtf8(const std::string& message) {
  return absl::StrContains(message, "is not valid UTF-8");
}

}  // namespace

Verdict CheckUtf8(Subject& subject) { return NoViolation(subject, &IsAboutUtf8); }

Verdict CheckContract(Subject& subject) {
  return NoViolation(subject, [](const std::string& message) { return !IsAboutUtf8(message); });
}

Verdict CheckDeterministic(Subject& subject) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  const auto kept = subject.Create();
  if (!kept.ok()) return Fail(ShortMessage(kept.status()));
  Hasher all;
  for (const InputCase& input : SmallInputs()) {
    subject.Phase(absl::StrCat("process, ", input.name));
    std::set<std::string> same_instance;
    std::set<std::string> fresh_instances;
    for (int run = 0; run < kRuns; ++run) {
      const auto fresh = subject.Create();
      if (!fresh.ok()) return Fail(ShortMessage(fresh.status()));
      same_instance.insert(FingerprintOf(subject.Process(**kept, input.transcript)));
      fresh_instances.insert(FingerprintOf(subject.Process(**fresh, input.transcript)));
    }
    if (fresh_instances.size() > 1) {
      return Fail(absl::StrCat(input.name, ": ", kRuns, " fresh instances gave ",
                               fresh_instances.size(), " different outputs"));
    }
    if (same_instance != fresh_instances) {
      return Fail(absl::StrCat(input.name,
                               ": an instance that has been used gives another output "
                               "than a fresh one"));
    }
    all.Add(*fresh_instances.begin());
  }
  subject.board().SetFingerprint(all.Hex());
  return Pass(absl::StrCat(kRuns, " runs of one instance, ", kRuns, " fresh instances"));
}

}  // namespace cxscribe
