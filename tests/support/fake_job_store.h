// FakeJobStore: a JobStore in memory, on an executor of the test's choice: with a ManualLoop,
// everything happens when the test says so. Held to the real store's behaviour by the contract
// tests in tests/store.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/base/executor.h"
#include "server/job/job_store.h"

namespace cxscribe {

// An AuditSealer for tests that do not look into the lines.
AuditLine SealPlainly(const internal::v1::AuditDraft& draft, int64_t sequence,
                      const std::string& prev_hash);

// Thread-safe. May be destroyed before tasks that it posted have run: they still run, on what it
// held.
class FakeJobStore final : public JobStore {
 public:
  // `executor` must outlive the store.
  explicit FakeJobStore(Executor& executor, AuditSealer sealer = SealPlainly);
  ~FakeJobStore() override;

  // Faults.

  // The next `count` writes fail with `status` and change nothing.
  void FailWrites(int count, absl::Status status);
  // The next `count` reads fail with `status`.
  void FailReads(int count, absl::Status status);
  // From now on writes wait: nothing of them is visible, and no callback runs.
  void HoldCommits();
  // Commits what waits, in order, and stops holding.
  void ReleaseCommits();
  // What a crash before the commit leaves: the waiting writes are gone, and no callback runs.
  void LoseHeldWrites();
  size_t held_writes() const;
  // Reads that were asked for so far.
  int64_t reads() const;

  // What is stored, at once.

  std::optional<internal::v1::JobRecord> Find(const std::string& job_id) const;
  // Every job, oldest first.
  std::vector<internal::v1::JobRecord> Jobs() const;
  std::vector<v1::JobEvent> Events(const std::string& job_id) const;
  std::optional<StoredResult> Result(const std::string& job_id) const;
  std::vector<AuditLine> AuditLines() const;
  // The drafts of AuditLines(), one for each.
  std::vector<internal::v1::AuditDraft> AuditDrafts() const;
  std::vector<internal::v1::WebhookDelivery> Webhooks() const;

  // As SqliteJobStore::SetAuditListener.
  void SetAuditListener(std::function<void()> listener);

  void Create(JobWrite write, absl::Time request_ids_since, int max_unfinished,
              Callback<CreateOutcome> done) override;
  void Update(JobWrite write, Done done) override;
  void Delete(const std::string& job_id, int64_t expected_revision, internal::v1::AuditDraft audit,
              Done done) override;
  void Get(const std::string& job_id, Callback<internal::v1::JobRecord> done) override;
  void GetMany(std::vector<std::string> job_ids,
               Callback<std::vector<internal::v1::JobRecord>> done) override;
  void List(JobQuery query, Callback<std::vector<internal::v1::JobRecord>> done) override;
  void ListEvents(const std::string& job_id, int64_t after, int limit,
                  Callback<std::vector<std::pair<int64_t, v1::JobEvent>>> done) override;
  void GetResult(const std::string& job_id, int first_segment, int64_t max_bytes,
                 Callback<ResultPage> done) override;
  void ListUnfinished(Callback<std::vector<internal::v1::JobRecord>> done) override;
  void ListPendingWebhooks(int limit,
                           Callback<std::vector<internal::v1::WebhookDelivery>> done) override;
  void UpdateWebhook(internal::v1::WebhookDelivery delivery, Done done) override;
  void ListAuditLines(int64_t after_sequence, int limit,
                      Callback<std::vector<AuditLine>> done) override;
  void GetAuditHead(Callback<AuditLine> done) override;

 private:
  class State;

  Executor& executor_;
  const std::shared_ptr<State> state_;
};

}  // namespace cxscribe
