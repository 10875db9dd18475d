// ParseRetryAfter: the two forms of Retry-After, and the three of an HTTP date (RFC 9110, 5.6.7).
// By hand, because strptime follows the process's locale.
#include <algorithm>
#include <array>
#include <cstdint>

#include <absl/time/civil_time.h>

#include "server/cxone/retry.h"

namespace cxscribe {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> kLongDays = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view Trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Reads one HTTP date from front to back. After a failure every further read fails too.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}

  bool done() const { return ok_ && rest_.empty(); }

  bool Accept(std::string_view literal) {
    if (!ok_ || rest_.substr(0, literal.size()) != literal) return ok_ = false;
    rest_.remove_prefix(literal.size());
    return true;
  }

  template <size_t N>
  int OneOf(const std::array<std::string_view, N>& names) {
    for (size_t i = 0; ok_ && i < N; ++i) {
      if (rest_.substr(0, names[i].size()) != names[i]) continue;
      rest_.remove_prefix(names[i].size());
      return static_cast<int>(i);
    }
    ok_ = false;
    return 0;
  }

  // Exactly `digits` digits; the first may be a space where `padded`.
  int Number(int digits, bool padded = false) {
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      const char c = rest_.empty() ? '\0' : rest_.front();
      if (!ok_ || !(IsDigit(c) || (padded && i == 0 && c == ' '))) {
        ok_ = false;
        return 0;
      }
      value = value * 10 + (c == ' ' ? 0 : c - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  void Time(int& hour, int& minute, int& second) {
    hour = Number(2);
    Accept(":");
    minute = Number(2);
    Accept(":");
    second = Number(2);
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

struct DateParts {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

std::optional<absl::Time> ToTime(const DateParts& parts) {
  // 60: a leap second.
  if (parts.hour > 23 || parts.minute > 59 || parts.second > 60) return std::nullopt;
  const absl::CivilDay day(parts.year, parts.month, parts.day);
  if (day.month() != parts.month || day.day() != parts.day) return std::nullopt;  // 31 February
  return absl::FromCivil(
      absl::CivilSecond(parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second),
      absl::UTCTimeZone());
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
bool ReadImfFixdate(std::string_view text, DateParts& parts) {
  DateReader reader(text);
  reader.OneOf(kDays);
  reader.Accept(", ");
  parts.day = reader.Number(2);
  reader.Accept(" ");
  parts.month = reader.OneOf(kMonths) + 1;
  reader.Accept(" ");
  parts.year = reader.Number(4);
  reader.Accept(" ");
  reader.Time(parts.hour, parts.minute, parts.second);
  reader.Accept(" GMT");
  return reader.done();
}

// "Sunday, 06-Nov-94 08:49:37 GMT"
bool ReadRfc850(std::string_view text, absl::Time now, DateParts& parts) {
  DateReader reader(text);
  reader.OneOf(kLongDays);
  reader.Accept(", ");
  parts.day = reader.Number(2);
  reader.Accept("-");
  parts.month = reader.OneOf(kMonths) + 1;
  reader.Accept("-");
  const int short_year = reader.Number(2);
  reader.Accept(" ");
  reader.Time(parts.hour, parts.minute, parts.second);
  reader.Accept(" GMT");
  if (!reader.done()) return false;
  // RFC 9110, 5.6.7: a year that seems more than 50 years ahead is the latest past one that ends
  // in these digits.
  const int this_year = static_cast<int>(absl::ToCivilYear(now, absl::UTCTimeZone()).year());
  parts.year = this_year - this_year % 100 + short_year;
  if (parts.year <= this_year - 50) parts.year += 100;
  if (parts.year > this_year + 50) parts.year -= 100;
  return true;
}

// "Sun Nov  6 08:49:37 1994"
bool ReadAsctime(std::string_view text, DateParts& parts) {
  DateReader reader(text);
  reader.OneOf(kDays);
  reader.Accept(" ");
  parts.month = reader.OneOf(kMonths) + 1;
  reader.Accept(" ");
  parts.day = reader.Number(2, /*padded=*/true);
  reader.Accept(" ");
  reader.Time(parts.hour, parts.minute, parts.second);
  reader.Accept(" ");
  parts.year = reader.Number(4);
  return reader.done();
}

std::optional<absl::Duration> ParseSeconds(std::string_view text) {
  // Negative seconds are not in the grammar, but there is only one sensible reading of them.
  const bool negative = text.size() > 1 && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || !std::all_of(text.begin(), text.end(), IsDigit)) return std::nullopt;
  if (negative) return absl::ZeroDuration();
  int64_t seconds = 0;
  for (const char c : text) {
    seconds = seconds * 10 + (c - '0');
    if (absl::Seconds(seconds) > kLongestRetryAfter) return kLongestRetryAfter;
  }
  return absl::Seconds(seconds);
}

}  // namespace

std::optional<absl::Duration> ParseRetryAfter(std::string_view value, absl::Time now) {
  const std::string_view text = Trim(value);
  if (const auto seconds = ParseSeconds(text); seconds.has_value()) return seconds;
  DateParts parts;
  if (!ReadImfFixdate(text, parts) && !ReadRfc850(text, now, parts) && !ReadAsctime(text, parts)) {
    return std::nullopt;
  }
  const std::optional<absl::Time> time = ToTime(parts);
  if (!time.has_value()) return std::nullopt;
  return std::clamp(*time - now, absl::ZeroDuration(), kLongestRetryAfter);
}

}  // namespace cxscribe
