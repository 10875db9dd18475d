#include "server/cxone/token_source.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>

#include "server/base/mutex.h"
#include "server/cxone/answers.h"
#include "server/cxone/http_outcome.h"
#include "server/cxone/json_text.h"
#include "server/cxone/url.h"

namespace cxscribe {
namespace {

constexpr absl::Duration kRenewEarly = absl::Seconds(60);
constexpr char kCall[] = "POST to the token URL";

}  // namespace

class TokenSource::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(const AccountSettings& account, HttpSender& http, const Clock& clock)
      : http_(http),
        clock_(clock),
        scope_(account.scope),
        client_id_(account.client_id),
        client_secret_(account.client_secret) {
    request_.method = "POST";
    request_.url = account.token_url;
    request_.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                        {"Accept", "application/json"}};
    request_.connect_timeout = account.connect_timeout;
    request_.timeout = account.request_timeout;
    request_.ca_file = account.ca_file;
  }

  void Get(Callback done) {
    bool fetch = false;
    if (TokenResult current = CurrentOrWait(done, fetch); !current.token.empty()) {
      done(std::move(current));
    } else if (fetch) {
      Fetch();
    }
  }

  void Invalidate(const std::string& token) {
    MutexLock lock(mutex_);
    if (token_ == token) token_.clear();
  }

  void SetCredentials(const std::string& client_id, const Secret& client_secret) {
    MutexLock lock(mutex_);
    client_id_ = client_id;
    if (client_secret.Reveal() == client_secret_.Reveal()) return;
    previous_secret_ = std::exchange(client_secret_, client_secret);
  }

  std::vector<std::string> Secrets() const {
    MutexLock lock(mutex_);
    std::vector<std::string> secrets = {client_secret_.Reveal()};
    if (!previous_secret_.empty()) secrets.push_back(previous_secret_.Reveal());
    return secrets;
  }

 private:
  // The token, or none: then `done` has become a waiter, and `fetch` says whether it is the first.
  TokenResult CurrentOrWait(Callback& done, bool& fetch) {
    TokenResult current;
    MutexLock lock(mutex_);
    if (!token_.empty() && clock_.Now() < renew_at_) {
      current.token = token_;
    } else {
      waiters_.push_back(std::move(done));
      fetch = !std::exchange(fetching_, true);
    }
    return current;
  }

  void Fetch() {
    // A token's life counts from when it was asked for: it cannot have begun before.
    const absl::Time asked = clock_.Now();
    HttpRequest request = request_;
    {
      MutexLock lock(mutex_);
      request.body = UrlEncodeForm({{"grant_type", "client_credentials"},
                                    {"client_id", client_id_},
                                    {"client_secret", client_secret_.Reveal()},
                                    {"scope", scope_}});
    }
    http_.Send(std::move(request), [self = shared_from_this(), asked](const HttpResult& result) {
      self->OnAnswer(result, asked);
    });
  }

  void OnAnswer(const HttpResult& answer, absl::Time asked) {
    TokenResult result;
    result.outcome = OutcomeOf(answer, kCall, clock_.Now(), Secrets());
    std::optional<FreshToken> fresh;
    if (result.outcome.ok()) {
      JsonProblem problem;
      fresh = ReadToken(answer.body, problem);
      if (!fresh.has_value()) result.outcome = MalformedOutcome(answer.status, kCall, problem);
    } else if (answer.status >= 400 && answer.status < 500 && answer.status != 429) {
      // RFC 6749, 5.2: invalid_client is a 401, the other refusals are a 400.
      result.outcome.failure = UpstreamFailure::kCredentials;
    }
    result.outcome.fate = RequestFate::kNotProcessed;

    std::vector<Callback> waiters;
    {
      MutexLock lock(mutex_);
      fetching_ = false;
      waiters.swap(waiters_);
      if (fresh.has_value()) {
        token_ = fresh->token;
        expires_at_ = asked + fresh->lifetime;
        renew_at_ = expires_at_ - std::min(kRenewEarly, fresh->lifetime / 2);
        result.token = token_;
      } else if (!token_.empty() && clock_.Now() < expires_at_) {
        result.outcome = UpstreamOutcome();
        result.token = token_;
      }
    }
    result.outcome.requests = 1;
    for (Callback& waiter : waiters) {
      waiter(result);
      result.outcome.requests = 0;
    }
  }

  HttpSender& http_;
  const Clock& clock_;
  const std::string scope_;
  HttpRequest request_;  // without a body; constant once constructed

  mutable Mutex mutex_;
  std::string client_id_ ABSL_GUARDED_BY(mutex_);
  Secret client_secret_ ABSL_GUARDED_BY(mutex_);
  Secret previous_secret_ ABSL_GUARDED_BY(mutex_);  // empty: there was none
  std::string token_ ABSL_GUARDED_BY(mutex_);       // empty: none
  absl::Time renew_at_ ABSL_GUARDED_BY(mutex_);
  absl::Time expires_at_ ABSL_GUARDED_BY(mutex_);
  bool fetching_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Callback> waiters_ ABSL_GUARDED_BY(mutex_);
};

TokenSource::TokenSource(const AccountSettings& account, HttpSender& http, const Clock& clock)
    : core_(std::make_shared<Core>(account, http, clock)) {}
TokenSource::~TokenSource() = default;

void TokenSource::Get(Callback done) { core_->Get(std::move(done)); }
void TokenSource::Invalidate(const std::string& token) { core_->Invalidate(token); }
void TokenSource::SetCredentials(const std::string& client_id, const Secret& client_secret) {
  core_->SetCredentials(client_id, client_secret);
}
std::vector<std::string> TokenSource::Secrets() const { return core_->Secrets(); }

}  // namespace cxscribe
