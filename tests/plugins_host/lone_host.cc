// A host with one worker, for a test to kill: writes "worker PID" to standard error, and waits.
#include <string>
#include <unistd.h>

#include <absl/strings/str_cat.h>

#include "tests/plugins_host/fixture.h"

int main() {
  const auto stage = cxscribe::StartIsolated("hostile", "pid");
  if (!stage.ok()) return 1;
  const auto output = (*stage)->Run(cxscribe::RunContext{}, cxscribe::SampleTranscript());
  const std::string line = absl::StrCat("worker ", cxscribe::NoteOf(output), "\n");
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) return 1;
  while (true) pause();
}
