// JobListener: told of every visible change of a job, after it is durable. The engine tells, the
// watch hub listens.
#pragma once

#include "cxscribe/v1/job.pb.h"

namespace cxscribe {

class JobListener {
 public:
  virtual ~JobListener() = default;
  // Called on the engine's thread, with rising revisions for each job; must not block.
  virtual void OnJobChanged(const v1::Job& job) = 0;
};

}  // namespace cxscribe
