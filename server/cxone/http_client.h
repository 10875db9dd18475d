// HttpCxoneClient: CxoneClient over HTTP, as the CXone contract has it.
//
// | call             | request                                                                 |
// |------------------|-------------------------------------------------------------------------|
// | GetRecordings    | GET {base_url}{recordings_path}?ids=a&ids=b, further pages (pageNumber) |
// |                  | while ids are missing and `total` says that there are more              |
// | Submit           | POST {base_url}{transcriptions_path} {recording_ids, language,          |
// |                  | redaction_policy, punctuation, diarization}, webhook_url only where the |
// |                  | account has a fixed one; Idempotency-Key only where the account dedupes |
// | GetTranscription | GET {base_url}{transcriptions_path}/{id}                                |
//
// A 401 drops the token and repeats the request once with a fresh one. Answers are parsed in the
// pool (on the HTTP loop only when the pool has no room).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/base/clock.h"
#include "server/base/thread_pool.h"
#include "server/config/settings.h"
#include "server/cxone/client.h"
#include "server/cxone/http_loop.h"

namespace cxscribe {

// Ids of recordings and transcriptions: [A-Za-z0-9_.-]{1,128}, and not only dots (which would climb
// in a path).
bool IsUpstreamId(std::string_view id);

// Thread-safe. May be destroyed while calls are under way: they still call back.
class HttpCxoneClient final : public CxoneClient {
 public:
  // `http`, `pool` and `clock` must outlive every callback. Stop `http` before `pool`.
  HttpCxoneClient(AccountSettings account, HttpSender& http, ThreadPool& pool, const Clock& clock);
  ~HttpCxoneClient() override;

  // See TokenSource. All else of the account stays as it was.
  void SetCredentials(const std::string& client_id, const Secret& client_secret);

  void GetRecordings(const std::vector<std::string>& ids,
                     Callback<std::vector<UpstreamRecording>> done) override;
  void Submit(const UpstreamSubmission& submission, Callback<std::string> done) override;
  void GetTranscription(const std::string& transcription_id,
                        const std::vector<std::string>& recording_ids,
                        Callback<UpstreamTranscription> done) override;

 private:
  class Core;
  const std::shared_ptr<Core> core_;
};

}  // namespace cxscribe
