// Whether the plugin stops when it is told to.
#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include "plugins/check/checks.h"
#include "plugins/check/samples.h"
#include "plugins/host/limits.h"
#include "server/base/mutex.h"

namespace cxscribe {
namespace {

constexpr absl::Duration kMayTake = absl::Milliseconds(100);
// A busy machine makes anybody late now and then; nobody is late by chance so often.
constexpr int kAttempts = 4;
// So late is not by chance.
constexpr absl::Duration kHopeless = absl::Seconds(1);
// A call must take so long to be stopped half-way.
constexpr absl::Duration kLongEnough = absl::Milliseconds(400);
// Where in the call it is stopped, in parts of its duration.
constexpr double kWhen[] = {0.05, 0.35, 0.7};

enum class How { kCancel, kDeadline };

// Sets a flag after a while, unless it is destroyed before.
class Canceller {
 public:
  explicit Canceller(absl::Duration after)
      : flag_(std::make_shared<std::atomic<bool>>(false)),
        thread_([this, after] { Wait(after); }) {}
  ~Canceller() {
    {
      MutexLock lock(mutex_);
      stop_ = true;
      wake_.NotifyAll();
    }
    thread_.join();
  }
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;

  std::shared_ptr<const std::atomic<bool>> flag() const { return flag_; }

 private:
  void Wait(absl::Duration after) {
    const absl::Time when = absl::Now() + after;
    MutexLock lock(mutex_);
    while (!stop_ && absl::Now() < when) wake_.WaitFor(mutex_, when - absl::Now());
    flag_->store(true);
  }

  const std::shared_ptr<std::atomic<bool>> flag_;
  Mutex mutex_;
  CondVar wake_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

struct Measured {
  absl::Duration duration;
  absl::Status status;
};

// One call that is stopped after a while. Only the plugin is measured, not what the host prepares.
Measured Measure(Subject& subject, PluginInstance& instance, const v1::Transcript& transcript,
                 How how, absl::Duration after) {
  auto encoded = EncodedTranscript::Encode(transcript);
  if (!encoded.ok()) return {absl::ZeroDuration(), encoded.status()};
  std::unique_ptr<Canceller> canceller;
  Subject::Stop stop;
  if (how == How::kCancel && after != absl::InfiniteDuration()) {
    canceller = std::make_unique<Canceller>(after);
    stop.cancelled = canceller->flag();
  } else {
    stop.timeout = after;
  }
  const std::unique_ptr<LocalCall> call = subject.MakeCall(*std::move(encoded), stop);
  const absl::Time start = absl::Now();
  call->Execute(instance);
  const absl::Duration took = absl::Now() - start;
  return {took, call->TakeResult().status()};
}

// What a call takes that nobody stops.
struct Whole {
  v1::Transcript transcript;
  Measured measured;
};

// One recording, longer and longer until the plugin is busy with it for a while.
Whole LongCall(Subject& subject, PluginInstance& instance) {
  Whole whole;
  ConversationShape shape;
  shape.words = false;
  shape.text_bytes = 100;
  // The last one is just below the limits on texts.
  for (const int segments : {10'000, 60'000, 200'000, static_cast<int>(kMaxSegments)}) {
    shape.segments = segments;
    whole.transcript = Conversation(shape);
    subject.Phase(absl::StrCat("process, ", segments, " segments"));
    whole.measured =
        Measure(subject, instance, whole.transcript, How::kDeadline, absl::InfiniteDuration());
    if (!whole.measured.status.ok() || whole.measured.duration >= kLongEnough) break;
  }
  return whole;
}

Verdict Stops(Subject& subject, How how) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  const auto instance = subject.Create();
  if (!instance.ok()) return Fail(ShortMessage(instance.status()));
  const Whole whole = LongCall(subject, **instance);
  if (!whole.measured.status.ok()) return Fail(ShortMessage(whole.measured.status));
  const std::string size = absl::StrCat(whole.transcript.segments_size(), " segments");
  const char* event = how == How::kCancel ? "being cancelled" : "its deadline";
  absl::Duration worst;
  for (const double part : kWhen) {
    const absl::Duration after = whole.measured.duration * part;
    subject.Phase(absl::StrCat("process, ", size, ", stopped after ",
                               absl::ToInt64Milliseconds(after), " ms"));
    absl::Duration best = absl::InfiniteDuration();
    for (int attempt = 0; attempt < kAttempts && best > kMayTake; ++attempt) {
      const Measured stopped = Measure(subject, **instance, whole.transcript, how, after);
      const absl::Status& status = stopped.status;
      if (!status.ok() && !absl::IsCancelled(status) && !absl::IsDeadlineExceeded(status)) {
        return Fail(absl::StrCat("after ", event, " it failed with another error than ",
                                 "CX_CANCELLED: ", ShortMessage(status)));
      }
      best = std::min(best, std::max(stopped.duration - after, absl::ZeroDuration()));
      if (best > kHopeless) break;
    }
    worst = std::max(worst, best);
  }
  const int64_t late = absl::ToInt64Milliseconds(worst);
  const int64_t all = absl::ToInt64Milliseconds(whole.measured.duration);
  if (worst > kMayTake) {
    return Fail(absl::StrCat("it went on for ", late, " ms after ", event, " (", size, " take ",
                             all, " ms): ask is_cancelled once per segment"));
  }
  if (whole.measured.duration <= kMayTake) {
    return Pass(absl::StrCat(size, " take only ", all, " ms"));
  }
  return Pass(absl::StrCat("after ", late, " ms; ", size, " take ", all, " ms"));
}

}  // namespace

Verdict CheckCancel(Subject& subject) { return Stops(subject, How::kCancel); }
Verdict CheckDeadline(Subject& subject) { return Stops(subject, How::kDeadline); }

}  // namespace cxscribe
