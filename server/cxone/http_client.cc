#include "server/cxone/http_client.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <absl/container/flat_hash_set.h>
#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

#include "server/cxone/answers.h"
#include "server/cxone/http_outcome.h"
#include "server/cxone/json_text.h"
#include "server/cxone/token_source.h"
#include "server/cxone/transcript_json.h"
#include "server/cxone/url.h"

namespace cxscribe {
namespace {

using nlohmann::json;

constexpr size_t kMaxIdsPerCall = 100;
constexpr int kMaxPages = 100;
constexpr size_t kMaxAnswerBytes = size_t{1} << 20;
// A little more than a transcript may hold, so that the parser can say how large it is.
constexpr size_t kMaxTranscriptAnswerBytes = kMaxTranscriptBytes + 4096;

// What is done with the answer to one request: its body when `outcome` is ok.
using Finish = absl::AnyInvocable<void(UpstreamOutcome outcome, const std::string& body)>;

// One request of a call, with its repetition after a 401.
struct Exchange {
  HttpRequest request;  // without its token
  std::string call;     // method and path, for messages
  int requests = 0;     // sent so far, for this call
  bool repeated = false;
  Finish finish;
};

UpstreamOutcome Refused(std::string message) {
  UpstreamOutcome outcome;
  outcome.failure = UpstreamFailure::kRejected;
  outcome.message = std::move(message);
  return outcome;
}

// The outcome of an exchange whose answer turned out to be wrong.
UpstreamOutcome Malformed(const UpstreamOutcome& outcome, std::string_view call,
                          const JsonProblem& problem) {
  UpstreamOutcome malformed = MalformedOutcome(outcome.http_status, call, problem);
  malformed.requests = outcome.requests;
  return malformed;
}

// The recordings of one GetRecordings, gathered page by page.
struct RecordingsQuery {
  std::vector<std::string> ids;
  absl::flat_hash_set<std::string> missing;
  std::vector<UpstreamRecording> found;
  int page = 1;
  CxoneClient::Callback<std::vector<UpstreamRecording>> done;

  void Fail(UpstreamOutcome outcome) { done({std::move(outcome), {}}); }

  // Keeps what was asked for. False: there is nothing more to ask.
  bool Take(RecordingsPage received) {
    for (UpstreamRecording& recording : received.entities) {
      if (missing.erase(recording.id) > 0) found.push_back(std::move(recording));
    }
    return !missing.empty() && !received.entities.empty() && received.page_size > 0 &&
           page < kMaxPages && received.total / received.page_size >= page &&
           received.total > received.page_size * page;
  }
};

}  // namespace

bool IsUpstreamId(std::string_view id) {
  if (id.empty() || id.size() > 128) return false;
  const bool characters = std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-';
  });
  return characters && id.find_first_not_of('.') != std::string_view::npos;
}

class HttpCxoneClient::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(AccountSettings account, HttpSender& http, ThreadPool& pool, const Clock& clock)
      : account_(std::move(account)),
        http_(http),
        pool_(pool),
        clock_(clock),
        tokens_(account_, http, clock) {}

  // But for its credentials, which tokens_ has.
  const AccountSettings& account() const { return account_; }

  void SetCredentials(const std::string& client_id, const Secret& client_secret) {
    tokens_.SetCredentials(client_id, client_secret);
  }

  std::shared_ptr<Exchange> NewExchange(std::string method, const std::string& path,
                                        const std::string& query, Finish finish) const {
    auto exchange = std::make_shared<Exchange>();
    exchange->call = absl::StrCat(method, " ", path);
    exchange->finish = std::move(finish);
    HttpRequest& request = exchange->request;
    request.method = std::move(method);
    request.url = JoinUrl(account_.base_url, path) + query;
    request.headers = {{"Accept", "application/json"}};
    request.connect_timeout = account_.connect_timeout;
    request.timeout = account_.request_timeout;
    request.max_response_bytes = kMaxAnswerBytes;
    request.ca_file = account_.ca_file;
    return exchange;
  }

  void Run(const std::shared_ptr<Exchange>& exchange) {
    tokens_.Get([self = shared_from_this(), exchange](TokenResult result) {
      exchange->requests += result.outcome.requests;
      if (!result.outcome.ok()) {
        result.outcome.requests = exchange->requests;
        exchange->finish(std::move(result.outcome), "");
        return;
      }
      HttpRequest request = exchange->request;
      request.headers.emplace_back("Authorization", "Bearer " + result.token);
      ++exchange->requests;
      self->http_.Send(std::move(request),
                       [self, exchange, token = std::move(result.token)](HttpResult answer) {
                         self->OnAnswer(exchange, token, std::move(answer));
                       });
    });
  }

  void NextPage(const std::shared_ptr<RecordingsQuery>& query, int requests) {
    std::string parameters;
    for (const std::string& id : query->ids) {
      absl::StrAppend(&parameters, parameters.empty() ? "?ids=" : "&ids=", UrlEncode(id));
    }
    if (query->page > 1) absl::StrAppend(&parameters, "&pageNumber=", query->page);
    const std::string path = account_.recordings_path;
    auto exchange = NewExchange(
        "GET", path, parameters,
        [self = shared_from_this(), query, path](UpstreamOutcome outcome, const std::string& body) {
          if (!outcome.ok()) return query->Fail(std::move(outcome));
          RecordingsPage page;
          if (const auto problem = ReadRecordings(body, page); problem.has_value()) {
            return query->Fail(Malformed(outcome, "GET " + path, *problem));
          }
          if (query->Take(std::move(page))) {
            ++query->page;
            self->NextPage(query, outcome.requests);
          } else {
            query->done({std::move(outcome), std::move(query->found)});
          }
        });
    exchange->requests = requests;
    Run(exchange);
  }

  // Runs `task` in the pool, or here when that has no room.
  void RunInPool(Task task) {
    auto shared = std::make_shared<Task>(std::move(task));
    if (!pool_.TryPost([shared] { (*shared)(); })) (*shared)();
  }

 private:
  void OnAnswer(const std::shared_ptr<Exchange>& exchange, const std::string& token,
                HttpResult answer) {
    if (answer.status == 401) {
      tokens_.Invalidate(token);
      if (!std::exchange(exchange->repeated, true)) return Run(exchange);
    }
    std::vector<std::string> secrets = tokens_.Secrets();
    secrets.push_back(token);
    UpstreamOutcome outcome = OutcomeOf(answer, exchange->call, clock_.Now(), secrets);
    outcome.requests = exchange->requests;
    if (!outcome.ok()) return exchange->finish(std::move(outcome), "");
    RunInPool([exchange, outcome = std::move(outcome), body = std::move(answer.body)]() mutable {
      exchange->finish(std::move(outcome), body);
    });
  }

  const AccountSettings account_;
  HttpSender& http_;
  ThreadPool& pool_;
  const Clock& clock_;
  TokenSource tokens_;
};

HttpCxoneClient::HttpCxoneClient(AccountSettings account, HttpSender& http, ThreadPool& pool,
                                 const Clock& clock)
    : core_(std::make_shared<Core>(std::move(account), http, pool, clock)) {}
HttpCxoneClient::~HttpCxoneClient() = default;

void HttpCxoneClient::SetCredentials(const std::string& client_id, const Secret& client_secret) {
  core_->SetCredentials(client_id, client_secret);
}

void HttpCxoneClient::GetRecordings(const std::vector<std::string>& ids,
                                    Callback<std::vector<UpstreamRecording>> done) {
  auto query = std::make_shared<RecordingsQuery>();
  query->ids = ids;
  query->missing.insert(ids.begin(), ids.end());
  query->done = std::move(done);
  if (ids.empty() || ids.size() > kMaxIdsPerCall) {
    core_->RunInPool([query, count = ids.size()] {
      query->Fail(Refused(absl::StrCat("1 to ", kMaxIdsPerCall,
                                       " recordings can be asked for at a time, not ", count)));
    });
    return;
  }
  core_->NextPage(query, /*requests=*/0);
}

void HttpCxoneClient::Submit(const UpstreamSubmission& submission, Callback<std::string> done) {
  const AccountSettings& account = core_->account();
  json body = {{"recording_ids", submission.recording_ids},
               {"language", submission.language},
               {"redaction_policy", submission.redaction_policy},
               {"punctuation", submission.punctuation},
               {"diarization", submission.diarization}};
  if (!account.upstream_webhook_url.empty()) body["webhook_url"] = account.upstream_webhook_url;

  auto exchange = core_->NewExchange(
      "POST", account.transcriptions_path, "",
      [done = std::move(done), call = "POST " + account.transcriptions_path](
          UpstreamOutcome outcome, const std::string& text) mutable {
        std::string id;
        if (outcome.ok()) {
          if (const auto problem = ReadSubmitted(text, id); problem.has_value()) {
            outcome = Malformed(outcome, call, *problem);
            id.clear();
          }
        }
        done({std::move(outcome), std::move(id)});
      });
  exchange->request.headers.emplace_back("Content-Type", "application/json");
  if (account.idempotency == UpstreamIdempotency::kHeader && !submission.idempotency_key.empty()) {
    exchange->request.headers.emplace_back("Idempotency-Key", submission.idempotency_key);
  }
  // Ids and settings are ASCII by validation; were they not, a replaced byte is better than a
  // throw.
  exchange->request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  core_->Run(exchange);
}

void HttpCxoneClient::GetTranscription(const std::string& transcription_id,
                                       const std::vector<std::string>& recording_ids,
                                       Callback<UpstreamTranscription> done) {
  if (!IsUpstreamId(transcription_id) || recording_ids.empty()) {
    auto shared = std::make_shared<Callback<UpstreamTranscription>>(std::move(done));
    core_->RunInPool([shared] {
      (*shared)({Refused("the transcription's id is not one, or the job has no recordings"), {}});
    });
    return;
  }
  const std::string path =
      absl::StrCat(core_->account().transcriptions_path, "/", UrlEncode(transcription_id));
  auto exchange = core_->NewExchange(
      "GET", path, "",
      [done = std::move(done), path, transcription_id, recording_ids](
          UpstreamOutcome outcome, const std::string& body) mutable {
        UpstreamTranscription value;
        if (outcome.ok()) {
          std::optional<JsonProblem> problem = ReadTranscription(body, recording_ids, value);
          if (!problem.has_value() && value.id != transcription_id) {
            problem = WrongField("id", "is not that of the transcription asked for");
          }
          if (problem.has_value()) {
            outcome = Malformed(outcome, "GET " + path, *problem);
            value = UpstreamTranscription();
          }
        }
        done({std::move(outcome), std::move(value)});
      });
  exchange->request.max_response_bytes = kMaxTranscriptAnswerBytes;
  core_->Run(exchange);
}

}  // namespace cxscribe
