#include "plugins/check/suite.h"

#include <algorithm>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/clock.h>

namespace cxscribe {
namespace {

constexpr std::string_view kGolden = "golden";

class Suite {
 public:
  explicit Suite(const SuiteOptions& options) : options_(options) {}

  SuiteReport Run() {
    for (const Check& check : AllChecks()) {
      if (!Wanted(check.name)) continue;
      SuiteRow& row = AddRow(std::string(check.name), std::string(check.proves));
      if (Blocked(row, check.independent)) continue;
      const ChildResult result = RunOne(&check, -1);
      if (!result.info.empty()) report_.info = result.info;
      row.verdict = result.verdict;
      row.duration = result.duration;
      if (check.compares_processes && row.verdict.result == CheckResult::kPass &&
          !options_.request.debug) {
        CompareProcesses(check, result.fingerprint, row);
      }
      Remember(row);
    }
    report_.golden_json.resize(options_.request.golden.size());
    for (size_t i = 0; Wanted(kGolden) && i < options_.request.golden.size(); ++i) {
      SuiteRow& row = AddRow(absl::StrCat("golden ", options_.request.golden[i].name),
                             "gives the expected result");
      if (Blocked(row, false)) continue;
      ChildResult result = RunOne(nullptr, static_cast<int>(i));
      row.verdict = result.verdict;
      row.duration = result.duration;
      report_.golden_json[i] = std::move(result.golden_json);
    }
    return std::move(report_);
  }

 private:
  bool Wanted(std::string_view name) const {
    return options_.only.empty() ||
           std::find(options_.only.begin(), options_.only.end(), name) != options_.only.end();
  }

  SuiteRow& AddRow(std::string name, std::string proves) {
    if (options_.progress != nullptr) options_.progress(name);
    SuiteRow& row = report_.rows.emplace_back();
    row.name = std::move(name);
    row.proves = std::move(proves);
    return row;
  }

  // Whether the row need not be tried, because of an earlier one.
  bool Blocked(SuiteRow& row, bool independent) const {
    if (blocked_by_.empty() || independent) return false;
    row.verdict = Skip(absl::StrCat("needs \"", blocked_by_, "\" to pass"));
    return true;
  }

  void Remember(const SuiteRow& row) {
    // Only what every later check does as well makes trying them pointless.
    static constexpr std::string_view kGates[] = {"loads",         "abi",    "schema",
                                                  "configuration", "create", "one-segment"};
    if (row.verdict.blocks && blocked_by_.empty() &&
        std::find(std::begin(kGates), std::end(kGates), row.name) != std::end(kGates)) {
      blocked_by_ = row.name;
    }
  }

  ChildResult RunOne(const Check* check, int golden) const {
    if (!options_.request.debug) {
      return RunInChild(check, golden, options_.request, options_.child);
    }
    const absl::Time start = absl::Now();
    ChildResult result;
    Board board;
    Subject subject(options_.request, board);
    result.verdict = check != nullptr
                         ? RunCheck(*check, subject)
                         : RunGoldenCheck(static_cast<size_t>(golden), subject, result.golden_json);
    result.info = board.info();
    result.duration = absl::Now() - start;
    return result;
  }

  // What depends on addresses, or on the order of a hash table, differs between processes only.
  void CompareProcesses(const Check& check, const std::string& fingerprint, SuiteRow& row) const {
    const ChildResult again = RunOne(&check, -1);
    row.duration += again.duration;
    if (again.verdict.result != CheckResult::kPass) {
      row.verdict = again.verdict;
    } else if (again.fingerprint != fingerprint) {
      row.verdict = Fail("two processes gave different outputs");
    } else {
      absl::StrAppend(&row.verdict.why, ", 2 processes");
    }
  }

  const SuiteOptions& options_;
  SuiteReport report_;
  std::string blocked_by_;
};

}  // namespace

bool SuiteReport::ok() const {
  return std::none_of(rows.begin(), rows.end(),
                      [](const SuiteRow& row) { return row.verdict.result == CheckResult::kFail; });
}

absl::StatusOr<SuiteReport> RunSuite(const SuiteOptions& options) {
  std::vector<std::string> names;
  for (const Check& check : AllChecks()) names.emplace_back(check.name);
  names.emplace_back(kGolden);
  for (const std::string& wanted : options.only) {
    if (std::find(names.begin(), names.end(), wanted) == names.end()) {
      return absl::InvalidArgumentError(absl::StrCat("there is no check \"", wanted,
                                                     "\"; there are ", absl::StrJoin(names, ", ")));
    }
  }
  return Suite(options).Run();
}

}  // namespace cxscribe
