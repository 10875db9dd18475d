#include "server/base/id.h"

#include <algorithm>

namespace cxscribe {
namespace {

constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr uint64_t kMask40 = (uint64_t{1} << 40) - 1;

void AppendBase32(uint64_t value, int digits, std::string& out) {
  for (int i = digits - 1; i >= 0; --i) out.push_back(kAlphabet[(value >> (5 * i)) & 31]);
}

}  // namespace

std::string UlidGenerator::Next() {
  const auto now = static_cast<uint64_t>(std::max<int64_t>(0, absl::ToUnixMillis(clock_.Now())));
  const uint64_t high = random_.Next() & kMask40;
  const uint64_t low = random_.Next() & kMask40;
  std::string id;
  id.reserve(26);
  MutexLock lock(mutex_);
  if (now > last_ms_) {
    last_ms_ = now;
    high_ = high;
    low_ = low;
  } else if (++low_ > kMask40) {
    low_ = 0;
    if (++high_ > kMask40) {  // 2^80 ids in a millisecond: borrow from the next one
      high_ = 0;
      ++last_ms_;
    }
  }
  AppendBase32(last_ms_, 10, id);
  AppendBase32(high_, 8, id);
  AppendBase32(low_, 8, id);
  return id;
}

bool IsJobId(std::string_view id) {
  constexpr std::string_view kPrefix = "job_";
  if (id.substr(0, kPrefix.size()) != kPrefix) return false;
  id.remove_prefix(kPrefix.size());
  // 26 digits hold 130 bits, a ULID 128: the first digit is at most 7.
  return id.size() == 26 && id.front() <= '7' && std::all_of(id.begin(), id.end(), [](char c) {
           return std::string_view(kAlphabet, 32).find(c) != std::string_view::npos;
         });
}

}  // namespace cxscribe
