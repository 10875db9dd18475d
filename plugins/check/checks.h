// The checks that `cxctl plugin check` runs, in the order in which it prints them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/check/subject.h"
#include "plugins/check/verdict.h"

namespace cxscribe {

struct Check {
  // Of --only and of the JSON; "many-segments".
  std::string_view name;
  // What a PASS says.
  std::string_view proves;
  Verdict (*run)(Subject& subject);
  // Reads the file and needs nothing that another check finds out.
  bool independent = false;
  // Runs in two processes; what it leaves as the board's fingerprint must be the same in both.
  bool compares_processes = false;
};

const std::vector<Check>& AllChecks();

// Runs one of them; an exception that the suite itself does not expect is a FAIL.
Verdict RunCheck(const Check& check, Subject& subject);
// Runs the case `index` of the request's golden cases.
Verdict RunGoldenCheck(size_t index, Subject& subject, std::string& actual_json);

// load_checks.cc
Verdict CheckLoads(Subject& subject);
Verdict CheckExports(Subject& subject);
Verdict CheckAbi(Subject& subject);
// config_checks.cc
Verdict CheckSchema(Subject& subject);
Verdict CheckConfiguration(Subject& subject);
Verdict CheckUnknownKeys(Subject& subject);
Verdict CheckValidate(Subject& subject);
// lifecycle_checks.cc
Verdict CheckCreate(Subject& subject);
Verdict CheckAnyThread(Subject& subject);
// input_checks.cc
Verdict CheckEmpty(Subject& subject);
Verdict CheckOneSegment(Subject& subject);
Verdict CheckManySegments(Subject& subject);
Verdict CheckLargeSegments(Subject& subject);
Verdict CheckUnicode(Subject& subject);
Verdict CheckNoSpeakers(Subject& subject);
Verdict CheckBare(Subject& subject);
// output_checks.cc
Verdict CheckUtf8(Subject& subject);
Verdict CheckContract(Subject& subject);
Verdict CheckDeterministic(Subject& subject);
// thread_checks.cc
Verdict CheckTwoInstances(Subject& subject);
Verdict CheckReentrant(Subject& subject);
// stop_checks.cc
Verdict CheckCancel(Subject& subject);
Verdict CheckDeadline(Subject& subject);
// leak_check.cc
Verdict CheckLeaks(Subject& subject);
// sink_checks.cc
Verdict CheckInputUntouched(Subject& subject);
Verdict CheckSinkOnly(Subject& subject);

}  // namespace cxscribe
