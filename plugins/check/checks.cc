#include "plugins/check/checks.h"

#include <exception>

#include <absl/strings/str_cat.h>

namespace cxscribe {

const std::vector<Check>& AllChecks() {
  static const auto& checks = *new std::vector<Check>{
      {"loads", "the host takes the file, and the dynamic linker does", &CheckLoads, true},
      {"exports", "exports cx_plugin_entry and nothing else", &CheckExports, true},
      {"abi", "its table is whole and of a version that this host takes", &CheckAbi},
      {"schema", "its configuration schema is one that the host can check with", &CheckSchema},
      {"configuration", "takes the configuration of this check", &CheckConfiguration},
      {"unknown-keys", "refuses configuration keys that it does not know", &CheckUnknownKeys},
      {"validate", "validating has no side effects and gives the same answer twice",
       &CheckValidate},
      {"create", "instances come and go and leave nothing behind", &CheckCreate},
      {"one-segment", "survives a transcript of one segment", &CheckOneSegment},
      {"empty", "survives a transcript without segments", &CheckEmpty},
      {"many-segments", "survives 100,000 segments", &CheckManySegments},
      {"large-segments", "survives 10 MiB in ten segments of 1 MiB, the longest there are",
       &CheckLargeSegments},
      {"unicode", "survives every edge of Unicode", &CheckUnicode},
      {"no-speakers", "survives a transcript without speakers", &CheckNoSpeakers},
      {"bare", "survives segments without words and confidence", &CheckBare},
      {"utf8", "never emits invalid UTF-8", &CheckUtf8},
      {"contract", "emits only what the contract allows: order, offsets, limits, names",
       &CheckContract},
      {"deterministic", "the same input gives the same output: runs, instances, processes",
       &CheckDeterministic, false, true},
      {"any-thread", "runs on any thread, with 1 MiB of stack", &CheckAnyThread},
      {"two-instances", "two instances work at once as they do alone", &CheckTwoInstances},
      {"reentrant", "one instance is entered by four threads at once", &CheckReentrant},
      {"cancel", "returns within 100 ms of being cancelled", &CheckCancel},
      {"deadline", "returns within 100 ms of its deadline", &CheckDeadline},
      {"leaks", "memory does not grow over 10,000 calls", &CheckLeaks},
      {"input-untouched", "does not write to the transcript that it is given",
       &CheckInputUntouched},
      {"sink-only", "changes nothing but its sink: files, sockets, processes, output",
       &CheckSinkOnly},
  };
  return checks;
}

Verdict RunCheck(const Check& check, Subject& subject) {
  try {
    return check.run(subject);
  } catch (const std::exception& error) {
    return Fail(absl::StrCat("the check could not be done: ", error.what()));
  }
}

}  // namespace cxscribe
