// Conversions between absl::Time and google.protobuf.Timestamp.
#pragma once

#include <cstdint>

#include <absl/time/time.h>
#include <google/protobuf/timestamp.pb.h>

namespace cxscribe {

// `time` must lie within the years 1 to 9999, as a Timestamp must.
inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  const int64_t seconds = absl::ToUnixSeconds(time);  // rounds down, so that nanos is not negative
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

inline absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

}  // namespace cxscribe
