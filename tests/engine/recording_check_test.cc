// Recordings are judged all at once: missing, of a wrong format, too large together.
#include "server/engine/recording_check.h"

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "server/base/error.h"

namespace cxscribe {
namespace {

constexpr int64_t kMib = 1 << 20;

google::rpc::BadRequest Violations(const absl::Status& status) {
  google::rpc::BadRequest bad_request;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  if (payload.has_value()) bad_request.ParseFromString(std::string(*payload));
  return bad_request;
}

TEST(JudgeRecordingsTest, TakesWavAndMp3WhateverTheirCase) {
  const std::map<std::string, UpstreamRecording> found = {{"a", {"a", "wav", kMib, ""}},
                                                          {"b", {"b", "MP3", kMib, ""}}};
  EXPECT_TRUE(JudgeRecordings({"a", "b"}, found, 500).ok());
}

TEST(JudgeRecordingsTest, ReportsEveryProblemWithItsField) {
  const std::map<std::string, UpstreamRecording> found = {{"b", {"b", "ogg", kMib, ""}},
                                                          {"c", {"c", "wav", 2 * kMib, ""}}};
  const absl::Status status = JudgeRecordings({"a", "b", "c", "d"}, found, 2);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "RECORDINGS_INVALID");
  const auto violations = Violations(status);
  ASSERT_EQ(violations.field_violations_size(), 4);
  EXPECT_EQ(violations.field_violations(0).field(), "recording_ids[0]");
  EXPECT_EQ(violations.field_violations(1).field(), "recording_ids[1]");
  EXPECT_NE(violations.field_violations(1).description().find("ogg"), std::string::npos);
  EXPECT_EQ(violations.field_violations(2).field(), "recording_ids[3]");
  EXPECT_EQ(violations.field_violations(3).field(), "recording_ids");
}

TEST(JudgeRecordingsTest, TheQuotaIsInclusive) {
  const std::map<std::string, UpstreamRecording> exact = {{"a", {"a", "wav", 500 * kMib, ""}}};
  EXPECT_TRUE(JudgeRecordings({"a"}, exact, 500).ok());
  const std::map<std::string, UpstreamRecording> over = {{"a", {"a", "wav", 500 * kMib + 1, ""}}};
  const absl::Status status = JudgeRecordings({"a"}, over, 500);
  EXPECT_FALSE(status.ok());
  EXPECT_NE(std::string(status.message()).find("501 MiB"), std::string::npos) << status;
  EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.QuotaFailure").has_value());
}

TEST(JudgeRecordingsTest, DoesNotRepeatAnEndlessFormat) {
  const std::map<std::string, UpstreamRecording> found = {
      {"a", {"a", std::string(100'000, 'x'), 1, ""}}};
  EXPECT_LT(JudgeRecordings({"a"}, found, 500).message().size(), 300u);
}

}  // namespace
}  // namespace cxscribe
