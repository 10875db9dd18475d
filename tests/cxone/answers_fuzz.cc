// Any bytes as a short answer of CXone: no crash, what is accepted keeps the promises of the
// header, and what is not is described without repeating it.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/base/utf8.h"
#include "server/cxone/answers.h"
#include "server/cxone/http_client.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckProblem(const cxscribe::JsonProblem& problem) {
  Require(!problem.message.empty() && problem.message.size() < 200);
  Require(cxscribe::IsValidUtf8(problem.message));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  cxscribe::JsonProblem problem;
  if (const auto fresh = cxscribe::ReadToken(text, problem); fresh.has_value()) {
    Require(!fresh->token.empty() && fresh->token.size() <= cxscribe::kMaxTokenBytes);
    Require(fresh->token.find_first_of("\r\n\t \"") == std::string::npos);
    Require(fresh->lifetime >= cxscribe::kShortestTokenLifetime);
    Require(fresh->lifetime <= cxscribe::kLongestTokenLifetime);
  } else {
    CheckProblem(problem);
  }

  cxscribe::RecordingsPage page;
  if (const auto wrong = cxscribe::ReadRecordings(text, page); wrong.has_value()) {
    CheckProblem(*wrong);
  } else {
    Require(page.page_size >= 0 && page.total >= 0);
    for (const auto& recording : page.entities) {
      Require(recording.size_bytes >= 0);
      Require(cxscribe::IsValidUtf8(recording.id + recording.format + recording.media_type));
    }
  }

  std::string id;
  if (const auto wrong = cxscribe::ReadSubmitted(text, id); wrong.has_value()) {
    CheckProblem(*wrong);
  } else {
    Require(cxscribe::IsUpstreamId(id));
    // It may stand in a path as it is.
    Require(id.find_first_of("/?#%") == std::string::npos && id != "." && id != "..");
  }
  return 0;
}
