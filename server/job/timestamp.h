// Conversions between absl::Time and google.protobuf.Timestamp, to the nanosecond. Pure.
#pragma once

#include <cstdint>

#include <absl/time/time.h>
#include <google/protobuf/timestamp.pb.h>

namespace cxscribe {

inline absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

inline google::protobuf::Timestamp MakeTimestamp(absl::Time time) {
  const timespec value = absl::ToTimespec(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(value.tv_sec);
  timestamp.set_nanos(static_cast<int32_t>(value.tv_nsec));
  return timestamp;
}

}  // namespace cxscribe
