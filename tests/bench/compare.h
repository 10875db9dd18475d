// Compare: times two ways of doing something in turns, so that what disturbs one disturbs both.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <absl/time/time.h>

namespace cxscribe {

struct Percentiles {
  absl::Duration p50;
  absl::Duration p99;
};

// By the nearest rank; `samples` is not empty.
Percentiles PercentilesOf(std::vector<absl::Duration> samples);

struct Comparison {
  std::string what;
  std::string comparator;
  Percentiles subject;
  Percentiles baseline;
  int words = 0;  // that the subject reads each time; 0: it reads none

  // How many times as long the subject takes, by the medians.
  double ratio() const { return absl::FDivDuration(subject.p50, baseline.p50); }
  // Words a second, by the median.
  double words_per_second() const { return words / absl::ToDoubleSeconds(subject.p50); }
};

// Calls both `rounds` times, in turns and each first in every other round, after a tenth of that to
// warm up.
Comparison Compare(std::string what, const std::function<void()>& subject, std::string comparator,
                   const std::function<void()>& baseline, int rounds);

// A line a comparison, under a header; columns line up.
std::string FormatTable(const std::vector<Comparison>& comparisons);
// A JSON array of objects; durations in microseconds.
std::string FormatJson(const std::vector<Comparison>& comparisons);

}  // namespace cxscribe
