#include "plugins/host/call.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace cxscribe {
namespace {

cx_string Borrow(const std::string& text) { return cx_string{text.data(), text.size()}; }

// What emitting answers once the call is lost: its violation is an INTERNAL error.
cx_code Emitted(bool ok) { return ok ? CX_OK : CX_INTERNAL; }

}  // namespace

Call::Call(const PluginIdentity& identity, PluginKind kind, const RunContext& context,
           std::unique_ptr<const EncodedTranscript> transcript, SteadyTime deadline,
           OutputTarget& target)
    : identity_(identity),
      language_(context.language),
      redaction_policy_(context.redaction_policy),
      entity_types_(context.entity_types),
      labels_(context.labels),
      cancelled_(context.cancelled),
      transcript_(std::move(transcript)),
      deadline_(deadline),
      checker_(identity_, kind, *transcript_, target) {
  for (const std::string& type : entity_types_) raw_entity_types_.push_back(Borrow(type));
  for (const auto& [key, value] : labels_) {
    raw_labels_.push_back(cx_label{Borrow(key), Borrow(value)});
  }
  raw_context_.struct_size = sizeof(raw_context_);
  raw_context_.host_data = this;
  raw_context_.stage = Borrow(identity_.stage);
  raw_context_.language = Borrow(language_);
  raw_context_.redaction_policy = Borrow(redaction_policy_);
  raw_context_.entity_types = raw_entity_types_.data();
  raw_context_.entity_type_count = raw_entity_types_.size();
  raw_context_.labels = raw_labels_.data();
  raw_context_.label_count = raw_labels_.size();
  raw_context_.label_stride = sizeof(cx_label);
  raw_context_.is_cancelled = &IsCancelled;
  raw_context_.remaining_ns = &Remaining;
  raw_context_.set_progress = &SetProgress;
  raw_context_.log = &Log;

  raw_sink_.struct_size = sizeof(raw_sink_);
  raw_sink_.host_data = this;
  raw_sink_.emit_segment = &EmitSegment;
  raw_sink_.emit_finding = &EmitFinding;
  raw_sink_.emit_annotation = &EmitAnnotation;
  raw_sink_.set_outcome = &SetOutcome;
  raw_sink_.fail = &Fail;
}

void Call::Execute(PluginInstance& instance) {
  bool threw = false;
  const cx_code code = instance.Process(&raw_context_, transcript_->raw(), &raw_sink_, threw);
  absl::Status status = Result(code, threw);
  std::vector<v1::ResourceDigest> resources = instance.Resources();
  MutexLock lock(mutex_);
  status_ = std::move(status);
  resources_ = std::move(resources);
}

absl::Status Call::Result(cx_code code, bool threw) {
  if (threw) {
    return PluginViolation(identity_, "process threw an exception across the boundary");
  }
  // A violation comes first: what a plugin says after it was refused follows from that.
  if (!checker_.violation().ok()) return checker_.violation();
  if (!failure_.ok()) return failure_;
  if (code != CX_OK) return PluginOwnError(identity_, "process", code, "", "");
  return checker_.Finish();
}

void Call::MarkDone() {
  MutexLock lock(mutex_);
  done_ = true;
  changed_.NotifyAll();
}

bool Call::Wait(absl::Duration at_most) {
  MutexLock lock(mutex_);
  if (!done_ && log_.empty() && !progress_.has_value()) changed_.WaitFor(mutex_, at_most);
  return done_;
}

void Call::Deliver(const RunContext& context) {
  std::vector<PluginLogLine> lines;
  std::optional<double> progress;
  {
    MutexLock lock(mutex_);
    lines = log_.Take(/*last=*/done_);
    progress = std::exchange(progress_, std::nullopt);
  }
  DeliverLog(lines, context.log);
  if (progress.has_value() && context.progress != nullptr) context.progress(*progress);
}

absl::Status Call::status() {
  MutexLock lock(mutex_);
  return status_;
}

std::vector<v1::ResourceDigest> Call::resources() {
  MutexLock lock(mutex_);
  return resources_;
}

absl::StatusOr<RunOutput> LocalCall::TakeResult() {
  if (absl::Status status = Call::status(); !status.ok()) return status;
  RunOutput output = builder_.Take();
  output.resources = resources();
  return output;
}

bool Call::ShouldStop() const {
  return stop_.load(std::memory_order_relaxed) ||
         (cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed)) ||
         (deadline_ != SteadyTime::max() && std::chrono::steady_clock::now() >= deadline_);
}

int64_t Call::RemainingNanoseconds() const {
  if (deadline_ == SteadyTime::max()) return std::numeric_limits<int64_t>::max();
  const auto left = deadline_ - std::chrono::steady_clock::now();
  return std::max<int64_t>(0, std::chrono::nanoseconds(left).count());
}

int32_t Call::IsCancelled(const cx_context* context) noexcept {
  return Self(context).ShouldStop() ? 1 : 0;
}

int64_t Call::Remaining(const cx_context* context) noexcept {
  return Self(context).RemainingNanoseconds();
}

void Call::SetProgress(const cx_context* context, double fraction) noexcept {
  if (!(fraction >= 0)) return;  // nor NaN
  Call& self = Self(context);
  {
    MutexLock lock(self.mutex_);
    self.progress_ = std::min(fraction, 1.0);
    self.changed_.NotifyAll();
  }
  if (self.notify_) self.notify_();
}

void Call::Log(const cx_context* context, cx_log_level level, cx_string message) noexcept {
  Call& self = Self(context);
  {
    MutexLock lock(self.mutex_);
    self.log_.Add(level, message);
    self.changed_.NotifyAll();
  }
  if (self.notify_) self.notify_();
}

cx_code Call::EmitSegment(const cx_sink* sink, const cx_segment* segment) noexcept {
  return Emitted(Self(sink).checker_.AddSegment(segment));
}

cx_code Call::EmitFinding(const cx_sink* sink, const cx_finding* finding) noexcept {
  return Emitted(Self(sink).checker_.AddFinding(finding));
}

cx_code Call::EmitAnnotation(const cx_sink* sink, const cx_annotation* annotation) noexcept {
  return Emitted(Self(sink).checker_.AddAnnotation(annotation));
}

cx_code Call::SetOutcome(const cx_sink* sink, cx_outcome outcome, cx_string reason) noexcept {
  return Emitted(Self(sink).checker_.SetOutcome(outcome, reason));
}

void Call::Fail(const cx_sink* sink, cx_code code, cx_string reason, cx_string message) noexcept {
  Call& self = Self(sink);
  if (!self.failure_.ok()) return;  // the first reason is the cause
  self.failure_ = PluginOwnError(self.identity_, "process", code, ViewOf(reason), ViewOf(message));
}

}  // namespace cxscribe
