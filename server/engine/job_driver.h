// JobDriver: takes one job from where the store has it to its end.
//
//   Start --> VALIDATING --> TRANSCRIBING --> PROCESSING --> end
//             look up        intent, POST,    pool: run
//             recordings     then polls       the pipeline
//
// Everything happens on the engine's loop. At most one write of the job is under way; whatever is
// to follow it waits
// (`deferred_`), and an end that somebody asked for meanwhile (a cancel, the deadline) goes first.
// Answers of calls that were overtaken by such an end are told apart by a generation number and
// dropped.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cxscribe/internal/v1/record.pb.h"
#include "server/cxone/client.h"
#include "server/cxone/retry.h"
#include "server/engine/context.h"
#include "server/engine/poll_planner.h"
#include "server/job/job_store.h"
#include "server/pipeline/pipeline.h"

namespace cxscribe {

class JobDriver : public std::enable_shared_from_this<JobDriver> {
 public:
  // How a driver takes its leave, once.
  struct Farewell {
    // The end state is durable, or the driver can do nothing more for the job. Always called.
    std::function<void(const std::string& job_id)> ended;
    // After `ended`: the job has not ended, and the store holds it as `stored`, which is not what
    // this driver knew.
    std::function<void(internal::v1::JobRecord stored)> overtaken;
  };

  // What the job's names stood for when it was queued; it keeps them, whatever is reloaded.
  struct Choice {
    std::shared_ptr<const Pipeline> pipeline;
    std::optional<RedactionPolicy> policy;
  };

  // `context` and `account` must outlive the driver; `account` may be null when the configuration
  // no longer has it, and what is in `choice` likewise: then the job fails and says so.
  JobDriver(EngineContext& context, Account* account, internal::v1::JobRecord record, Choice choice,
            Farewell farewell);

  // Sets the timer of the job's deadline; it counts from Submit, also while the job waits for its
  // turn. Once.
  void Arm();
  // The job's turn has come.
  void Start();
  // Whether Start() was called.
  bool started() const { return started_; }

  // Ends the job as CANCELLED, before or after its start. `done` gets the cancelled job, or
  // FAILED_PRECONDITION (JOB_ENDED) when another end came first, or UNAVAILABLE (END_NOT_STORED)
  // when the end is decided but cannot be stored for some seconds.
  void Cancel(const Actor& actor, const std::string& reason, Engine::JobCallback done);

  // Takes no further step; the store has all that is needed to go on at the next start. `quiet`
  // runs once no write is under way.
  void Suspend(std::function<void()> quiet);

  const internal::v1::JobRecord& record() const { return record_; }

 private:
  // How a job is to end.
  struct Ending {
    v1::JobState state = v1::JOB_STATE_UNSPECIFIED;
    absl::Status error;
    std::string message;  // for the history
    std::string actor;    // who decided; empty: the server
    std::string reason;
    std::optional<StoredResult> result;
    std::vector<v1::StageRecord> stages;
    std::optional<double> accuracy_score;
    int segment_count = 0;
    TranscriptRoom::Place place;  // of the result
  };
  // A transcript on its way through the pipeline.
  struct Fetched {
    v1::Transcript transcript;
    TranscriptRoom::Place place;
  };
  // What a run of the pipeline came to, ready to be stored.
  struct Processed {
    PipelineResult outcome;  // its transcript has moved into `stored`
    StoredResult stored;
    TranscriptRoom::Place place;
  };

  void OnDeadline();

  void Validate();
  void LookUpRecordings();
  void OnRecordings(const UpstreamOutcome& outcome, const RecordingLookup::Found& found);
  void BeginSubmission(std::vector<v1::RecordingInfo> recordings);
  // Waits for the budget; then the intent becomes durable, then the POST goes out.
  void SendSubmission();
  void StoreIntent();
  void PostSubmission();
  // `earlier_unknown`: an earlier attempt of it was sent without a clear answer.
  void OnSubmitted(const UpstreamResult<std::string>& result, bool earlier_unknown);
  void OnAccepted(const std::string& transcription_id);
  // The answer to a submission came after the job's end: CXone works on what nobody waits for.
  void OnOrphan(const std::string& transcription_id);
  // No answer is open any more: a crash from here on leaves no riddle.
  void ClearIntent(Task then);
  void SchedulePoll(absl::Time when);
  void Poll();
  void OnPolled(UpstreamResult<UpstreamTranscription> result, TranscriptRoom::Place place);
  void OnProgress(int percent);
  void BeginProcessing(v1::Transcript transcript, TranscriptRoom::Place place);
  void RunPipeline(std::shared_ptr<Fetched> fetched);
  void OnProcessed(Processed processed);

  // Tries `again` later, or ends the job with the failure's error. `call` as in JobErrorFor.
  void RetryOrFail(const UpstreamOutcome& outcome, std::string_view call, Repetition repetition,
                   Task again);
  void Fail(const absl::Status& error, std::string message);
  void NeedAttention(const UpstreamOutcome* outcome);
  // Whether the audit file takes entries. Says so in the log when that changes.
  bool AuditWritable();
  void AnswerWaiters(const absl::Status& status);
  // Ends the job; the first end asked for wins.
  void Finish(Ending ending);
  void WriteEnding();

  // Starts a step towards the next state: `change` edits the record. `then` runs once it is
  // durable.
  void Step(const std::function<void(internal::v1::JobRecord&)>& change,
            std::vector<v1::JobEvent> events, Task then);
  void Commit(std::shared_ptr<JobWrite> write, Task then, absl::Duration backoff);
  void Written(std::shared_ptr<JobWrite> write, Task then, absl::Duration backoff,
               const absl::Status& status);
  void Committed(const JobWrite& write, Task then);
  // The store holds something else than this driver thought: looks whether that is the write after
  // all.
  void Reread(std::shared_ptr<JobWrite> write, Task then, absl::Duration backoff,
              const absl::Status& status);
  void OnReread(std::shared_ptr<JobWrite> write, Task then, absl::Duration backoff,
                const absl::Status& status, absl::StatusOr<internal::v1::JobRecord> stored);
  // The store will never take the write: the job fails instead.
  void Refused(const JobWrite& write, const absl::Status& status);
  // Lets go of the job: somebody else has moved it on, to `stored` unless it is gone.
  void Lose(const absl::Status& status, std::optional<internal::v1::JobRecord> stored);
  // Drained: no write of this driver will follow.
  void BeQuiet();
  // Runs `task` now, or after the write that is under way.
  void Proceed(Task task);
  void Publish(const v1::Job& job);
  // A change that watchers see: the next revision.
  void MarkChanged(v1::Job& job) const;
  v1::JobEvent Event(std::string type, std::string message) const;

  // A timer that runs `task` unless an end has overtaken it.
  void After(absl::Duration delay, Task task);
  void Abandon();

  EngineContext& context_;
  Account* const account_;
  const std::shared_ptr<const Pipeline> pipeline_;
  const std::optional<RedactionPolicy> policy_;
  const Farewell farewell_;

  internal::v1::JobRecord record_;  // as it is durable
  bool started_ = false;
  bool resumed_ = false;  // begun by an earlier run of the server
  bool writing_ = false;
  bool submitting_ = false;  // a POST is under way
  bool refused_ = false;     // the store has refused an end
  bool suspended_ = false;
  // A submission was sent and no answer has said what became of it.
  bool fate_unknown_ = false;
  uint64_t generation_ = 0;
  TimerExecutor::TimerId deadline_timer_ = 0;
  TimerExecutor::TimerId step_timer_ = 0;
  TimerExecutor::TimerId commit_timer_ = 0;  // a write waits to be tried again
  BudgetGate::Ticket ticket_ = 0;            // a call waits for the budget
  RecordingLookup::RequestId lookup_ = 0;
  absl::Duration audit_backoff_;
  Task deferred_;
  std::function<void()> quiet_;
  std::optional<Ending> ending_;  // set once an end was decided
  std::map<uint64_t, Engine::JobCallback> cancel_waiters_;
  uint64_t last_waiter_ = 0;
  std::shared_ptr<std::atomic<bool>> pipeline_cancelled_;

  RetrySeries retries_;
  PollProgress poll_progress_;
};

}  // namespace cxscribe
