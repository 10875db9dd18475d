#include "client/output.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "cxscribe/v1/transcription_service.pb.h"
#include "google/rpc/error_details.pb.h"

namespace cxscribe::client {
namespace {

using nlohmann::json;

TEST(Output, JsonHasOriginalNamesAndDefaults) {
  v1::GetResultResponse result;
  result.add_segments()->set_text("hi");
  const json parsed = json::parse(*ToJson(result, false));
  EXPECT_EQ(parsed["withheld"], false);
  EXPECT_EQ(parsed["segment_count"], 0);
  EXPECT_EQ(parsed["findings"], json::array());
  EXPECT_EQ(parsed["segments"][0]["start_ms"], 0);
  EXPECT_FALSE(parsed.contains("accuracy_score")) << "missing is not 0";
}

TEST(Output, JsonReadsBackAsTheSameMessage) {
  v1::Job job;
  job.set_job_id("job_1");
  job.set_state(v1::JOB_STATE_FAILED);
  job.set_revision(7);
  google::rpc::ErrorInfo info;
  info.set_reason("UPSTREAM_GONE");
  job.mutable_error()->set_code(5);
  job.mutable_error()->add_details()->PackFrom(info);
  v1::Job back;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(*ToJson(job, true), &back).ok());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(job, back));
}

TEST(Output, LeavesOutDetailsOfUnknownTypesOnly) {
  v1::Job job;
  google::rpc::ErrorInfo info;
  info.set_reason("KNOWN");
  job.mutable_error()->add_details()->set_type_url("type.googleapis.com/acme.Unknown");
  job.mutable_error()->add_details()->PackFrom(info);
  job.mutable_error()->add_details()->set_type_url("type.googleapis.com/acme.Other");
  const auto text = ToJson(job, false);
  ASSERT_TRUE(text.ok()) << text.status();
  const json details = json::parse(*text)["error"]["details"];
  ASSERT_EQ(details.size(), 1u);
  EXPECT_EQ(details[0]["reason"], "KNOWN");
}

TEST(Output, JsonlIsOneLineWhateverTheTextHolds) {
  v1::Segment segment;
  segment.set_text("two\nlines\u2028and \x1b[31m more");
  const std::string line = *ToDocument(segment, OutputFormat::kJsonl);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
}

TEST(Output, YamlHoldsTheSameData) {
  v1::Job job;
  job.set_job_id("job_1");
  job.set_revision(12);
  job.set_punctuation(true);
  (*job.mutable_labels())["a"] = "true";
  (*job.mutable_labels())["b"] = "0123";
  (*job.mutable_labels())["c"] = "1e3";
  (*job.mutable_labels())["d"] = "~";
  (*job.mutable_labels())["e"] = "";
  (*job.mutable_labels())["f"] = "x: y # z";
  (*job.mutable_labels())["g"] = "a\nb\x1b";
  (*job.mutable_labels())["no"] = "Grüße";
  const std::string yaml = *ToDocument(job, OutputFormat::kYaml);
  EXPECT_EQ(yaml.find('\x1b'), std::string::npos);
  const YAML::Node node = YAML::Load(yaml);
  EXPECT_EQ(node["job_id"].as<std::string>(), "job_1");
  EXPECT_EQ(node["revision"].as<int>(), 12);
  EXPECT_TRUE(node["punctuation"].as<bool>());
  EXPECT_TRUE(node["recording_ids"].IsSequence());
  for (const auto& label : job.labels()) {
    EXPECT_EQ(node["labels"][label.first].as<std::string>(), label.second);
  }
  for (const char* quoted :
       {"a: \"true\"", "b: \"0123\"", "c: \"1e3\"", "d: \"~\"", "e: \"\"", "\"no\": "}) {
    EXPECT_THAT(yaml, ::testing::HasSubstr(quoted));
  }
}

}  // namespace
}  // namespace cxscribe::client
