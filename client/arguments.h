// What verbs take on the command line: labels, times, lists of ids. Errors are the user's.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/time.h>

namespace cxscribe::client {

// "key=value" each; a key given twice is an error.
absl::StatusOr<std::map<std::string, std::string>> ParseLabels(
    const std::vector<std::string>& labels);

// A time as RFC 3339, as a date (in `zone`), or as a duration before `now`: "2h", "7d".
absl::StatusOr<absl::Time> ParseTime(const std::string& text, absl::Time now, absl::TimeZone zone);

// The ids themselves, with "-" replaced by the ids on `in` and "@file" by those in the file, which
// are separated by white space; a line's rest after '#' is skipped. NOT_FOUND when a file cannot be
// read.
absl::StatusOr<std::vector<std::string>> ExpandIds(const std::vector<std::string>& arguments,
                                                   std::istream& in);

}  // namespace cxscribe::client
