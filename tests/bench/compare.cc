#include "tests/bench/compare.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

namespace cxscribe {
namespace {

absl::Duration Time(const std::function<void()>& function) {
  const auto start = std::chrono::steady_clock::now();
  function();
  return absl::FromChrono(std::chrono::steady_clock::now() - start);
}

double Microseconds(absl::Duration duration) { return absl::ToDoubleMicroseconds(duration); }

}  // namespace

Percentiles PercentilesOf(std::vector<absl::Duration> samples) {
  std::sort(samples.begin(), samples.end());
  const auto at = [&samples](size_t percent) {
    return samples[(samples.size() * percent + 99) / 100 - 1];
  };
  return {at(50), at(99)};
}

Comparison Compare(std::string what, const std::function<void()>& subject, std::string comparator,
                   const std::function<void()>& baseline, int rounds) {
  for (int i = 0; i < rounds / 10 + 1; ++i) {
    subject();
    baseline();
  }
  std::vector<absl::Duration> subjects;
  std::vector<absl::Duration> baselines;
  for (int i = 0; i < rounds; ++i) {
    if (i % 2 == 0) subjects.push_back(Time(subject));
    baselines.push_back(Time(baseline));
    if (i % 2 != 0) subjects.push_back(Time(subject));
  }
  return {std::move(what), std::move(comparator), PercentilesOf(std::move(subjects)),
          PercentilesOf(std::move(baselines))};
}

std::string FormatTable(const std::vector<Comparison>& comparisons) {
  size_t what = 4;
  size_t against = 7;
  for (const Comparison& row : comparisons) {
    what = std::max(what, row.what.size());
    against = std::max(against, row.comparator.size());
  }
  std::string out = absl::StrFormat("%-*s  %10s  %10s  %-*s  %10s  %10s  %10s  %6s  %9s\n", what,
                                    "WHAT", "P50 US", "P99 US", against, "AGAINST", "P50 US",
                                    "P99 US", "ADDED P50", "RATIO", "WORDS/S");
  for (const Comparison& row : comparisons) {
    absl::StrAppendFormat(&out, "%-*s  %10.1f  %10.1f  %-*s  %10.1f  %10.1f  %10.1f  %6.2f  %9s\n",
                          what, row.what, Microseconds(row.subject.p50),
                          Microseconds(row.subject.p99), against, row.comparator,
                          Microseconds(row.baseline.p50), Microseconds(row.baseline.p99),
                          Microseconds(row.subject.p50 - row.baseline.p50), row.ratio(),
                          row.words == 0 ? "-" : absl::StrFormat("%.0f", row.words_per_second()));
  }
  return out + "\nA ratio above 1: so many times the comparator's time.\n";
}

std::string FormatJson(const std::vector<Comparison>& comparisons) {
  std::string out = "[";
  for (const Comparison& row : comparisons) {
    absl::StrAppendFormat(
        &out,
        "%s\n  {\"what\": \"%s\", \"p50_us\": %.2f, \"p99_us\": %.2f, \"comparator\": \"%s\", "
        "\"comparator_p50_us\": %.2f, \"comparator_p99_us\": %.2f, \"ratio\": %.4f%s}",
        out.size() > 1 ? "," : "", row.what, Microseconds(row.subject.p50),
        Microseconds(row.subject.p99), row.comparator, Microseconds(row.baseline.p50),
        Microseconds(row.baseline.p99), row.ratio(),
        row.words == 0 ? ""
                       : absl::StrFormat(", \"words_per_second\": %.0f", row.words_per_second()));
  }
  return out + "\n]\n";
}

}  // namespace cxscribe
