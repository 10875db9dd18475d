#include "tests/support/fake_job_store.h"

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>

#include <absl/strings/str_cat.h>

#include "server/base/hash.h"
#include "server/base/mutex.h"
#include "server/base/timestamp.h"
#include "server/job/states.h"
#include "server/job/store_errors.h"

namespace cxscribe {
namespace {

using internal::v1::AuditDraft;
using internal::v1::JobRecord;
using internal::v1::ResultChunk;
using internal::v1::WebhookDelivery;

// The rows, as the real store's tables have them. Not thread-safe.
class Tables {
 public:
  struct Result {
    StoredResult stored;
    v1::AuditAnchor anchor;
  };
  struct RequestId {
    std::string sha256;
    std::string job_id;
    absl::Time used;
  };

  explicit Tables(AuditSealer sealer) : sealer_(sealer) {}

  absl::StatusOr<CreateOutcome> Create(const JobWrite& write, absl::Time request_ids_since,
                                       int max_unfinished) {
    if (absl::Status status = CheckCreate(write); !status.ok()) return status;
    const v1::Job& job = write.record.job();
    const auto key = std::make_pair(write.record.tenant(), job.request_id());
    if (!job.request_id().empty()) {
      const auto used = request_ids.find(key);
      if (used != request_ids.end() && used->second.used >= request_ids_since) {
        return FirstJob(job.request_id(), used->second, write.record.request_sha256());
      }
    }
    if (const auto found = jobs.find(job.job_id()); found != jobs.end()) {
      return StaleRevisionError(job.job_id(), 0, found->second.job().revision());
    }
    const auto unfinished = std::count_if(jobs.begin(), jobs.end(), [](const auto& entry) {
      return !IsEnd(entry.second.job().state());
    });
    if (unfinished >= max_unfinished) return QueueFullError(max_unfinished);
    if (absl::Status status = Apply(write); !status.ok()) return status;
    if (!job.request_id().empty()) {
      request_ids[key] = {write.record.request_sha256(), job.job_id(),
                          FromTimestamp(job.create_time())};
    }
    return CreateOutcome{write.record, false};
  }

  absl::Status Update(const JobWrite& write) {
    if (absl::Status status = CheckUpdate(write); !status.ok()) return status;
    const std::string& job_id = write.record.job().job_id();
    const auto found = jobs.find(job_id);
    const int64_t stored = found == jobs.end() ? 0 : found->second.job().revision();
    if (stored != write.expected_revision) {
      return StaleRevisionError(job_id, write.expected_revision, stored);
    }
    return Apply(write);
  }

  absl::Status Delete(const std::string& job_id, int64_t expected_revision,
                      const AuditDraft& audit_draft) {
    const auto found = jobs.find(job_id);
    if (found == jobs.end()) return JobNotFoundError(job_id);
    if (found->second.job().revision() != expected_revision) {
      return StaleRevisionError(job_id, expected_revision, found->second.job().revision());
    }
    jobs.erase(found);
    events.erase(job_id);
    results.erase(job_id);
    AppendAudit(audit_draft);
    return absl::OkStatus();
  }

  absl::StatusOr<ResultPage> Page(const std::string& job_id, int first_segment,
                                  int64_t max_bytes) const {
    if (jobs.count(job_id) == 0) return JobNotFoundError(job_id);
    const auto found = results.find(job_id);
    if (found == results.end()) return NoResultError(job_id);
    const StoredResult& stored = found->second.stored;
    ResultPage page;
    page.header = stored.header;
    page.audit = found->second.anchor;
    int end = 0;
    int64_t bytes = 0;
    for (const ResultChunk& chunk : stored.chunks) {
      end = chunk.first_segment() + chunk.segments_size();
      if (end <= first_segment) continue;
      bytes += static_cast<int64_t>(chunk.ByteSizeLong());
      if (!page.chunks.empty() && bytes > max_bytes) {
        page.last = false;
        return page;
      }
      page.chunks.push_back(chunk);
    }
    if (first_segment < 0 || (first_segment > 0 && first_segment >= end)) {
      return NoSuchSegmentError(job_id, first_segment, end);
    }
    return page;
  }

  std::map<std::string, JobRecord> jobs;
  std::map<std::string, std::vector<v1::JobEvent>> events;
  std::map<std::string, Result> results;
  std::map<std::pair<std::string, std::string>, RequestId> request_ids;  // by tenant and id
  std::map<std::string, WebhookDelivery> webhooks;
  std::vector<AuditLine> audit;
  std::vector<AuditDraft> drafts;

 private:
  absl::StatusOr<CreateOutcome> FirstJob(const std::string& request_id, const RequestId& used,
                                         const std::string& sha256) const {
    if (used.sha256 != sha256) return RequestIdReusedError(request_id, used.job_id);
    CreateOutcome outcome;
    outcome.already_existed = true;
    const auto first = jobs.find(used.job_id);
    if (first != jobs.end()) {
      outcome.record = first->second;
    } else {
      outcome.record.mutable_job()->set_job_id(used.job_id);
    }
    return outcome;
  }

  absl::Status Apply(const JobWrite& write) {
    if (write.webhook.has_value() && webhooks.count(write.webhook->message_id()) != 0) {
      return WebhookExistsError(write.webhook->message_id());
    }
    const std::string& job_id = write.record.job().job_id();
    jobs[job_id] = write.record;
    auto& log = events[job_id];
    log.insert(log.end(), write.events.begin(), write.events.end());
    v1::AuditAnchor anchor;
    if (write.audit.has_value()) {
      const AuditLine& line = AppendAudit(*write.audit);
      anchor.set_sequence(line.sequence);
      anchor.set_head_hash(line.hash);
    }
    if (write.result.has_value()) results[job_id] = {*write.result, anchor};
    if (write.webhook.has_value()) webhooks[write.webhook->message_id()] = *write.webhook;
    return absl::OkStatus();
  }

  const AuditLine& AppendAudit(const AuditDraft& draft) {
    audit.push_back(sealer_(draft, static_cast<int64_t>(audit.size()) + 1,
                            audit.empty() ? std::string(64, '0') : audit.back().hash));
    drafts.push_back(draft);
    return audit.back();
  }

  const AuditSealer sealer_;
};

bool Matches(const JobRecord& record, const JobQuery& query) {
  const v1::Job& job = record.job();
  const absl::Time created = FromTimestamp(job.create_time());
  if (record.tenant() != query.tenant) return false;
  if (!query.after.empty() && job.job_id() >= query.after) return false;
  if (!query.states.empty() &&
      std::find(query.states.begin(), query.states.end(), job.state()) == query.states.end()) {
    return false;
  }
  if (query.created_after.has_value() && created < *query.created_after) return false;
  if (query.created_before.has_value() && created >= *query.created_before) return false;
  return std::all_of(query.labels.begin(), query.labels.end(), [&job](const auto& label) {
    const auto found = job.labels().find(label.first);
    return found != job.labels().end() && found->second == label.second;
  });
}

}  // namespace

AuditLine SealPlainly(const AuditDraft& draft, int64_t sequence, const std::string& prev_hash) {
  AuditLine line;
  line.sequence = sequence;
  line.line = absl::StrCat(sequence, " ", draft.event(), " ", draft.job().job_id(), " ", prev_hash);
  line.hash = Sha256Hex(line.line);
  return line;
}

// The tables with their faults, shared with the tasks that are still to run.
class FakeJobStore::State : public std::enable_shared_from_this<FakeJobStore::State> {
 public:
  // Does a write on the tables, unless `fault` is an error, and returns what to call afterwards.
  using Write = absl::AnyInvocable<Task(Tables&, const absl::Status& fault)>;

  explicit State(AuditSealer sealer) : tables_(sealer) {}

  void AddWrite(Executor& executor, Write write) {
    {
      MutexLock lock(mutex_);
      writes_.push_back(std::move(write));
    }
    executor.Post([self = shared_from_this()] { self->Commit(); });
  }

  // Everything that waits, unless it is held.
  void Commit() {
    std::vector<Task> callbacks;
    std::function<void()> listener;
    {
      MutexLock lock(mutex_);
      if (holding_) return;
      const size_t lines = tables_.audit.size();
      for (; !writes_.empty(); writes_.pop_front()) {
        callbacks.push_back(writes_.front()(tables_, TakeFault(write_fault_)));
      }
      if (tables_.audit.size() != lines) listener = audit_listener_;
    }
    if (listener) listener();
    for (Task& callback : callbacks) callback();
  }

  template <typename T, typename Read>
  void AddRead(Executor& executor, Callback<T> done, Read read) {
    executor.Post([self = shared_from_this(), done = std::move(done),
                   read = std::move(read)]() mutable { done(self->RunRead<T>(read)); });
  }

  template <typename Look>
  auto Inspect(Look look) const {
    MutexLock lock(mutex_);
    return look(tables_);
  }

  void FailWrites(int count, absl::Status status) {
    MutexLock lock(mutex_);
    write_fault_ = {count, std::move(status)};
  }
  void FailReads(int count, absl::Status status) {
    MutexLock lock(mutex_);
    read_fault_ = {count, std::move(status)};
  }
  void SetHolding(bool holding) {
    MutexLock lock(mutex_);
    holding_ = holding;
  }
  void LoseWrites() {
    std::deque<Write> lost;  // destroyed after the lock: callbacks' captures may call back
    MutexLock lock(mutex_);
    lost.swap(writes_);
  }
  size_t waiting() const {
    MutexLock lock(mutex_);
    return writes_.size();
  }
  int64_t reads() const {
    MutexLock lock(mutex_);
    return reads_;
  }
  void SetAuditListener(std::function<void()> listener) {
    MutexLock lock(mutex_);
    audit_listener_ = std::move(listener);
  }

 private:
  struct Fault {
    int count = 0;
    absl::Status status;
  };

  static absl::Status TakeFault(Fault& fault) {
    if (fault.count == 0) return absl::OkStatus();
    --fault.count;
    return fault.status;
  }

  template <typename T, typename Read>
  absl::StatusOr<T> RunRead(Read& read) {
    MutexLock lock(mutex_);
    ++reads_;
    if (absl::Status fault = TakeFault(read_fault_); !fault.ok()) return fault;
    return read(tables_);
  }

  mutable Mutex mutex_;
  Tables tables_ ABSL_GUARDED_BY(mutex_);
  std::deque<Write> writes_ ABSL_GUARDED_BY(mutex_);
  bool holding_ ABSL_GUARDED_BY(mutex_) = false;
  Fault write_fault_ ABSL_GUARDED_BY(mutex_);
  int64_t reads_ ABSL_GUARDED_BY(mutex_) = 0;
  Fault read_fault_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> audit_listener_ ABSL_GUARDED_BY(mutex_);
};

FakeJobStore::FakeJobStore(Executor& executor, AuditSealer sealer)
    : executor_(executor), state_(std::make_shared<State>(sealer)) {}

FakeJobStore::~FakeJobStore() = default;

void FakeJobStore::FailWrites(int count, absl::Status status) {
  state_->FailWrites(count, std::move(status));
}
void FakeJobStore::FailReads(int count, absl::Status status) {
  state_->FailReads(count, std::move(status));
}
void FakeJobStore::HoldCommits() { state_->SetHolding(true); }
void FakeJobStore::ReleaseCommits() {
  state_->SetHolding(false);
  executor_.Post([state = state_] { state->Commit(); });
}
void FakeJobStore::LoseHeldWrites() { state_->LoseWrites(); }
size_t FakeJobStore::held_writes() const { return state_->waiting(); }
int64_t FakeJobStore::reads() const { return state_->reads(); }
void FakeJobStore::SetAuditListener(std::function<void()> listener) {
  state_->SetAuditListener(std::move(listener));
}

std::optional<JobRecord> FakeJobStore::Find(const std::string& job_id) const {
  return state_->Inspect([&](const Tables& tables) -> std::optional<JobRecord> {
    const auto found = tables.jobs.find(job_id);
    if (found == tables.jobs.end()) return std::nullopt;
    return found->second;
  });
}

std::vector<JobRecord> FakeJobStore::Jobs() const {
  return state_->Inspect([](const Tables& tables) {
    std::vector<JobRecord> records;
    for (const auto& entry : tables.jobs) records.push_back(entry.second);
    return records;
  });
}

std::vector<v1::JobEvent> FakeJobStore::Events(const std::string& job_id) const {
  return state_->Inspect([&](const Tables& tables) {
    const auto found = tables.events.find(job_id);
    return found == tables.events.end() ? std::vector<v1::JobEvent>() : found->second;
  });
}

std::optional<StoredResult> FakeJobStore::Result(const std::string& job_id) const {
  return state_->Inspect([&](const Tables& tables) -> std::optional<StoredResult> {
    const auto found = tables.results.find(job_id);
    if (found == tables.results.end()) return std::nullopt;
    return found->second.stored;
  });
}

std::vector<AuditLine> FakeJobStore::AuditLines() const {
  return state_->Inspect([](const Tables& tables) { return tables.audit; });
}

std::vector<AuditDraft> FakeJobStore::AuditDrafts() const {
  return state_->Inspect([](const Tables& tables) { return tables.drafts; });
}

std::vector<WebhookDelivery> FakeJobStore::Webhooks() const {
  return state_->Inspect([](const Tables& tables) {
    std::vector<WebhookDelivery> deliveries;
    for (const auto& entry : tables.webhooks) deliveries.push_back(entry.second);
    return deliveries;
  });
}

void FakeJobStore::Create(JobWrite write, absl::Time request_ids_since, int max_unfinished,
                          Callback<CreateOutcome> done) {
  state_->AddWrite(
      executor_,
      [write = std::move(write), request_ids_since, max_unfinished, done = std::move(done)](
          Tables& tables, const absl::Status& fault) mutable -> Task {
        absl::StatusOr<CreateOutcome> outcome =
            fault.ok() ? tables.Create(write, request_ids_since, max_unfinished) : fault;
        return [done = std::move(done), outcome = std::move(outcome)]() mutable {
          done(std::move(outcome));
        };
      });
}

void FakeJobStore::Update(JobWrite write, Done done) {
  state_->AddWrite(executor_,
                   [write = std::move(write), done = std::move(done)](
                       Tables& tables, const absl::Status& fault) mutable -> Task {
                     absl::Status status = fault.ok() ? tables.Update(write) : fault;
                     return [done = std::move(done), status]() mutable { done(status); };
                   });
}

void FakeJobStore::Delete(const std::string& job_id, int64_t expected_revision, AuditDraft audit,
                          Done done) {
  state_->AddWrite(executor_,
                   [job_id, expected_revision, audit = std::move(audit), done = std::move(done)](
                       Tables& tables, const absl::Status& fault) mutable -> Task {
                     absl::Status status =
                         fault.ok() ? tables.Delete(job_id, expected_revision, audit) : fault;
                     return [done = std::move(done), status]() mutable { done(status); };
                   });
}

void FakeJobStore::UpdateWebhook(WebhookDelivery delivery, Done done) {
  state_->AddWrite(executor_,
                   [delivery = std::move(delivery), done = std::move(done)](
                       Tables& tables, const absl::Status& fault) mutable -> Task {
                     absl::Status status = fault;
                     const auto found = tables.webhooks.find(delivery.message_id());
                     if (status.ok() && found == tables.webhooks.end()) {
                       status = WebhookNotFoundError(delivery.message_id());
                     }
                     if (status.ok()) found->second = delivery;
                     return [done = std::move(done), status]() mutable { done(status); };
                   });
}

void FakeJobStore::Get(const std::string& job_id, Callback<JobRecord> done) {
  state_->AddRead<JobRecord>(executor_, std::move(done),
                             [job_id](const Tables& tables) -> absl::StatusOr<JobRecord> {
                               const auto found = tables.jobs.find(job_id);
                               if (found == tables.jobs.end()) return JobNotFoundError(job_id);
                               return found->second;
                             });
}

void FakeJobStore::GetMany(std::vector<std::string> job_ids,
                           Callback<std::vector<JobRecord>> done) {
  state_->AddRead<std::vector<JobRecord>>(executor_, std::move(done),
                                          [job_ids = std::move(job_ids)](const Tables& tables) {
                                            std::vector<JobRecord> records;
                                            for (const std::string& job_id : job_ids) {
                                              const auto found = tables.jobs.find(job_id);
                                              if (found != tables.jobs.end())
                                                records.push_back(found->second);
                                            }
                                            return records;
                                          });
}

void FakeJobStore::List(JobQuery query, Callback<std::vector<JobRecord>> done) {
  state_->AddRead<std::vector<JobRecord>>(
      executor_, std::move(done), [query = std::move(query)](const Tables& tables) {
        std::vector<JobRecord> page;
        int64_t bytes = 0;
        for (auto entry = tables.jobs.rbegin(); entry != tables.jobs.rend(); ++entry) {
          if (static_cast<int>(page.size()) >= query.limit) break;
          if (query.max_bytes > 0 && bytes > query.max_bytes) break;
          if (!Matches(entry->second, query)) continue;
          page.push_back(entry->second);
          bytes += static_cast<int64_t>(entry->second.ByteSizeLong());
        }
        return page;
      });
}

void FakeJobStore::ListEvents(const std::string& job_id, int64_t after, int limit,
                              Callback<std::vector<std::pair<int64_t, v1::JobEvent>>> done) {
  using Events = std::vector<std::pair<int64_t, v1::JobEvent>>;
  state_->AddRead<Events>(executor_, std::move(done),
                          [job_id, after, limit](const Tables& tables) -> absl::StatusOr<Events> {
                            if (tables.jobs.count(job_id) == 0) return JobNotFoundError(job_id);
                            Events page;
                            const auto& log = tables.events.at(job_id);
                            for (size_t i = 0; i < log.size(); ++i) {
                              const auto number = static_cast<int64_t>(i) + 1;
                              if (static_cast<int>(page.size()) >= limit) break;
                              if (number > after) page.emplace_back(number, log[i]);
                            }
                            return page;
                          });
}

void FakeJobStore::GetResult(const std::string& job_id, int first_segment, int64_t max_bytes,
                             Callback<ResultPage> done) {
  state_->AddRead<ResultPage>(executor_, std::move(done),
                              [job_id, first_segment, max_bytes](const Tables& tables) {
                                return tables.Page(job_id, first_segment, max_bytes);
                              });
}

void FakeJobStore::ListUnfinished(Callback<std::vector<JobRecord>> done) {
  state_->AddRead<std::vector<JobRecord>>(executor_, std::move(done), [](const Tables& tables) {
    std::vector<JobRecord> records;
    for (const auto& entry : tables.jobs) {
      if (!IsEnd(entry.second.job().state())) records.push_back(entry.second);
    }
    return records;
  });
}

void FakeJobStore::ListPendingWebhooks(int limit, Callback<std::vector<WebhookDelivery>> done) {
  state_->AddRead<std::vector<WebhookDelivery>>(
      executor_, std::move(done), [limit](const Tables& tables) {
        std::vector<WebhookDelivery> pending;
        for (const auto& entry : tables.webhooks) {
          if (!entry.second.has_done_time()) pending.push_back(entry.second);
        }
        std::stable_sort(pending.begin(), pending.end(), [](const auto& a, const auto& b) {
          return FromTimestamp(a.next_attempt_time()) < FromTimestamp(b.next_attempt_time());
        });
        if (static_cast<int>(pending.size()) > limit) {
          pending.resize(static_cast<size_t>(std::max(limit, 0)));
        }
        return pending;
      });
}

void FakeJobStore::ListAuditLines(int64_t after_sequence, int limit,
                                  Callback<std::vector<AuditLine>> done) {
  state_->AddRead<std::vector<AuditLine>>(executor_, std::move(done),
                                          [after_sequence, limit](const Tables& tables) {
                                            std::vector<AuditLine> lines;
                                            for (const AuditLine& line : tables.audit) {
                                              if (static_cast<int>(lines.size()) >= limit) break;
                                              if (line.sequence > after_sequence)
                                                lines.push_back(line);
                                            }
                                            return lines;
                                          });
}

void FakeJobStore::GetAuditHead(Callback<AuditLine> done) {
  state_->AddRead<AuditLine>(executor_, std::move(done), [](const Tables& tables) {
    return tables.audit.empty() ? AuditLine() : tables.audit.back();
  });
}

}  // namespace cxscribe
