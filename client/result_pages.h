// Whole results, whatever pages they come in.
#pragma once

#include <string>

#include <absl/status/statusor.h>

namespace cxscribe::v1 {
class GetResultResponse;
}  // namespace cxscribe::v1

namespace cxscribe::client {

class ApiClient;

// Gets every page and joins them into one result. INTERNAL when the server's pages do not follow
// each other or never end.
absl::StatusOr<v1::GetResultResponse> GetWholeResult(ApiClient& api, const std::string& job_id);

}  // namespace cxscribe::client
