// RunSuite: every check of a plugin, one after the other.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "plugins/check/child.h"
#include "plugins/check/request.h"
#include "plugins/check/verdict.h"

namespace cxscribe {

struct SuiteOptions {
  CheckRequest request;
  ChildOptions child;
  // Names of AllChecks, or "golden"; empty: all.
  std::vector<std::string> only;
  // Called before each check. May be null.
  std::function<void(std::string_view name)> progress;
};

struct SuiteRow {
  std::string name;
  std::string proves;
  Verdict verdict;
  absl::Duration duration;
};

struct SuiteReport {
  // About the plugin, a JSON object; empty when it could not be loaded.
  std::string info;
  std::vector<SuiteRow> rows;
  // By golden case: what the plugin made of it; empty where it made nothing.
  std::vector<std::string> golden_json;

  bool ok() const;
};

// INVALID_ARGUMENT when `only` names a check that there is not.
absl::StatusOr<SuiteReport> RunSuite(const SuiteOptions& options);

}  // namespace cxscribe
