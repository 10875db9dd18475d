// ProcessState: what of this process a plugin must leave as it is.
#pragma once

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
  std::string caught_signals;   // the masks of /proc/self/status
  std::string ignored_signals;
  std::string file_mode_mask;
  std::string locale;
};

// Of this process now. Does not see what the call itself opens.
ProcessState ReadProcessState();

// What is different, each as "it opened ... (socket)"; empty: nothing. Values of the environment
// are not in it.
std::vector<std::string> StateChanges(const ProcessState& before, const ProcessState& after);

// Whether a sanitizer is at work here: it reserves address space and keeps freed memory.
bool UnderSanitizer();

}  // namespace cxscribe
