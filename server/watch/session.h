// WatchSession: what one watcher is still owed. Latest wins: however many changes a slow reader
// misses, one newest state a job waits for it, so that memory is bounded by the number of targets.
//
//   Offer(job) --> newest pending state of each target --> Next() --> the stream, one write in
//   flight
//
// Pure: no threads, no clock, no gRPC. Not thread-safe; its owner guards it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>

#include "cxscribe/v1/job.pb.h"

namespace cxscribe {

class WatchSession {
 public:
  using JobPtr = std::shared_ptr<const v1::Job>;

  // `targets`: distinct job ids with the last revision that the watcher has seen (0: none).
  explicit WatchSession(const std::vector<std::pair<std::string, int64_t>>& targets);

  // The job as the store holds it when the watch begins; is owed even when the watcher has seen
  // that revision. OUT_OF_RANGE (CURSOR_AHEAD) when the watcher claims to have seen a later one.
  absl::Status Begin(const JobPtr& job);
  // A change. Ignored when the job is no target, or when the revision is not newer than what is
  // pending or taken. True when Next() has something that it did not have before.
  bool Offer(const JobPtr& job);
  // The next state to send, oldest waiting job first; null when there is none.
  JobPtr Next();

  bool HasNext() const { return !waiting_.empty(); }
  // Whether every target's end state has been taken by Next().
  bool Finished() const { return unfinished_ == 0; }

 private:
  struct Target {
    int64_t seen = 0;  // newest revision taken by Next(), or what the watcher said it has
    bool begun = false;
    bool waiting = false;
    bool ended = false;
    JobPtr pending;
  };

  absl::flat_hash_map<std::string, Target> targets_;
  std::deque<Target*> waiting_;  // targets with a pending state
  size_t unfinished_;
};

}  // namespace cxscribe
