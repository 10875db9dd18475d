// Ids: ULIDs (https://github.com/ulid/spec), which sort by the time they were made.
#pragma once

#include <string>
#include <string_view>

#include <absl/base/thread_annotations.h>
#include <absl/time/time.h>

#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/base/random.h"

namespace cxscribe {

// Thread-safe. Ids of one generator rise strictly, also within a millisecond and when the clock
// steps back.
class UlidGenerator {
 public:
  // Both must outlive the generator.
  UlidGenerator(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

  // 26 characters of Crockford's base 32.
  std::string Next();

 private:
  const Clock& clock_;
  Random& random_;
  Mutex mutex_;
  uint64_t last_ms_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t high_ ABSL_GUARDED_BY(mutex_) = 0;  // the upper 40 of the 80 random bits
  uint64_t low_ ABSL_GUARDED_BY(mutex_) = 0;   // the lower 40
};

// Whether `id` is "job_" and a ULID.
bool IsJobId(std::string_view id);

}  // namespace cxscribe
