#include "server/audit/projector.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>

#include "server/audit/log_file.h"
#include "server/base/error.h"
#include "server/base/mutex.h"

namespace cxscribe {
namespace {

constexpr int kPageLines = 256;
constexpr absl::Duration kFirstBackoff = absl::Seconds(1);
constexpr absl::Duration kLongestBackoff = absl::Minutes(1);

}  // namespace

// All but the fields under the mutex belongs to the executor. Shared with what still waits there
// and in the store, so that it may outlive the projector.
class AuditProjector::State : public std::enable_shared_from_this<AuditProjector::State> {
 public:
  State(std::string path, JobStore& store, TimerExecutor& executor)
      : path_(std::move(path)), store_(store), executor_(executor) {}

  void Start(absl::AnyInvocable<void(absl::Status)> ready) {
    executor_.Post([self = shared_from_this(), ready = std::move(ready)]() mutable {
      self->ready_ = std::move(ready);
      self->Open();
    });
  }

  void Notify() {
    {
      MutexLock lock(mutex_);
      if (stopped_ || std::exchange(notified_, true)) return;
    }
    executor_.Post([self = shared_from_this()] { self->OnNotified(); });
  }

  void Stop() {
    MutexLock lock(mutex_);
    stopped_ = true;
  }

  absl::Status status() const {
    MutexLock lock(mutex_);
    return status_;
  }

  int64_t written_sequence() const {
    MutexLock lock(mutex_);
    return written_;
  }

 private:
  enum class Phase {
    kNew,        // not started
    kComparing,  // a page is on its way from the store
    kWriting,    // a page is on its way from the store
    kIdle,       // everything known is written
    kFailed,     // a timer will open the file again
  };

  bool stopped() const {
    MutexLock lock(mutex_);
    return stopped_;
  }

  void OnNotified() {
    {
      MutexLock lock(mutex_);
      notified_ = false;
    }
    if (phase_ == Phase::kIdle) {
      phase_ = Phase::kWriting;
      ReadPage();
    } else {
      again_ = true;  // the page under way may be older than the new entry
    }
  }

  void Open() {
    if (stopped()) return;
    absl::StatusOr<std::unique_ptr<AuditLogFile>> file = AuditLogFile::Open(path_);
    if (!file.ok()) return Fail(file.status());
    file_ = *std::move(file);
    sequence_ = 0;
    phase_ = Phase::kComparing;
    ReadPage();
  }

  void ReadPage() {
    again_ = false;
    store_.ListAuditLines(sequence_, kPageLines,
                          [self = shared_from_this()](absl::StatusOr<std::vector<AuditLine>> page) {
                            self->executor_.Post([self, page = std::move(page)] {
                              if (!self->stopped()) self->OnPage(page);
                            });
                          });
  }

  void OnPage(const absl::StatusOr<std::vector<AuditLine>>& page) {
    if (!page.ok()) return Fail(Annotate(page.status(), "reading the audit table"));
    for (size_t i = 0; i < page->size(); ++i) {
      const int64_t expected = sequence_ + static_cast<int64_t>(i) + 1;
      if ((*page)[i].sequence == expected) continue;
      return Fail(ErrorBuilder(absl::StatusCode::kDataLoss, "STORE_CORRUPT",
                               absl::StrCat("the audit table has no entry ", expected,
                                            "; restore the store from a backup"))
                      .Build());
    }
    const bool more = static_cast<int>(page->size()) == kPageLines;
    size_t done = 0;
    if (phase_ == Phase::kComparing && !Compare(*page, more, done)) return;
    if (phase_ == Phase::kWriting && !Write(*page, done)) return;
    if (more || again_) return ReadPage();
    phase_ = Phase::kIdle;
    Succeed();
  }

  // Holds the page against the file. False: failed. `done` is how many lines are in the file
  // already; when those are not all, or the page was the last, writing begins.
  bool Compare(const std::vector<AuditLine>& page, bool more, size_t& done) {
    bool file_ended = false;
    while (done < page.size() && !file_ended) {
      const absl::StatusOr<bool> match = file_->MatchNext(page[done].sequence, page[done].line);
      if (!match.ok()) {
        Fail(match.status());
        return false;
      }
      file_ended = !*match;
      if (!file_ended) sequence_ = page[done++].sequence;
    }
    if (!file_ended && more) return true;
    if (absl::Status status = file_->CutTornTail(sequence_); !status.ok()) {
      Fail(status);
      return false;
    }
    SetWritten();
    phase_ = Phase::kWriting;
    return true;
  }

  // Appends the lines from `begin` on. False: failed.
  bool Write(const std::vector<AuditLine>& page, size_t begin) {
    if (begin == page.size()) return true;
    std::string lines;
    for (size_t i = begin; i < page.size(); ++i) absl::StrAppend(&lines, page[i].line, "\n");
    if (absl::Status status = file_->Append(lines); !status.ok()) {
      Fail(status);
      return false;
    }
    sequence_ = page.back().sequence;
    SetWritten();
    return true;
  }

  void SetWritten() {
    MutexLock lock(mutex_);
    written_ = sequence_;
  }

  void Succeed() {
    backoff_ = kFirstBackoff;
    {
      MutexLock lock(mutex_);
      status_ = absl::OkStatus();
    }
    if (ready_) std::exchange(ready_, nullptr)(absl::OkStatus());
  }

  // Lets go of the file, and tries all of it again later.
  void Fail(const absl::Status& status) {
    file_.reset();
    phase_ = Phase::kFailed;
    {
      MutexLock lock(mutex_);
      status_ = status;
    }
    // A disagreement stays until a person acts; no hurry.
    const bool lasting = status.code() == absl::StatusCode::kFailedPrecondition;
    executor_.PostAfter(lasting ? kLongestBackoff : backoff_, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->Open();
    });
    backoff_ = std::min(backoff_ * 2, kLongestBackoff);
    if (ready_) std::exchange(ready_, nullptr)(status);
  }

  const std::string path_;
  JobStore& store_;
  TimerExecutor& executor_;

  Phase phase_ = Phase::kNew;
  std::unique_ptr<AuditLogFile> file_;
  int64_t sequence_ = 0;  // the last entry that is known to be in the file
  bool again_ = false;    // notified while a page was under way
  absl::Duration backoff_ = kFirstBackoff;
  absl::AnyInvocable<void(absl::Status)> ready_;

  mutable Mutex mutex_;
  bool notified_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_) =
      absl::UnavailableError("the audit file is not open yet");
  int64_t written_ ABSL_GUARDED_BY(mutex_) = 0;
};

AuditProjector::AuditProjector(std::string path, JobStore& store, TimerExecutor& executor)
    : state_(std::make_shared<State>(std::move(path), store, executor)) {}

AuditProjector::~AuditProjector() { state_->Stop(); }

void AuditProjector::Start(absl::AnyInvocable<void(absl::Status)> ready) {
  state_->Start(std::move(ready));
}

std::function<void()> AuditProjector::Notifier() {
  return [state = state_] { state->Notify(); };
}

absl::Status AuditProjector::status() const { return state_->status(); }

int64_t AuditProjector::written_sequence() const { return state_->written_sequence(); }

}  // namespace cxscribe
