// What the tests of the suite share: the broken libraries, and one check of one of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>

#include "plugins/check/suite.h"

namespace cxscribe {

inline SuiteOptions OptionsFor(const std::string& file, std::vector<std::string> only) {
  SuiteOptions options;
  options.request.file = file;
  options.request.entity_types = {"CREDIT_CARD"};
  options.request.memory_bytes = uint64_t{2} << 30;
  options.child.program = CXSCRIBE_CXCTL;
  options.only = std::move(only);
  return options;
}

inline std::string CheckFixture(const std::string& name) {
  return absl::StrCat(CXSCRIBE_CHECK_FIXTURES, "/check_", name, ".so");
}
inline std::string HostFixture(const std::string& name) {
  return absl::StrCat(CXSCRIBE_HOST_FIXTURES, "/fixture_", name, ".so");
}

inline Verdict VerdictOf(const std::string& file, const std::string& check,
                         absl::Duration timeout = absl::Seconds(60)) {
  SuiteOptions options = OptionsFor(file, {check});
  options.request.timeout = timeout;
  const auto report = RunSuite(options);
  if (!report.ok()) return Skip(std::string(report.status().message()));
  return report->rows.at(0).verdict;
}

}  // namespace cxscribe
