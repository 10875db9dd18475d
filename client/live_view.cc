#include "client/live_view.h"

#include <algorithm>

#include <absl/strings/str_cat.h>

namespace cxscribe::client {
namespace {

constexpr int kWidestBar = 32;
constexpr int kTableBar = 12;
constexpr int kStateWidth = 15;  // NEEDS_ATTENTION

// What to show of a job's progress: its own, or a better estimate with a tilde.
int ShownPercent(const v1::Job& job) {
  if (job.state() == v1::JOB_STATE_SUCCEEDED) return 100;
  return std::clamp(std::max(job.progress_percent(), job.estimated_percent()), 0, 100);
}

std::string PercentText(const v1::Job& job) {
  const bool is_estimate =
      !IsEndState(job.state()) && job.estimated_percent() > job.progress_percent();
  return PadLeft(absl::StrCat(is_estimate ? "~" : "", ShownPercent(job), "%"), 5);
}

std::string TimeText(const v1::Job& job, const View& view) {
  if (!job.has_create_time()) return "";
  const absl::Time end = job.has_end_time() ? FromTimestamp(job.end_time()) : view.now;
  std::string text = HumanDuration(end - FromTimestamp(job.create_time()));
  if (!IsEndState(job.state()) && job.has_estimated_end_time()) {
    const absl::Duration left = FromTimestamp(job.estimated_end_time()) - view.now;
    if (left > absl::ZeroDuration()) {
      absl::StrAppend(&text, ", about ", HumanDuration(left), " left");
    }
  }
  return text;
}

// Whole seconds read better on a line that changes every second.
View WholeSeconds(View view) {
  view.now = absl::FromUnixSeconds(absl::ToUnixSeconds(view.now));
  return view;
}

std::string JobLine(const v1::Job& job, const View& view, int bar_limit) {
  const std::string id = Neutralise(job.job_id());
  if (job.state() == v1::JOB_STATE_UNSPECIFIED) return Truncate(id, view.width);
  const std::string state = PadRight(StateName(job.state()), kStateWidth);
  const std::string percent = PercentText(job);
  const std::string time = TimeText(job, view);
  const int fixed = DisplayWidth(id) + 2 + kStateWidth + 2 + 1 + 5 + 2 + DisplayWidth(time);
  const int bar = std::min(bar_limit, view.width - fixed);
  const auto with_bar = [&](const std::string& bar_text) {
    return absl::StrCat(id, "  ", Paint(state, StyleOf(job.state()), view.colour), "  ", bar_text,
                        percent, "  ", time);
  };
  if (bar >= 6) return with_bar(ProgressBar(ShownPercent(job), bar) + " ");
  const std::string plain = absl::StrCat(id, "  ", StateName(job.state()), percent);
  return Truncate(plain, view.width);
}

std::string Summary(const std::vector<v1::Job>& jobs, size_t shown) {
  size_t ended = 0;
  size_t unhappy = 0;
  for (const v1::Job& job : jobs) {
    if (!IsEndState(job.state())) continue;
    ++ended;
    if (job.state() != v1::JOB_STATE_SUCCEEDED) ++unhappy;
  }
  std::string text = absl::StrCat(ended, " of ", jobs.size(), " ended");
  if (unhappy > 0) absl::StrAppend(&text, ", ", unhappy, " not succeeded");
  if (shown < jobs.size()) absl::StrAppend(&text, ", ", jobs.size() - shown, " not shown");
  return text;
}

}  // namespace

std::string ProgressBar(int percent, int width) {
  const int inside = std::max(1, width - 2);
  const int filled = std::clamp(percent, 0, 100) * inside / 100;
  std::string bar(static_cast<size_t>(filled), '=');
  if (filled > 0 && filled < inside) bar.back() = '>';
  bar.resize(static_cast<size_t>(inside), ' ');
  return "[" + bar + "]";
}

std::vector<std::string> RenderLive(const std::vector<v1::Job>& jobs, const View& real_view,
                                    int max_lines) {
  const View view = WholeSeconds(real_view);
  if (jobs.size() == 1) return {JobLine(jobs.front(), view, kWidestBar)};
  std::vector<const v1::Job*> order;
  order.reserve(jobs.size());
  for (const v1::Job& job : jobs) order.push_back(&job);
  const auto room = static_cast<size_t>(std::max(1, max_lines - 1));
  if (order.size() > room) {
    std::stable_partition(order.begin(), order.end(),
                          [](const v1::Job* job) { return !IsEndState(job->state()); });
    order.resize(room);
  }
  std::vector<std::string> lines;
  lines.reserve(order.size() + 1);
  for (const v1::Job* job : order) lines.push_back(JobLine(*job, view, kTableBar));
  lines.push_back(
      Paint(Truncate(Summary(jobs, order.size()), view.width), Style::kDim, view.colour));
  return lines;
}

std::string LiveBlock::MoveToTop() const {
  if (drawn_ <= 1) return "\r";
  return absl::StrCat("\r\x1b[", drawn_ - 1, "A");
}

std::string LiveBlock::Draw(const std::vector<std::string>& lines) {
  if (lines.empty()) return Clear();
  std::string out = MoveToTop();
  for (size_t i = 0; i < lines.size(); ++i) {
    absl::StrAppend(&out, i == 0 ? "" : "\n", lines[i], "\x1b[K");
  }
  out += "\x1b[J";  // lines of a taller picture
  drawn_ = lines.size();
  return out;
}

std::string LiveBlock::Clear() {
  if (drawn_ == 0) return "";
  std::string out = MoveToTop() + "\x1b[J";
  drawn_ = 0;
  return out;
}

}  // namespace cxscribe::client
