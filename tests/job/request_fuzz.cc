// Any SubmitRequest that a caller can send: it becomes a job, or an error that fits into gRPC's
// trailers. A job asked for again, with what its record says, is the same job.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <absl/status/status.h>
#include <absl/strings/cord.h>
#include <google/protobuf/stubs/logging.h>

#include "server/base/error.h"
#include "server/base/utf8.h"
#include "server/job/request.h"

namespace {

using namespace cxscribe;

void Require(bool condition) {
  if (!condition) std::abort();
}

const Settings& TestSettings() {
  static const Settings& settings = *[] {
    auto* made = new Settings();
    for (const char* name : {"pii", "pci", "none"}) made->redaction_policies[name].name = name;
    made->pipelines.emplace_back().name = "default";
    return made;
  }();
  return settings;
}

void CheckError(const absl::Status& status) {
  Require(status.code() == absl::StatusCode::kInvalidArgument);
  Require(ReasonOf(status) == "INVALID_REQUEST");
  Require(IsValidUtf8(std::string(status.message())));
  size_t bytes = status.message().size();
  status.ForEachPayload([&bytes](absl::string_view type, const absl::Cord& payload) {
    bytes += type.size() + payload.size();
  });
  // gRPC's default limit for all metadata, less a third for base64.
  Require(bytes < 6000);
}

}  // namespace

// protobuf remarks on each string that is not UTF-8, which it refuses by itself.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  v1::SubmitRequest request;
  if (!request.ParseFromArray(data, static_cast<int>(size))) return 0;
  const RequestRules rules{TestSettings(), "default",
                           [](std::string_view) { return absl::OkStatus(); }};
  const auto record = PrepareRequest(request, rules);
  if (!record.ok()) {
    CheckError(record.status());
    return 0;
  }
  const v1::Job& job = record->job();
  Require(job.recording_ids_size() >= 1 && job.recording_ids_size() <= 1000);
  Require(record->request_sha256() == RequestFingerprint(*record));

  v1::SubmitRequest again;
  *again.mutable_recording_ids() = job.recording_ids();
  again.set_language(job.language());
  again.set_redaction_policy(job.redaction_policy());
  again.set_punctuation(job.punctuation());
  again.set_diarization(job.diarization());
  again.set_pipeline(job.pipeline());
  again.set_webhook_url(record->webhook_url());
  *again.mutable_labels() = job.labels();
  const auto second = PrepareRequest(again, rules);
  Require(second.ok());
  Require(second->request_sha256() == record->request_sha256());
  return 0;
}
