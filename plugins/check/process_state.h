// ProcessState: what of this process a plugin must leave as it is.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace cxscribe {

struct ProcessState {
  // What each open descriptor is, "socket:[123]".
  std::map<int, std::string> descriptors;
  std::set<std::string> threads;
  std::set<std::string> children;
  std::map<std::string, std::string> environment;
  std::string working_directory;
  std::set<std::string> files;  // in the working directory
  // As masks; without those that the C library keeps for itself.
  uint64_t caught_signals = 0;
  uint64_t ignored_signals = 0;
  std::string file_mode_mask;
  std::string locale;
};

// Of this process now. Does not see what the call itself opens.
ProcessState ReadProcessState();
// The same, once no thread is there that was not there `before`, or after half a second: one that
// has been joined is listed for a moment still.
ProcessState ReadSettledState(const ProcessState& before);

// What is different, each as "it opened ... (socket)"; empty: nothing. Values of the environment
// are not in it.
std::vector<std::string> StateChanges(const ProcessState& before, const ProcessState& after);

// Whether a sanitizer is at work here: it reserves address space and keeps freed memory.
bool UnderSanitizer();

}  // namespace cxscribe
