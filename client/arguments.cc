#include "client/arguments.h"

#include <fstream>
#include <istream>
#include <sstream>

#include <absl/status/status.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

namespace cxscribe::client {
namespace {

void ReadIds(std::istream& in, std::vector<std::string>& ids) {
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string id;
    while (words >> id) ids.push_back(id);
  }
}

bool ParseAge(const std::string& text, absl::Duration& age) {
  int64_t days = 0;
  if (text.size() > 1 && text.back() == 'd' &&
      absl::SimpleAtoi(text.substr(0, text.size() - 1), &days)) {
    age = absl::Hours(24) * days;
    return days >= 0;
  }
  return absl::ParseDuration(text, &age) && age >= absl::ZeroDuration();
}

}  // namespace

absl::StatusOr<std::map<std::string, std::string>> ParseLabels(
    const std::vector<std::string>& labels) {
  std::map<std::string, std::string> parsed;
  for (const std::string& label : labels) {
    const size_t equals = label.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("--label \"", label, "\" is not KEY=VALUE, for example team=claims"));
    }
    const std::string key = label.substr(0, equals);
    if (!parsed.emplace(key, label.substr(equals + 1)).second) {
      return absl::InvalidArgumentError(absl::StrCat("--label ", key, " is given twice"));
    }
  }
  return parsed;
}

absl::StatusOr<absl::Time> ParseTime(const std::string& text, absl::Time now, absl::TimeZone zone) {
  absl::Duration age;
  if (ParseAge(text, age)) return now - age;
  absl::Time time;
  std::string error;
  for (const char* format : {absl::RFC3339_full, "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"}) {
    if (absl::ParseTime(format, text, zone, &time, &error)) return time;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text, "\" is not a time, for example 2h, 7d, 2024-01-15 or 2024-01-15T10:00:00Z"));
}

absl::StatusOr<std::vector<std::string>> ExpandIds(const std::vector<std::string>& arguments,
                                                   std::istream& in) {
  std::vector<std::string> ids;
  for (const std::string& argument : arguments) {
    if (argument == "-") {
      ReadIds(in, ids);
    } else if (!argument.empty() && argument[0] == '@') {
      const std::string path = argument.substr(1);
      std::ifstream file(path);
      if (!file) return absl::NotFoundError(absl::StrCat("cannot read the ids in ", path));
      ReadIds(file, ids);
    } else {
      ids.push_back(argument);
    }
  }
  return ids;
}

}  // namespace cxscribe::client
