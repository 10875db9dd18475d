#include "server/audit/entry.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "google/rpc/status.pb.h"
#include "server/audit/verify.h"
#include "server/base/error.h"
#include "server/base/hash.h"
#include "server/base/timestamp.h"

namespace cxscribe {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kSecretText[] = "my card is four two four two";

internal::v1::AuditDraft FullDraft() {
  internal::v1::AuditDraft draft;
  *draft.mutable_timestamp() = ToTimestamp(absl::FromUnixMillis(1'705'312'950'007));
  draft.set_event("COMPLETED");
  draft.set_tenant("tenant-a");
  draft.set_actor("alice");
  draft.set_accuracy_score(0.94);
  draft.set_processing_duration_ms(150'000);
  draft.set_segment_count(42);
  v1::Job& job = *draft.mutable_job();
  job.set_job_id("job_1");
  job.set_transcription_id("txn_9f8e7d6c5b4a");
  job.set_status("completed");
  job.add_recording_ids("rec_8a7f3b2c1d4e");
  job.add_recording_ids("rec_1b2c3d4e5f6a");
  job.set_language("en-US");
  job.set_redaction_policy("pii");
  job.set_pipeline("default");
  job.set_pipeline_hash("abc");
  v1::Compliance& compliance = *draft.mutable_compliance();
  compliance.set_vendor_redaction(v1::OUTCOME_FAIL);
  compliance.set_pii_redacted(v1::OUTCOME_PASS);
  compliance.set_diarization_applied(v1::OUTCOME_INCONCLUSIVE);
  compliance.set_punctuation_restored(v1::OUTCOME_PASS);
  (*compliance.mutable_capabilities())["b.two"] = v1::OUTCOME_FAIL;
  (*compliance.mutable_capabilities())["a.one"] = v1::OUTCOME_PASS;
  v1::StageRecord& stage = *draft.add_stages();
  stage.set_stage("redaction-verification");
  stage.set_plugin("redaction");
  stage.set_plugin_sha256(std::string(64, 'a'));
  stage.set_kind(v1::STAGE_KIND_VERIFY);
  stage.set_duration_ms(1.5);
  stage.set_outcome(v1::OUTCOME_PASS);
  stage.set_reason(kSecretText);
  stage.set_pass(2);
  stage.add_entity_types("CREDIT_CARD");
  stage.add_entity_types("acme.EMPLOYEE_ID");
  stage.set_policy_sha256(std::string(64, 'd'));
  auto* resource = stage.add_resources();
  resource->set_name("names.txt");
  resource->set_sha256(std::string(64, 'b'));
  return draft;
}

TEST(AuditEntry, AFailedJobHasEveryFlagFalse) {
  internal::v1::AuditDraft draft;
  draft.set_event("FAILED");
  draft.mutable_job()->set_status("failed");
  *draft.mutable_job()->mutable_error() = ToRpcStatus(
      ErrorBuilder(absl::StatusCode::kUnavailable, "UPSTREAM_UNAVAILABLE", kSecretText).Build());
  const auto entry = nlohmann::json::parse(SealAuditEntry(draft, 1, kGenesisHash).line);
  EXPECT_EQ(entry["compliance_flags"], (nlohmann::json{{"pii_redacted", false},
                                                       {"diarization_applied", false},
                                                       {"punctuation_restored", false}}));
  EXPECT_EQ(entry["outcomes"]["pii_redacted"], "NOT_RUN");
  EXPECT_TRUE(entry["accuracy_score"].is_null());
  EXPECT_TRUE(entry["transcription_job_id"].is_null());
  EXPECT_EQ(entry["error"],
            (nlohmann::json{{"code", "UNAVAILABLE"}, {"reason", "UPSTREAM_UNAVAILABLE"}}));
}

TEST(AuditEntry, AFlagIsTrueExactlyWhenItsOutcomeIsPass) {
  for (int value = v1::Outcome_MIN; value <= v1::Outcome_MAX; ++value) {
    const auto outcome = static_cast<v1::Outcome>(value);
    internal::v1::AuditDraft draft;
    draft.mutable_compliance()->set_pii_redacted(outcome);
    draft.mutable_compliance()->set_diarization_applied(outcome);
    draft.mutable_compliance()->set_punctuation_restored(outcome);
    const auto entry = nlohmann::json::parse(SealAuditEntry(draft, 1, kGenesisHash).line);
    for (const char* flag : {"pii_redacted", "diarization_applied", "punctuation_restored"}) {
      EXPECT_EQ(entry["compliance_flags"][flag], outcome == v1::OUTCOME_PASS) << value;
    }
  }
}

TEST(AuditEntry, HasTheDocumentedFormByteForByte) {
  const AuditLine sealed = SealAuditEntry(FullDraft(), 7, std::string(64, 'c'));
  const std::string body =
      R"({"timestamp":"2024-01-15T10:02:30.007Z","transcription_job_id":"txn_9f8e7d6c5b4a",)"
      R"("status":"completed","accuracy_score":0.94,"processing_duration_ms":150000,)"
      R"("segment_count":42,"compliance_flags":{"pii_redacted":true,"diarization_applied":false,)"
      R"("punctuation_restored":true},"job_id":"job_1","event":"COMPLETED",)"
      R"("recording_ids":["rec_8a7f3b2c1d4e","rec_1b2c3d4e5f6a"],"language":"en-US",)"
      R"("redaction_policy":"pii","tenant":"tenant-a","actor":"alice","reason":null,)"
      R"("outcomes":{"vendor_redaction":"FAIL","pii_redacted":"PASS",)"
      R"("diarization_applied":"INCONCLUSIVE","punctuation_restored":"PASS",)"
      R"("capabilities":{"a.one":"PASS","b.two":"FAIL"}},)"
      R"("stages":[{"stage":"redaction-verification","plugin":"redaction","plugin_version":"",)"
      R"("plugin_sha256":")" +
      std::string(64, 'a') +
      R"(","capability":"","kind":"verify","isolation":"","config_sha256":"","input_sha256":"",)"
      R"("output_sha256":"","resources":[{"name":"names.txt","sha256":")" +
      std::string(64, 'b') +
      R"("}],"segments_in":0,"segments_out":0,"findings":0,"annotations":0,"pass":2,)"
      R"("duration_ms":1.5,"outcome":"PASS","entity_types":["CREDIT_CARD","acme.EMPLOYEE_ID"],)"
      R"("policy_sha256":")" +
      std::string(64, 'd') +
      R"("}],"pipeline":"default","pipeline_hash":"abc",)"
      R"("sequence":7,"prev_hash":")" +
      std::string(64, 'c') + "\"";
  EXPECT_EQ(sealed.sequence, 7);
  EXPECT_EQ(sealed.hash, Sha256Hex(body));
  EXPECT_EQ(sealed.line, body + ",\"hash\":\"" + sealed.hash + "\"}");
}

TEST(AuditEntry, IsOneLineWithoutTranscriptText) {
  internal::v1::AuditDraft draft = FullDraft();
  draft.set_reason("two\nlines, \"quotes\" and \xc3\xa9");
  auto* error = draft.mutable_stages(0)->mutable_error();
  *error = ToRpcStatus(
      ErrorBuilder(absl::StatusCode::kInternal, "said: four two four two", kSecretText).Build());
  const AuditLine sealed = SealAuditEntry(draft, 1, kGenesisHash);
  EXPECT_THAT(sealed.line, Not(HasSubstr("\n")));
  EXPECT_THAT(sealed.line, Not(HasSubstr("four two")));
  const auto entry = nlohmann::json::parse(sealed.line);
  EXPECT_EQ(entry["reason"], draft.reason());
  EXPECT_EQ(entry["stages"][0]["error"]["reason"], "OTHER");
}

TEST(AuditEntry, IsWhatVerifyingExpects) {
  std::string why;
  const auto link = ParseAuditLine(SealAuditEntry(FullDraft(), 7, kGenesisHash).line, why);
  ASSERT_TRUE(link.has_value()) << why;
  EXPECT_EQ(link->sequence, 7);
  EXPECT_EQ(link->prev_hash, kGenesisHash);
  EXPECT_TRUE(link->hash_matches);
}

TEST(AuditEntry, TheLargestJobFitsIntoALine) {
  internal::v1::AuditDraft draft = FullDraft();
  draft.mutable_job()->clear_recording_ids();
  for (int i = 0; i < 1000; ++i) draft.mutable_job()->add_recording_ids(std::string(128, 'r'));
  const v1::StageRecord stage = draft.stages(0);
  for (int i = 0; i < 200; ++i) *draft.add_stages() = stage;
  EXPECT_LT(SealAuditEntry(draft, 1, kGenesisHash).line.size(), kMaxAuditLineBytes / 4);
}

}  // namespace
}  // namespace cxscribe
