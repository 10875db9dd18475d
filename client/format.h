// Names, times and numbers for people. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>

#include "client/text.h"
#include "cxscribe/v1/evidence.pb.h"
#include "cxscribe/v1/job.pb.h"
#include "cxscribe/v1/pipeline_service.pb.h"
#include "server/base/timestamp.h"

namespace google::protobuf {
class Duration;
}  // namespace google::protobuf

namespace cxscribe::client {

// How tables are drawn; everything that depends on where and when cxctl runs.
struct View {
  int width = 80;  // columns
  bool colour = false;
  absl::Time now;
  absl::TimeZone zone;
};

// Enum values without their prefix: "SUCCEEDED"; "-" for UNSPECIFIED, the number for an unknown
// value.
std::string StateName(v1::JobState state);
std::string OutcomeName(v1::Outcome outcome);
std::string StageKindName(v1::StageKind kind);
std::string PluginHealthName(v1::PluginHealth health);

// The state of that name, with or without prefix, in any case.
std::optional<v1::JobState> ParseState(std::string name);
// Every state name that a job can have, in order, lower case.
std::vector<std::string> StateNames();

bool IsEndState(v1::JobState state);
Style StyleOf(v1::JobState state);
Style StyleOf(v1::Outcome outcome);

absl::Duration ToDuration(const google::protobuf::Duration& duration);

// "2024-01-15 10:02:30" in the view's zone; "-" for an unset time.
std::string FormatTime(absl::Time time, const View& view);
// "2 min ago", "in 5 s", "just now"; from 30 days on the date.
std::string FormatAge(absl::Time time, const View& view);
// "0.4 s", "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h".
std::string HumanDuration(absl::Duration duration);
// "0.8 ms", "35 ms", "1.2 s": for short work.
std::string FormatMilliseconds(double milliseconds);
// "mm:ss", or "h:mm:ss" from one hour on.
std::string FormatOffset(int32_t milliseconds);
// "0.94".
std::string FormatScore(double score);
// "34.2 MB", in steps of 1000.
std::string FormatBytes(double bytes);
// "1 recording", "2 recordings".
std::string Count(int64_t number, const std::string& noun);

}  // namespace cxscribe::client
