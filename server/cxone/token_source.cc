#include "server/cxone/token_source.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <nlohmann/json.hpp>

#include "server/base/mutex.h"
#include "server/cxone/http_outcome.h"
#include "server/cxone/json_text.h"
#include "server/cxone/url.h"

namespace cxscribe {
namespace {

constexpr absl::Duration kRenewEarly = absl::Seconds(60);
// RFC 6749 only recommends expires_in; what tokens live at least in practice.
constexpr absl::Duration kDefaultLifetime = absl::Minutes(5);
constexpr absl::Duration kLongestLifetime = absl::Hours(24);
constexpr size_t kMaxTokenBytes = size_t{16} << 10;
constexpr char kCall[] = "POST to the token URL";

// RFC 6750, 2.1: what may stand in an Authorization header.
bool IsBearerToken(const std::string& token) {
  return !token.empty() && token.size() <= kMaxTokenBytes &&
         std::all_of(token.begin(), token.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  absl::StrContains("-._~+/=", absl::string_view(&c, 1));
         });
}

absl::Duration LifetimeOf(const nlohmann::json& answer) {
  const auto member = answer.find("expires_in");
  double seconds = 0;
  if (member != answer.end() && member->is_number()) {
    seconds = member->get<double>();
  } else if (member != answer.end() && member->is_string()) {
    // Some servers write it as a string.
    if (!absl::SimpleAtod(member->get_ref<const std::string&>(), &seconds)) seconds = 0;
  }
  if (!(seconds > 0)) return kDefaultLifetime;
  return std::min(absl::Seconds(seconds), kLongestLifetime);
}

struct FreshToken {
  std::string token;
  absl::Duration lifetime;
};

std::optional<FreshToken> ReadToken(const std::string& body, JsonProblem& problem) {
  const std::optional<nlohmann::json> answer = ParseJsonObject(body, problem);
  if (!answer.has_value()) return std::nullopt;
  const auto token = answer->find("access_token");
  if (token == answer->end() || !token->is_string() ||
      !IsBearerToken(token->get_ref<const std::string&>())) {
    problem = {"access_token", token == answer->end() ? "access_token is missing"
                                                      : "access_token is not a bearer token"};
    return std::nullopt;
  }
  const auto type = answer->find("token_type");
  if (type != answer->end() &&
      !(type->is_string() &&
        absl::EqualsIgnoreCase(type->get_ref<const std::string&>(), "bearer"))) {
    problem = {"token_type", "token_type is not \"bearer\""};
    return std::nullopt;
  }
  return FreshToken{token->get<std::string>(), LifetimeOf(*answer)};
}

}  // namespace

class TokenSource::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(const AccountSettings& account, HttpSender& http, const Clock& clock)
      : http_(http), clock_(clock), secrets_({account.client_secret.Reveal()}) {
    request_.method = "POST";
    request_.url = account.token_url;
    request_.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                        {"Accept", "application/json"}};
    request_.body = UrlEncodeForm({{"grant_type", "client_credentials"},
                                   {"client_id", account.client_id},
                                   {"client_secret", account.client_secret.Reveal()},
                                   {"scope", account.scope}});
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
    http_.Send(request_, [self = shared_from_this(), asked](const HttpResult& result) {
      self->OnAnswer(result, asked);
    });
  }

  void OnAnswer(const HttpResult& answer, absl::Time asked) {
    TokenResult result;
    result.outcome = OutcomeOf(answer, kCall, clock_.Now(), secrets_);
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
  const std::vector<std::string> secrets_;
  HttpRequest request_;  // the same every time; constant once constructed

  Mutex mutex_;
  std::string token_ ABSL_GUARDED_BY(mutex_);  // empty: none
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

}  // namespace cxscribe
