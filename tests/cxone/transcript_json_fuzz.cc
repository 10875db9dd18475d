// Any bytes as a poll's answer: no crash, and what is accepted keeps the promises of the header.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "server/cxone/transcript_json.h"
#include "server/cxone/upstream_text.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void Check(const cxscribe::UpstreamTranscription& read, bool is_file) {
  Require(read.progress_percent >= 0 && read.progress_percent <= 100);
  Require(read.transcript.has_value() == (read.status == cxscribe::UpstreamStatus::kCompleted));
  if (!read.transcript.has_value()) return;
  Require(is_file || !read.transcript->transcription_id().empty());
  for (const auto& segment : read.transcript->segments()) {
    Require(segment.start_ms() >= 0 && segment.end_ms() >= segment.start_ms());
    Require(!segment.recording_id().empty());
    Require(segment.text().size() <= cxscribe::kMaxSegmentBytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::vector<std::string>& ids :
       {std::vector<std::string>{}, {"rec_1"}, {"rec_1", "rec_2"}}) {
    cxscribe::UpstreamTranscription read;
    const auto problem = cxscribe::ReadTranscription(text, ids, read);
    if (problem.has_value()) {
      Require(!problem->message.empty());
    } else {
      Check(read, ids.empty());
    }
  }
  Require(cxscribe::UpstreamErrorMessage(text).size() <= cxscribe::kMaxUpstreamTextBytes);
  return 0;
}
