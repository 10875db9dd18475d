// What cxbench can measure.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "tests/bench/compare.h"

namespace cxscribe {

// What the plugin boundary costs: a call in process against a plain loop that does the same, a call
// in a worker against one in process, what each stage of the default pipeline costs, and the three
// both ways.
// `directory` has the built-in plugins.
absl::StatusOr<std::vector<Comparison>> BenchPlugins(const std::string& directory, int rounds);

}  // namespace cxscribe
