#include "server/webhook/deliverer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>

#include "server/base/timestamp.h"
#include "server/base/version.h"
#include "server/telemetry/log.h"
#include "server/webhook/policy.h"
#include "server/webhook/signature.h"

namespace cxscribe {
namespace {

using internal::v1::WebhookDelivery;

// A receiver that asks for more is asked again after this.
constexpr absl::Duration kLongestRetryAfter = absl::Hours(24);
// Between tries of a store that fails.
constexpr absl::Duration kFirstStoreBackoff = absl::Seconds(1);
constexpr absl::Duration kLongestStoreBackoff = absl::Minutes(1);
// The page grows up to this while the messages of a few slow hosts fill it.
constexpr int kLargestPage = 8192;

constexpr double kJitter = 0.1;

// An empty secret is a choice: webhooks are then refused at Submit. Another that is none was
// refused when the settings were loaded; who makes settings otherwise is told here.
absl::StatusOr<WebhookSigner> MakeSigner(const Secret& secret) {
  absl::StatusOr<WebhookSigner> signer = WebhookSigner::Create(secret.Reveal());
  if (!signer.ok() && !secret.empty()) {
    LogError("webhook_secret_unusable", {{"error", std::string(signer.status().message())}});
  }
  return signer;
}

// "host:port": what the limit per host counts by, and all of a URL that may be logged.
std::string HostOf(const std::string& url) {
  const absl::StatusOr<WebhookTarget> target = ParseWebhookUrl(url);
  return target.ok() ? absl::StrCat(target->host, ":", target->port) : "invalid";
}

}  // namespace

// Runs on the executor only, so it needs no lock. Callbacks hold it weakly.
class WebhookDeliverer::State : public std::enable_shared_from_this<State> {
 public:
  State(const WebhookSettings& settings, TimerExecutor& executor, Random& random, JobStore& store,
        WebhookSender& sender, Metrics& metrics, Limits limits)
      : settings_(settings),
        policy_(settings),
        secret_(settings.signing_secret),
        signer_(MakeSigner(secret_)),
        executor_(executor),
        random_(random),
        store_(store),
        sender_(sender),
        metrics_(metrics),
        limits_(limits),
        page_(limits.page) {}

  // Reads the store's pending messages; one read at a time.
  void Load();

  void SetSigningSecret(const Secret& secret);

 private:
  // A message in hand.
  struct Message {
    WebhookDelivery row;
    std::string host;
    absl::Time due;
  };

  void Loaded(absl::StatusOr<std::vector<WebhookDelivery>> rows);
  // Starts what is due and within the limits, and sets the timer for what is due next.
  void Pump();
  void Attempt(Message message);
  void Attempted(const std::string& id, const absl::StatusOr<WebhookResponse>& response);
  // Notes in the row what the attempt came to. Returns the metric's result.
  std::string_view Judge(const absl::StatusOr<WebhookResponse>& response, WebhookDelivery& row);
  void Save(const std::string& id, absl::Duration backoff);
  void Saved(const std::string& id, absl::Duration backoff, const absl::Status& status);

  // A task for the executor that does nothing once the deliverer is gone.
  template <typename F>
  Task Weakly(F function) {
    return [weak = weak_from_this(), function = std::move(function)]() mutable {
      if (const std::shared_ptr<State> self = weak.lock()) function(*self);
    };
  }

  const WebhookSettings& settings_;
  const WebhookPolicy policy_;
  Secret secret_;
  absl::StatusOr<WebhookSigner> signer_;
  // What came before them, and until when it signs too.
  absl::StatusOr<WebhookSigner> previous_signer_ = absl::NotFoundError("no earlier secret");
  absl::Time previous_until_ = absl::InfinitePast();
  TimerExecutor& executor_;
  Random& random_;
  JobStore& store_;
  WebhookSender& sender_;
  Metrics& metrics_;
  const Limits limits_;

  // By message id: read and waiting for their time or for a free slot; and from the attempt until
  // its outcome is stored.
  std::map<std::string, Message> waiting_;
  std::map<std::string, Message> active_;
  int in_flight_ = 0;
  std::map<std::string, int> in_flight_by_host_;
  // Outcomes that the store refused. While there are any, nothing more is sent: what cannot be
  // noted would be sent again after a restart.
  int unsaved_ = 0;

  bool loading_ = false;
  bool load_again_ = false;
  // Ids whose outcome was stored while a read was under way: it may hold their older rows.
  std::set<std::string> settled_while_loading_;
  int page_;
  bool page_full_ = false;  // the store holds more than was read
  TimerExecutor::TimerId timer_ = 0;
};

void WebhookDeliverer::State::Load() {
  if (loading_) {
    load_again_ = true;
    return;
  }
  loading_ = true;
  load_again_ = false;
  settled_while_loading_.clear();
  store_.ListPendingWebhooks(page_, [weak = weak_from_this(), &executor = executor_](
                                        absl::StatusOr<std::vector<WebhookDelivery>> rows) {
    executor.Post([weak, rows = std::move(rows)]() mutable {
      if (const std::shared_ptr<State> self = weak.lock()) self->Loaded(std::move(rows));
    });
  });
}

void WebhookDeliverer::State::SetSigningSecret(const Secret& secret) {
  if (secret.Reveal() == secret_.Reveal()) return;
  absl::StatusOr<WebhookSigner> signer = MakeSigner(secret);
  if (!signer.ok()) return;
  secret_ = secret;
  previous_signer_ = std::exchange(signer_, std::move(signer));
  previous_until_ = executor_.Now() + kSigningOverlap;
}

void WebhookDeliverer::State::Loaded(absl::StatusOr<std::vector<WebhookDelivery>> rows) {
  loading_ = false;
  if (!rows.ok()) {
    LogWarn("webhook_outbox_unreadable", {{"error", DescribeForLog(rows.status())}});
    loading_ = true;  // until then, Load only notes that it was asked for
    executor_.PostAfter(kFirstStoreBackoff, Weakly([](State& self) {
                          self.loading_ = false;
                          self.Load();
                        }));
    return;
  }
  page_full_ = rows->size() >= static_cast<size_t>(page_);
  if (rows->size() < static_cast<size_t>(limits_.page)) page_ = limits_.page;

  std::map<std::string, Message> waiting;
  for (const std::string& id : settled_while_loading_) {
    if (auto fresher = waiting_.extract(id)) waiting.insert(std::move(fresher));
  }
  for (WebhookDelivery& row : *rows) {
    const std::string id = row.message_id();
    if (active_.count(id) != 0 || settled_while_loading_.count(id) != 0) continue;
    Message message;
    message.host = HostOf(row.url());
    message.due = FromTimestamp(row.next_attempt_time());
    message.row = std::move(row);
    waiting.emplace(id, std::move(message));
  }
  waiting_ = std::move(waiting);
  if (load_again_) Load();
  Pump();
}

void WebhookDeliverer::State::Pump() {
  if (unsaved_ > 0) return;  // Saved calls again

  std::vector<std::pair<absl::Time, std::string>> by_time;
  by_time.reserve(waiting_.size());
  for (const auto& [id, message] : waiting_) by_time.emplace_back(message.due, id);
  std::sort(by_time.begin(), by_time.end());

  const absl::Time now = executor_.Now();
  bool host_busy = false;
  absl::Time next = absl::InfiniteFuture();
  for (const auto& [due, id] : by_time) {
    if (due > now) {
      next = due;
      break;
    }
    if (in_flight_ >= limits_.in_flight) break;
    const auto found = waiting_.find(id);
    const auto host = in_flight_by_host_.find(found->second.host);
    if (host != in_flight_by_host_.end() && host->second >= limits_.in_flight_per_host) {
      host_busy = true;
      continue;
    }
    Message message = std::move(found->second);
    waiting_.erase(found);
    Attempt(std::move(message));
  }

  if (timer_ != 0) executor_.Cancel(timer_);
  timer_ = 0;
  if (next != absl::InfiniteFuture()) {
    timer_ = executor_.PostAt(next, Weakly([](State& self) {
                                self.timer_ = 0;
                                self.Pump();
                              }));
  }

  // Slow hosts fill the page, and there is room for others: look further.
  if (host_busy && page_full_ && in_flight_ < limits_.in_flight && page_ < kLargestPage) {
    page_ = std::min(page_ * 2, kLargestPage);
    Load();
  }
}

void WebhookDeliverer::State::Attempt(Message message) {
  const std::string id = message.row.message_id();
  ++in_flight_;
  ++in_flight_by_host_[message.host];
  const WebhookDelivery& row = active_.emplace(id, std::move(message)).first->second.row;

  // Settings may have changed since Submit allowed the target.
  absl::Status allowed = policy_.CheckUrl(row.url());
  if (allowed.ok()) allowed = signer_.status();
  if (!allowed.ok()) {
    executor_.Post(Weakly([id, allowed](State& self) { self.Attempted(id, allowed); }));
    return;
  }

  WebhookRequest request;
  request.url = row.url();
  request.body = row.payload();
  request.timeout = settings_.timeout;
  const absl::Time now = executor_.Now();
  const bool overlap = previous_signer_.ok() && now < previous_until_;
  request.headers = signer_->Headers(row.message_id(), now, row.payload(),
                                     overlap ? &*previous_signer_ : nullptr);
  request.headers.emplace_back("content-type", "application/json");
  request.headers.emplace_back("user-agent", absl::StrCat("cxscribe/", kVersion));
  sender_.Send(std::move(request), [weak = weak_from_this(), &executor = executor_,
                                    id](absl::StatusOr<WebhookResponse> response) {
    executor.Post([weak, id, response = std::move(response)] {
      if (const std::shared_ptr<State> self = weak.lock()) {
        self->Attempted(id, response);
      }
    });
  });
}

void WebhookDeliverer::State::Attempted(const std::string& id,
                                        const absl::StatusOr<WebhookResponse>& response) {
  Message& message = active_.at(id);
  --in_flight_;
  const auto host = in_flight_by_host_.find(message.host);
  if (--host->second == 0) in_flight_by_host_.erase(host);

  if (absl::IsCancelled(response.status())) {  // the process is ending; the store keeps the message
    active_.erase(id);
    return;
  }
  WebhookDelivery& row = message.row;
  const std::string_view result = Judge(response, row);
  message.due = FromTimestamp(row.next_attempt_time());
  metrics_.WebhookAttempted(result);
  Log(row.delivered() ? LogLevel::kInfo : LogLevel::kWarn, "webhook_attempted",
      {{"job_id", row.job_id()},
       {"trace_id", row.trace_id()},
       {"message_id", row.message_id()},
       {"host", message.host},
       {"result", result},
       {"attempt", row.attempts()},
       {"http_status", row.last_status()},
       {"error", row.last_error()}});
  Save(id, kFirstStoreBackoff);
  Pump();
}

std::string_view WebhookDeliverer::State::Judge(const absl::StatusOr<WebhookResponse>& response,
                                                WebhookDelivery& row) {
  const absl::Time now = executor_.Now();
  row.set_attempts(row.attempts() + 1);
  row.set_last_status(response.ok() ? response->status : 0);
  row.clear_last_error();

  const auto end = [&row, now](bool delivered) {
    row.set_delivered(delivered);
    *row.mutable_done_time() = ToTimestamp(now);
  };
  if (response.ok() && response->status >= 200 && response->status < 300) {
    end(true);
    return "delivered";
  }
  row.set_last_error(response.ok() ? absl::StrCat("HTTP ", response->status)
                                   : std::string(response.status().message()));
  if (response.ok() && response->status == 410) {
    end(false);
    return "gone";
  }
  const auto retry = static_cast<size_t>(row.attempts() - 1);
  if (retry >= settings_.retry_schedule.size()) {
    end(false);
    return "exhausted";
  }
  // Spread out what failed together, so that it does not come back together.
  absl::Duration delay =
      settings_.retry_schedule[retry] * (1 - kJitter + 2 * kJitter * random_.NextDouble());
  if (response.ok() && response->retry_after.has_value()) {
    delay = std::max(delay, std::min(*response->retry_after, kLongestRetryAfter));
  }
  *row.mutable_next_attempt_time() = ToTimestamp(now + delay);
  return "retried";
}

void WebhookDeliverer::State::Save(const std::string& id, absl::Duration backoff) {
  store_.UpdateWebhook(active_.at(id).row, [weak = weak_from_this(), &executor = executor_, id,
                                            backoff](const absl::Status& status) {
    executor.Post([weak, id, backoff, status] {
      if (const std::shared_ptr<State> self = weak.lock()) self->Saved(id, backoff, status);
    });
  });
}

void WebhookDeliverer::State::Saved(const std::string& id, absl::Duration backoff,
                                    const absl::Status& status) {
  const bool first_try = backoff == kFirstStoreBackoff;
  // A row that is not there any more has no outcome to note.
  if (!status.ok() && !absl::IsNotFound(status)) {
    if (first_try) ++unsaved_;
    const WebhookDelivery& row = active_.at(id).row;
    LogWarn("webhook_outcome_unsaved", {{"job_id", row.job_id()},
                                        {"trace_id", row.trace_id()},
                                        {"message_id", id},
                                        {"error", DescribeForLog(status)}});
    const absl::Duration next = std::min(backoff * 2, kLongestStoreBackoff);
    executor_.PostAfter(backoff, Weakly([id, next](State& self) { self.Save(id, next); }));
    return;
  }
  if (!first_try) --unsaved_;
  auto settled = active_.extract(id);
  if (loading_) settled_while_loading_.insert(id);
  if (status.ok() && !settled.mapped().row.has_done_time()) waiting_.insert(std::move(settled));
  // What lies beyond the page may be due before what is in hand.
  if (page_full_) Load();
  Pump();
}

WebhookDeliverer::WebhookDeliverer(const WebhookSettings& settings, TimerExecutor& executor,
                                   Random& random, JobStore& store, WebhookSender& sender,
                                   Metrics& metrics, Limits limits)
    : state_(std::make_shared<State>(settings, executor, random, store, sender, metrics, limits)),
      executor_(executor) {}

WebhookDeliverer::WebhookDeliverer(const WebhookSettings& settings, TimerExecutor& executor,
                                   Random& random, JobStore& store, WebhookSender& sender,
                                   Metrics& metrics)
    : WebhookDeliverer(settings, executor, random, store, sender, metrics, Limits()) {}

WebhookDeliverer::~WebhookDeliverer() = default;

void WebhookDeliverer::Start() { Notify(); }

void WebhookDeliverer::SetSigningSecret(Secret secret) {
  executor_.Post([weak = std::weak_ptr<State>(state_), secret = std::move(secret)] {
    if (const std::shared_ptr<State> self = weak.lock()) self->SetSigningSecret(secret);
  });
}

void WebhookDeliverer::Notify() {
  executor_.Post([weak = std::weak_ptr<State>(state_)] {
    if (const std::shared_ptr<State> self = weak.lock()) self->Load();
  });
}

}  // namespace cxscribe
