// Engine: drives every job through its life, on one thread that owns all state transitions.
//
//   Submit --> store --> queue --> JobDriver: validate, submit once, poll, run the pipeline, finish
//   --> store --> watchers
//
// Public methods are thread-safe and never block: they post to the engine's loop, and each callback
// runs exactly once, on that loop or a store thread; it must not block. docs/architecture.md tells
// the life of a job.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/functional/any_invocable.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "cxscribe/internal/v1/record.pb.h"
#include "cxscribe/v1/job.pb.h"
#include "server/base/executor.h"
#include "server/base/id.h"
#include "server/base/random.h"
#include "server/config/settings.h"
#include "server/cxone/client.h"
#include "server/job/job_store.h"
#include "server/job/listener.h"
#include "server/pipeline/pipeline.h"

namespace cxscribe {

class Metrics;
class JobDriver;
struct Account;
struct EngineContext;

// What the engine works with. Everything must outlive the engine.
struct EngineDependencies {
  TimerExecutor& loop;
  JobStore& store;
  Random& random;
  Metrics& metrics;
  JobListener& listener;
  // The clients of the accounts in `accounts`, by name.
  std::map<std::string, CxoneClient*> clients;
  // Runs work of a pipeline, which may block or compute; false when there is no room now. One
  // pipeline's work must not keep another's from running.
  std::function<bool(const std::string& pipeline, Task)> try_run;
  // The pipelines and policies in force; a job takes its own from here when it is queued.
  std::function<std::shared_ptr<const PipelineSet>()> pipelines;
  // Not OK while the audit file cannot be written: no job ends meanwhile.
  std::function<absl::Status()> audit_writable;
  // A webhook message was stored.
  std::function<void()> webhook_stored;
};

struct EngineSettings {
  std::map<std::string, AccountSettings> accounts;
  JobSettings jobs;
};

// Who asks for a change, for the audit log.
struct Actor {
  std::string tenant;
  std::string name;
};

class Engine {
 public:
  using SubmitCallback = JobStore::Callback<CreateOutcome>;
  using JobCallback = JobStore::Callback<v1::Job>;
  using RecordingsCallback = JobStore::Callback<std::vector<v1::RecordingInfo>>;

  Engine(EngineDependencies dependencies, EngineSettings settings);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Reads every job that had not ended when the server stopped; nothing is done with them yet. Call
  // once, before all else.
  void Recover(JobStore::Done done);
  // Goes to work. Jobs that were submitted before wait for it.
  void Run();

  // Stores a new job; `record` holds the normalised request, tenant, actor and trace id. Ids and
  // times are the engine's. Errors as JobStore::Create.
  void Submit(internal::v1::JobRecord record, SubmitCallback done);
  // Checks the recordings of a request with CXone and starts nothing. Errors as the job's own would
  // be, but none that looks like the caller's own; UNAVAILABLE carries RetryInfo.
  void CheckRecordings(const internal::v1::JobRecord& record, RecordingsCallback done);
  // NOT_FOUND: unknown, or another tenant's. FAILED_PRECONDITION (JOB_ENDED): it has ended
  // otherwise.
  void Cancel(const std::string& job_id, Actor actor, std::string reason, JobCallback done);
  // NOT_FOUND as above. FAILED_PRECONDITION (JOB_NOT_ENDED).
  void Delete(const std::string& job_id, Actor actor, std::string reason, JobStore::Done done);

  // What is wrong with each account, as its last call showed; "" when nothing is. Safe on any
  // thread.
  std::map<std::string, std::string> UpstreamProblems() const;

  // Takes no more jobs from the queue and asks running pipelines to stop; what is unfinished
  // resumes at the next start. `done` runs once no step is being written. Ask only once.
  void Drain(absl::AnyInvocable<void()> done);

 private:
  struct Check {
    RecordingsCallback done;
    uint64_t lookup = 0;
    TimerExecutor::TimerId timer = 0;
  };

  void Enqueue(internal::v1::JobRecord record);
  void Begin(const std::shared_ptr<JobDriver>& driver);
  void Admit();
  void JobEnded(const std::string& job_id);
  // The job was moved on by somebody else, to `stored`.
  void JobOvertaken(internal::v1::JobRecord stored);
  void AnswerCheck(uint64_t check, absl::StatusOr<std::vector<v1::RecordingInfo>> answer);

  std::unique_ptr<EngineContext> context_;
  std::map<std::string, std::unique_ptr<Account>> accounts_;  // the map itself never changes
  // All on the loop's thread from here.
  absl::flat_hash_map<std::string, std::shared_ptr<JobDriver>> drivers_;  // every unfinished job
  // Waiting jobs of each tenant, oldest first, and the tenants in turn, so that one tenant's
  // thousand jobs do not keep another's one waiting.
  std::map<std::string, std::deque<std::string>> queues_;
  std::deque<std::string> turns_;
  // Recovered jobs that were under way and go on as soon as the engine runs.
  std::vector<std::shared_ptr<JobDriver>> resuming_;
  int active_ = 0;
  bool running_ = false;
  // Callers of CheckRecordings that wait for their answer.
  std::map<uint64_t, Check> checks_;
  uint64_t last_check_ = 0;
  bool draining_ = false;
};

}  // namespace cxscribe
