#include "server/audit/entry.h"

#include <algorithm>
#include <map>

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <nlohmann/json.hpp>

#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/hash.h"
#include "server/base/timestamp.h"

namespace cxscribe {
namespace {

// Keeps the order in which fields are added.
using Json = nlohmann::ordered_json;

// RFC 3339 in UTC, to the millisecond.
std::string FormatTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", FromTimestamp(timestamp), absl::UTCTimeZone());
}

// "PASS", "FAIL", "NOT_RUN" or "INCONCLUSIVE". What was never stated was not run.
std::string OutcomeName(v1::Outcome outcome) {
  constexpr std::string_view kPrefix = "OUTCOME_";
  if (outcome == v1::OUTCOME_UNSPECIFIED || !v1::Outcome_IsValid(outcome)) return "NOT_RUN";
  return v1::Outcome_Name(outcome).substr(kPrefix.size());
}

std::string KindName(v1::StageKind kind) {
  switch (kind) {
    case v1::STAGE_KIND_TRANSFORM:
      return "transform";
    case v1::STAGE_KIND_VERIFY:
      return "verify";
    default:
      return "";
  }
}

// Only a true reason: a plugin may have put anything there.
std::string SafeReason(const std::string& reason) {
  constexpr size_t kMaxReasonBytes = 64;
  const bool safe =
      reason.size() <= kMaxReasonBytes && std::all_of(reason.begin(), reason.end(), [](char c) {
        return absl::ascii_isupper(static_cast<unsigned char>(c)) ||
               absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '_';
      });
  return safe ? reason : "OTHER";
}

// The code and the reason; messages are free text, and stay with the job.
Json ErrorOf(const google::rpc::Status& error) {
  const absl::Status status = FromRpcStatus(error);
  return {{"code", absl::StatusCodeToString(status.code())},
          {"reason", SafeReason(ReasonOf(status))}};
}

Json ComplianceFlags(const v1::Compliance& compliance) {
  return {{"pii_redacted", compliance.pii_redacted() == v1::OUTCOME_PASS},
          {"diarization_applied", compliance.diarization_applied() == v1::OUTCOME_PASS},
          {"punctuation_restored", compliance.punctuation_restored() == v1::OUTCOME_PASS}};
}

Json Outcomes(const v1::Compliance& compliance) {
  Json outcomes = {{"vendor_redaction", OutcomeName(compliance.vendor_redaction())},
                   {"pii_redacted", OutcomeName(compliance.pii_redacted())},
                   {"diarization_applied", OutcomeName(compliance.diarization_applied())},
                   {"punctuation_restored", OutcomeName(compliance.punctuation_restored())}};
  const std::map<std::string, int> sorted(compliance.capabilities().begin(),
                                          compliance.capabilities().end());
  Json capabilities = Json::object();
  for (const auto& [capability, outcome] : sorted) {
    capabilities[capability] = OutcomeName(static_cast<v1::Outcome>(outcome));
  }
  outcomes["capabilities"] = std::move(capabilities);
  return outcomes;
}

Json StageOf(const v1::StageRecord& stage) {
  Json resources = Json::array();
  for (const v1::ResourceDigest& resource : stage.resources()) {
    resources.push_back({{"name", resource.name()}, {"sha256", resource.sha256()}});
  }
  Json json = {{"stage", stage.stage()},
               {"plugin", stage.plugin()},
               {"plugin_version", stage.plugin_version()},
               {"plugin_sha256", stage.plugin_sha256()},
               {"capability", stage.capability()},
               {"kind", KindName(stage.kind())},
               {"isolation", stage.isolation()},
               {"config_sha256", stage.config_sha256()},
               {"input_sha256", stage.input_sha256()},
               {"output_sha256", stage.output_sha256()},
               {"resources", std::move(resources)},
               {"segments_in", stage.segments_in()},
               {"segments_out", stage.segments_out()},
               {"findings", stage.findings()},
               {"annotations", stage.annotations()},
               {"pass", stage.pass()},
               {"duration_ms", stage.duration_ms()},
               {"outcome", OutcomeName(stage.outcome())}};
  if (!stage.policy_sha256().empty()) {
    json["entity_types"] = Json(stage.entity_types());
    json["policy_sha256"] = stage.policy_sha256();
  }
  if (stage.has_start_time()) json["start_time"] = FormatTime(stage.start_time());
  if (stage.has_error()) json["error"] = ErrorOf(stage.error());
  return json;
}

// A string, or null where there is none.
Json OrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace

const char kGenesisHash[] = "0000000000000000000000000000000000000000000000000000000000000000";

AuditLine SealAuditEntry(const internal::v1::AuditDraft& draft, int64_t sequence,
                         const std::string& prev_hash) {
  const v1::Job& job = draft.job();
  Json entry = {
      {"timestamp", FormatTime(draft.timestamp())},
      {"transcription_job_id", OrNull(job.transcription_id())},
      {"status", job.status()},
      {"accuracy_score", draft.has_accuracy_score() ? Json(draft.accuracy_score()) : Json(nullptr)},
      {"processing_duration_ms", draft.processing_duration_ms()},
      {"segment_count", draft.segment_count()},
      {"compliance_flags", ComplianceFlags(draft.compliance())},
      {"job_id", job.job_id()},
      {"event", draft.event()},
      {"recording_ids", Json(job.recording_ids())},
      {"language", job.language()},
      {"redaction_policy", job.redaction_policy()},
      {"tenant", draft.tenant()},
      {"actor", draft.actor()},
      {"reason", OrNull(draft.reason())},
  };
  if (job.has_error()) entry["error"] = ErrorOf(job.error());
  entry["outcomes"] = Outcomes(draft.compliance());
  entry["stages"] = Json::array();
  for (const v1::StageRecord& stage : draft.stages()) entry["stages"].push_back(StageOf(stage));
  entry["pipeline"] = job.pipeline();
  entry["pipeline_hash"] = job.pipeline_hash();
  entry["sequence"] = sequence;
  entry["prev_hash"] = prev_hash;

  // Strings are valid UTF-8 (protobuf checked them); a byte that is not becomes U+FFFD.
  std::string line = entry.dump(-1, ' ', false, Json::error_handler_t::replace);
  line.pop_back();  // the closing brace: the hash comes before it
  AuditLine sealed;
  sealed.sequence = sequence;
  sealed.hash = Sha256Hex(line);
  absl::StrAppend(&line, absl::string_view(kHashPrefix.data(), kHashPrefix.size()), sealed.hash,
                  absl::string_view(kHashSuffix.data(), kHashSuffix.size()));
  sealed.line = std::move(line);
  return sealed;
}

}  // namespace cxscribe
