#include "client/result_pages.h"

#include <absl/strings/str_cat.h>

#include "client/api_client.h"
#include "cxscribe/v1/transcription_service.pb.h"

namespace cxscribe::client {

absl::StatusOr<v1::GetResultResponse> GetWholeResult(ApiClient& api, const std::string& job_id) {
  v1::GetResultRequest request;
  request.set_job_id(job_id);
  auto first = api.GetResult(request);
  if (!first.ok()) return first.status();
  v1::GetResultResponse whole = *std::move(first);
  while (!whole.next_page_token().empty()) {
    request.set_page_token(whole.next_page_token());
    auto page = api.GetResult(request);
    if (!page.ok()) return page.status();
    const int have = whole.segments_size();
    if (page->first_segment() != whole.first_segment() + have || page->segments().empty()) {
      return absl::InternalError(absl::StrCat(
          "the server's pages do not follow each other: segment ", whole.first_segment() + have,
          " was due, got ", page->segments_size(), " from ", page->first_segment()));
    }
    whole.mutable_segments()->MergeFrom(page->segments());
    whole.mutable_turns()->MergeFrom(page->turns());
    whole.mutable_findings()->MergeFrom(page->findings());
    whole.mutable_annotations()->MergeFrom(page->annotations());
    whole.set_next_page_token(page->next_page_token());
  }
  return whole;
}

}  // namespace cxscribe::client
