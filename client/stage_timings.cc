#include "client/stage_timings.h"

#include <algorithm>
#include <cstdio>

#include <absl/strings/str_cat.h>

#include "client/table.h"

namespace cxscribe::client {
namespace {

// Finer than elsewhere: a stage may take hundredths of a millisecond.
std::string FormatTime(double milliseconds) {
  if (milliseconds >= 1) return FormatMilliseconds(milliseconds);
  char text[32];
  std::snprintf(text, sizeof text, "%.2f ms", milliseconds);
  return text;
}

std::vector<Cell> Row(const std::string& name, std::vector<double> times) {
  std::sort(times.begin(), times.end());
  const size_t middle = times.size() / 2;
  const double median =
      times.size() % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
  return {name, std::to_string(times.size()), FormatTime(times.front()), FormatTime(median),
          FormatTime(times.back())};
}

}  // namespace

void StageTimings::AddTime(const std::string& name, double milliseconds) {
  for (auto& [known, times] : stages_) {
    if (known == name) {
      times.push_back(milliseconds);
      return;
    }
  }
  stages_.push_back({name, {milliseconds}});
}

void StageTimings::Add(const google::protobuf::RepeatedPtrField<v1::StageRecord>& stages) {
  double total = 0;
  for (const v1::StageRecord& stage : stages) {
    if (stage.pass() == 0) continue;  // it did not run
    AddTime(stage.pass() == 1 ? stage.stage()
                              : absl::StrCat(stage.stage(), " (pass ", stage.pass(), ")"),
            stage.duration_ms());
    total += stage.duration_ms();
  }
  totals_.push_back(total);
}

std::string StageTimings::Render(const View& view) const {
  Table table({{"STAGE"}, {"RUNS", true}, {"MIN", true}, {"MEDIAN", true}, {"MAX", true}});
  for (const auto& [name, times] : stages_) table.Add(Row(name, times));
  if (!totals_.empty()) table.Add(Row("all stages", totals_));
  return table.Render(view);
}

}  // namespace cxscribe::client
