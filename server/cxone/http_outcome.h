// What one HTTP exchange with CXone means: the failure kind, whether the request may have taken
// effect, and a message. Pure.
//
// | answer                      | failure      | fate of the request                              |
// |-----------------------------|--------------|--------------------------------------------------|
// | 2xx                         | none         |                                                  |
// | 400, 422, other 4xx         | kRejected    | not processed                                    |
// | 401                         | kCredentials | not processed                                    |
// | 403 / 404 / 429             | kForbidden / kGone / kThrottled: not processed                  |
// | 503                         | kUnavailable | not processed: the server says that it could not |
// | 500, 502, 504, other 5xx    | kUnavailable | unknown                                          |
// | 3xx (never followed)        | kMalformed   | not processed, but unknown for 303               |
// | none, or broken off         | kUnavailable | unknown once sending began                       |
// | too large, or not HTTP      | kMalformed   | unknown                                          |
#pragma once

#include <string>
#include <string_view>

#include <absl/time/time.h>
#include <absl/types/span.h>

#include "server/cxone/client.h"
#include "server/cxone/http_loop.h"
#include "server/cxone/json_text.h"

namespace cxscribe {

// `call` is the method and path, for the message. `secrets` are masked in what CXone says.
UpstreamOutcome OutcomeOf(const HttpResult& result, std::string_view call, absl::Time now,
                          absl::Span<const std::string> secrets);

// A 2xx whose body is wrong. Whatever the request was to do has probably been done.
UpstreamOutcome MalformedOutcome(int http_status, std::string_view call,
                                 const JsonProblem& problem);

}  // namespace cxscribe
