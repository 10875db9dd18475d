#include "server/job/request.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "google/rpc/error_details.pb.h"
#include "server/base/error.h"
#include "server/base/hash.h"
#include "server/job/language_tag.h"

namespace cxscribe {
namespace {

// The limits of transcription_service.proto.
constexpr int kMaxRecordings = 1000;
constexpr size_t kMaxIdBytes = 128;
constexpr size_t kMaxLabels = 64;
constexpr size_t kMaxLabelKeyBytes = 63;
constexpr size_t kMaxLabelValueBytes = 256;
constexpr size_t kMaxRequestIdBytes = 128;
// An error travels in HTTP/2 trailers, which gRPC bounds to 8 KiB by default.
constexpr size_t kMaxViolationsPerField = 8;
constexpr size_t kMaxQuotedBytes = 40;
constexpr size_t kMaxNamesShown = 20;

// A caller's value for an error message: escaped and cut.
std::string Quote(std::string_view value) {
  const std::string_view shown = value.substr(0, kMaxQuotedBytes);
  return absl::StrCat("\"", absl::CHexEscape(std::string(shown)),
                      shown.size() < value.size() ? "…\"" : "\"");
}

// What is wrong with a request, field by field.
class Violations {
 public:
  void Add(std::string field, std::string description) {
    violations_.emplace_back(std::move(field), std::move(description));
  }

  // One of possibly many wrong entries of `field`: those past the first few are only counted.
  void AddEntry(const std::string& field, std::string entry, std::string description) {
    if (++entries_[field] <= kMaxViolationsPerField) Add(std::move(entry), std::move(description));
  }

  absl::Status ToStatus() {
    for (const auto& [field, count] : entries_) {
      if (count <= kMaxViolationsPerField) continue;
      Add(field, absl::StrCat("and ", count - kMaxViolationsPerField, " more like these"));
    }
    if (violations_.empty()) return absl::OkStatus();
    // The descriptions stand in the message too: many clients show nothing else.
    std::string message = "the request is not valid: ";
    std::string_view separator;
    for (const auto& [field, description] : violations_) {
      message += absl::StrCat(std::string(separator), field, ": ", description);
      separator = "; ";
      if (message.size() > 1024) {
        message += "; …";
        break;
      }
    }
    ErrorBuilder error(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST", std::move(message));
    for (auto& [field, description] : violations_) error.Field(field, description);
    return error.Build();
  }

 private:
  std::vector<std::pair<std::string, std::string>> violations_;
  std::map<std::string, size_t> entries_;
};

bool IsRecordingId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxIdBytes && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-';
  });
}

bool IsLabelKey(std::string_view key) {
  return !key.empty() && key.size() <= kMaxLabelKeyBytes &&
         std::all_of(key.begin(), key.end(), [](char c) {
           return absl::ascii_islower(static_cast<unsigned char>(c)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '_' || c == '.' ||
                  c == '-';
         });
}

void CheckRecordings(const v1::SubmitRequest& request, Violations& violations) {
  if (request.recording_ids().empty()) {
    violations.Add("recording_ids", "at least one recording id is needed");
    return;
  }
  if (request.recording_ids_size() > kMaxRecordings) {
    violations.Add("recording_ids",
                   absl::StrCat("at most ", kMaxRecordings, " recordings fit into one job, not ",
                                request.recording_ids_size(), "; submit several jobs"));
    return;
  }
  std::unordered_map<std::string_view, int> first_at;
  for (int i = 0; i < request.recording_ids_size(); ++i) {
    const std::string& id = request.recording_ids(i);
    const std::string entry = absl::StrCat("recording_ids[", i, "]");
    if (!IsRecordingId(id)) {
      violations.AddEntry("recording_ids", entry,
                          absl::StrCat(Quote(id), " does not match [A-Za-z0-9_.-]{1,128}"));
      continue;
    }
    const auto [known, added] = first_at.emplace(id, i);
    if (added) continue;
    violations.AddEntry("recording_ids", entry,
                        absl::StrCat(Quote(id), " stands at recording_ids[", known->second,
                                     "] already; name each recording once"));
  }
}

template <typename Names>
std::string KnownNames(const Names& names) {
  if (names.empty()) return "none is configured";
  std::string known = "known: ";
  size_t shown = 0;
  for (const std::string& name : names) {
    if (shown == kMaxNamesShown) return known + ", …";
    absl::StrAppend(&known, shown++ == 0 ? "" : ", ", name);
  }
  return known;
}

void CheckPolicy(const std::string& policy, const RequestRules& rules, Violations& violations) {
  std::vector<std::string> names;
  if (rules.policies) {
    names = rules.policies();
  } else {
    for (const auto& entry : rules.settings.redaction_policies) names.push_back(entry.first);
  }
  if (std::find(names.begin(), names.end(), policy) != names.end()) return;
  violations.Add("redaction_policy",
                 absl::StrCat("no policy is called ", Quote(policy), "; ", KnownNames(names)));
}

void CheckPipeline(const std::string& pipeline, const RequestRules& rules, Violations& violations) {
  std::vector<std::string> names;
  if (rules.pipelines) {
    names = rules.pipelines();
  } else {
    for (const PipelineSettings& known : rules.settings.pipelines) names.push_back(known.name);
  }
  if (std::find(names.begin(), names.end(), pipeline) != names.end()) return;
  violations.Add("pipeline",
                 absl::StrCat("no pipeline is called ", Quote(pipeline), "; ", KnownNames(names)));
}

void CheckLabels(const std::map<std::string, std::string>& labels, Violations& violations) {
  if (labels.size() > kMaxLabels) {
    violations.Add("labels",
                   absl::StrCat("a job has at most ", kMaxLabels, " labels, not ", labels.size()));
    return;
  }
  for (const auto& [key, value] : labels) {
    const std::string entry = absl::StrCat("labels[", Quote(key), "]");
    if (!IsLabelKey(key)) {
      violations.AddEntry("labels", entry, "the key does not match [a-z0-9_.-]{1,63}");
    }
    if (value.size() > kMaxLabelValueBytes) {
      violations.AddEntry("labels", entry,
                          absl::StrCat("the value is longer than ", kMaxLabelValueBytes, " bytes"));
    }
  }
}

void CheckRequestId(std::string_view request_id, Violations& violations) {
  if (request_id.size() > kMaxRequestIdBytes) {
    violations.Add("request_id", absl::StrCat("longer than ", kMaxRequestIdBytes, " bytes"));
  } else if (!std::all_of(request_id.begin(), request_id.end(), [](char c) {
               return absl::ascii_isprint(static_cast<unsigned char>(c));
             })) {
    violations.Add("request_id", "only printable ASCII characters are allowed");
  }
}

// Adds the violation of a malformed URL; returns what forbids a well-formed one.
absl::Status CheckWebhook(const std::string& url, const RequestRules& rules,
                          Violations& violations) {
  if (url.empty()) return absl::OkStatus();
  if (!rules.check_webhook) {
    return ErrorBuilder(absl::StatusCode::kPermissionDenied, "WEBHOOK_FORBIDDEN",
                        "this server sends no webhooks; submit without webhook_url")
        .Build();
  }
  absl::Status status = rules.check_webhook(url);
  if (status.code() != absl::StatusCode::kInvalidArgument) return status;
  std::string description(status.message());
  google::rpc::BadRequest details;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  if (payload.has_value() && details.ParseFromString(std::string(*payload)) &&
      details.field_violations_size() > 0) {
    description = details.field_violations(0).description();
  }
  violations.Add("webhook_url", std::move(description));
  return absl::OkStatus();
}

std::string ValueOr(const std::string& value, const char* fallback) {
  return value.empty() ? std::string(fallback) : value;
}

}  // namespace

absl::StatusOr<internal::v1::JobRecord> PrepareRequest(const v1::SubmitRequest& request,
                                                       const RequestRules& rules) {
  Violations violations;
  CheckRecordings(request, violations);

  const std::string asked_language = ValueOr(request.language(), "en-US");
  const std::optional<std::string> language = CanonicalLanguageTag(asked_language);
  if (!language.has_value()) {
    violations.Add("language", absl::StrCat(Quote(asked_language),
                                            " is not a BCP 47 language tag; for example en-US"));
  }
  const std::string policy = ValueOr(request.redaction_policy(), "pii");
  CheckPolicy(policy, rules, violations);
  const std::string pipeline = ValueOr(request.pipeline(), "default");
  CheckPipeline(pipeline, rules, violations);
  CheckLabels({request.labels().begin(), request.labels().end()}, violations);
  CheckRequestId(request.request_id(), violations);
  const absl::Status webhook = CheckWebhook(request.webhook_url(), rules, violations);

  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  if (!webhook.ok()) return webhook;

  internal::v1::JobRecord record;
  v1::Job& job = *record.mutable_job();
  *job.mutable_recording_ids() = request.recording_ids();
  job.set_language(*language);
  job.set_redaction_policy(policy);
  job.set_punctuation(!request.has_punctuation() || request.punctuation());
  job.set_diarization(!request.has_diarization() || request.diarization());
  job.set_pipeline(pipeline);
  *job.mutable_labels() = request.labels();
  job.set_request_id(request.request_id());
  job.set_has_webhook(!request.webhook_url().empty());
  job.set_account(rules.account);
  record.set_webhook_url(request.webhook_url());
  record.set_request_sha256(RequestFingerprint(record));
  return record;
}

std::string RequestFingerprint(const internal::v1::JobRecord& record) {
  const v1::Job& job = record.job();
  Hasher hasher;
  hasher.Add("cxscribe.request.v1").Add(job.recording_ids_size());
  for (const std::string& id : job.recording_ids()) hasher.Add(id);
  hasher.Add(job.language())
      .Add(job.redaction_policy())
      .Add(job.punctuation())
      .Add(job.diarization())
      .Add(job.pipeline())
      .Add(record.webhook_url());
  const std::map<std::string, std::string> labels(job.labels().begin(), job.labels().end());
  hasher.Add(labels.size());
  for (const auto& [key, value] : labels) hasher.Add(key).Add(value);
  return hasher.Hex();
}

}  // namespace cxscribe
