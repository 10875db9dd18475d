#include "client/format.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "google/protobuf/duration.pb.h"

namespace cxscribe::client {
namespace {

std::string WithoutPrefix(const std::string& name, const std::string& prefix, int number) {
  if (number == 0) return "-";
  if (name.rfind(prefix, 0) != 0) return absl::StrCat(number);  // newer than this build
  return name.substr(prefix.size());
}

std::string Printf(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

std::string StateName(v1::JobState state) {
  return WithoutPrefix(v1::JobState_Name(state), "JOB_STATE_", state);
}

std::string OutcomeName(v1::Outcome outcome) {
  return WithoutPrefix(v1::Outcome_Name(outcome), "OUTCOME_", outcome);
}

std::string StageKindName(v1::StageKind kind) {
  return absl::AsciiStrToLower(WithoutPrefix(v1::StageKind_Name(kind), "STAGE_KIND_", kind));
}

std::string PluginHealthName(v1::PluginHealth health) {
  return WithoutPrefix(v1::PluginHealth_Name(health), "PLUGIN_HEALTH_", health);
}

std::optional<v1::JobState> ParseState(std::string name) {
  absl::AsciiStrToUpper(&name);
  v1::JobState state = v1::JOB_STATE_UNSPECIFIED;
  if (!v1::JobState_Parse(name, &state) && !v1::JobState_Parse("JOB_STATE_" + name, &state)) {
    return std::nullopt;
  }
  if (state == v1::JOB_STATE_UNSPECIFIED) return std::nullopt;
  return state;
}

std::vector<std::string> StateNames() {
  std::vector<std::string> names;
  const auto* descriptor = v1::JobState_descriptor();
  for (int i = 0; i < descriptor->value_count(); ++i) {
    const auto state = static_cast<v1::JobState>(descriptor->value(i)->number());
    if (state != v1::JOB_STATE_UNSPECIFIED) {
      names.push_back(absl::AsciiStrToLower(StateName(state)));
    }
  }
  return names;
}

bool IsEndState(v1::JobState state) {
  switch (state) {
    case v1::JOB_STATE_SUCCEEDED:
    case v1::JOB_STATE_FAILED:
    case v1::JOB_STATE_CANCELLED:
    case v1::JOB_STATE_QUARANTINED:
    case v1::JOB_STATE_NEEDS_ATTENTION:
      return true;
    default:
      return false;
  }
}

Style StyleOf(v1::JobState state) {
  switch (state) {
    case v1::JOB_STATE_SUCCEEDED:
      return Style::kGreen;
    case v1::JOB_STATE_FAILED:
      return Style::kRed;
    case v1::JOB_STATE_QUARANTINED:
    case v1::JOB_STATE_NEEDS_ATTENTION:
      return Style::kYellow;
    case v1::JOB_STATE_CANCELLED:
      return Style::kDim;
    default:
      return Style::kCyan;
  }
}

Style StyleOf(v1::Outcome outcome) {
  switch (outcome) {
    case v1::OUTCOME_PASS:
      return Style::kGreen;
    case v1::OUTCOME_FAIL:
      return Style::kRed;
    case v1::OUTCOME_INCONCLUSIVE:
      return Style::kYellow;
    default:
      return Style::kDim;
  }
}

absl::Duration ToDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

std::string FormatTime(absl::Time time, const View& view) {
  if (time <= absl::UnixEpoch()) return "-";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, view.zone);
}

std::string FormatAge(absl::Time time, const View& view) {
  if (time <= absl::UnixEpoch()) return "-";
  const absl::Duration age = view.now - time;
  const absl::Duration distance = absl::AbsDuration(age);
  if (distance < absl::Seconds(1)) return "just now";
  std::string amount;
  if (distance < absl::Minutes(1)) {
    amount = absl::StrCat(absl::ToInt64Seconds(distance), " s");
  } else if (distance < absl::Hours(1)) {
    amount = absl::StrCat(absl::ToInt64Minutes(distance), " min");
  } else if (distance < absl::Hours(48)) {
    amount = absl::StrCat(absl::ToInt64Hours(distance), " h");
  } else if (distance < absl::Hours(24 * 30)) {
    amount = absl::StrCat(absl::ToInt64Hours(distance) / 24, " d");
  } else {
    return absl::FormatTime("%Y-%m-%d", time, view.zone);
  }
  return age > absl::ZeroDuration() ? amount + " ago" : "in " + amount;
}

std::string HumanDuration(absl::Duration duration) {
  if (duration < absl::ZeroDuration()) duration = absl::ZeroDuration();
  if (duration < absl::Seconds(1)) return FormatMilliseconds(absl::ToDoubleMilliseconds(duration));
  if (duration < absl::Seconds(10)) {
    std::string text = Printf("%.1f", absl::ToDoubleSeconds(duration));
    if (text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0)
      text.resize(text.size() - 2);
    return text + " s";
  }
  const int64_t seconds = absl::ToInt64Seconds(duration);
  const auto pair = [](int64_t big, const char* big_unit, int64_t small, const char* small_unit) {
    std::string text = absl::StrCat(big, " ", big_unit);
    if (small > 0) absl::StrAppend(&text, " ", small, " ", small_unit);
    return text;
  };
  if (seconds < 60) return absl::StrCat(seconds, " s");
  if (seconds < 3600) return pair(seconds / 60, "min", seconds % 60, "s");
  if (seconds < 86400) return pair(seconds / 3600, "h", seconds % 3600 / 60, "min");
  return pair(seconds / 86400, "d", seconds % 86400 / 3600, "h");
}

std::string FormatMilliseconds(double milliseconds) {
  if (milliseconds < 10) return Printf("%.1f ms", milliseconds);
  if (milliseconds < 1000) return Printf("%.0f ms", milliseconds);
  return HumanDuration(absl::Milliseconds(milliseconds));
}

std::string FormatOffset(int32_t milliseconds) {
  const int32_t seconds = std::max(0, milliseconds) / 1000;
  char text[32];
  if (seconds < 3600) {
    std::snprintf(text, sizeof text, "%02d:%02d", seconds / 60, seconds % 60);
  } else {
    std::snprintf(text, sizeof text, "%d:%02d:%02d", seconds / 3600, seconds % 3600 / 60,
                  seconds % 60);
  }
  return text;
}

std::string FormatScore(double score) { return Printf("%.2f", score); }

std::string FormatBytes(double bytes) {
  const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < std::size(units)) {
    bytes /= 1000;
    ++unit;
  }
  return Printf(unit == 0 ? "%.0f " : "%.1f ", bytes) + units[unit];
}

std::string Count(int64_t number, const std::string& noun) {
  return absl::StrCat(number, " ", noun, number == 1 ? "" : "s");
}

}  // namespace cxscribe::client
