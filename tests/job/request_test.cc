#include "server/job/request.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "server/base/error.h"

namespace cxscribe {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class RequestTest : public testing::Test {
 protected:
  RequestTest() {
    for (const char* name : {"pii", "pci", "phi", "none", "claims"}) {
      settings_.redaction_policies[name].name = name;
    }
    for (const char* name : {"default", "strict"}) {
      settings_.pipelines.emplace_back();
      settings_.pipelines.back().name = name;
    }
    request_.add_recording_ids("rec_8a7f3b2c1d4e");
  }

  absl::StatusOr<internal::v1::JobRecord> Prepare() {
    return PrepareRequest(request_, {settings_, "default", check_webhook_});
  }

  // The violations of the request by field; the test fails when the error is of another kind.
  std::multimap<std::string, std::string> Violations() {
    const absl::Status status = Prepare().status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_EQ(ReasonOf(status), "INVALID_REQUEST");
    std::multimap<std::string, std::string> found;
    google::rpc::BadRequest details;
    const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
    if (payload.has_value()) details.ParseFromString(std::string(*payload));
    for (const auto& violation : details.field_violations()) {
      found.emplace(violation.field(), violation.description());
    }
    return found;
  }

  Settings settings_;
  v1::SubmitRequest request_;
  std::function<absl::Status(std::string_view)> check_webhook_ = [](std::string_view url) {
    if (url.substr(0, 4) != "http") {
      return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST", "bad URL")
          .Field("webhook_url", "not an absolute http(s) URL")
          .Build();
    }
    if (url.substr(0, 5) == "http:") {
      return ErrorBuilder(absl::StatusCode::kPermissionDenied, "WEBHOOK_FORBIDDEN",
                          "http needs webhook.allow_http")
          .Build();
    }
    return absl::OkStatus();
  };
};

TEST_F(RequestTest, EveryWrongFieldIsNamedAtOnce) {
  request_.clear_recording_ids();
  request_.set_language("english");
  request_.set_redaction_policy("gdpr");
  request_.set_pipeline("fast");
  request_.set_webhook_url("nonsense");
  (*request_.mutable_labels())["Team"] = "claims";
  request_.set_request_id("tab\there");
  EXPECT_THAT(Violations(),
              UnorderedElementsAre(
                  Pair("recording_ids", HasSubstr("at least one")),
                  Pair("language", HasSubstr("\"english\"")),
                  Pair("redaction_policy", HasSubstr("known: claims, none, pci, phi, pii")),
                  Pair("pipeline", HasSubstr("known: default, strict")),
                  Pair("webhook_url", "not an absolute http(s) URL"),
                  Pair("labels[\"Team\"]", HasSubstr("[a-z0-9_.-]{1,63}")),
                  Pair("request_id", HasSubstr("printable ASCII"))));
}

TEST_F(RequestTest, TheMessageNamesTheFieldsToo) {
  request_.set_language("english");
  EXPECT_THAT(std::string(Prepare().status().message()), HasSubstr("language: \"english\""));
}

TEST_F(RequestTest, TooManyRecordingsAreOneViolation) {
  for (int i = 1; i < 1001; ++i) request_.add_recording_ids(absl::StrCat("rec_", i));
  EXPECT_THAT(Violations(), ElementsAre(Pair("recording_ids", HasSubstr("not 1001"))));
  request_.mutable_recording_ids()->RemoveLast();
  EXPECT_TRUE(Prepare().ok());
}

TEST_F(RequestTest, EachDuplicateAndMalformedIdIsNamedByItsPlace) {
  request_.add_recording_ids("rec 2");
  request_.add_recording_ids("rec_8a7f3b2c1d4e");
  request_.add_recording_ids("");
  request_.add_recording_ids(std::string(129, 'a'));
  request_.add_recording_ids(std::string(128, 'a'));
  EXPECT_THAT(Violations(),
              UnorderedElementsAre(Pair("recording_ids[1]", HasSubstr("\"rec 2\"")),
                                   Pair("recording_ids[2]", HasSubstr("recording_ids[0]")),
                                   Pair("recording_ids[3]", HasSubstr("\"\"")),
                                   Pair("recording_ids[4]", HasSubstr("{1,128}"))));
}

TEST_F(RequestTest, AnErrorStaysSmallEnoughForTrailers) {
  request_.clear_recording_ids();
  for (int i = 0; i < 1000; ++i) {
    request_.add_recording_ids(absl::StrCat(std::string(200, '\x01'), i));
  }
  for (int i = 0; i < 64; ++i) {
    (*request_.mutable_labels())[absl::StrCat("BAD", i)] = std::string(300, 'x');
  }
  request_.set_language(std::string(5000, 'e'));
  request_.set_pipeline(std::string(5000, 'p'));
  EXPECT_THAT(Violations(), AllOf(Contains(Pair("recording_ids", "and 992 more like these")),
                                  Contains(Key("labels")), Contains(Key("language"))));
  const absl::Status status = Prepare().status();
  size_t bytes = status.message().size();
  status.ForEachPayload(
      [&bytes](absl::string_view, const absl::Cord& payload) { bytes += payload.size(); });
  // grpc-message and, in Base64, grpc-status-details-bin share 8 KiB; the latter holds the message
  // a second time.
  EXPECT_LT(bytes + status.message().size(), 6000);
}

TEST_F(RequestTest, LabelsAreBounded) {
  for (int i = 0; i < 64; ++i) {
    (*request_.mutable_labels())[absl::StrCat("k", i)] = std::string(256, 'v');
  }
  EXPECT_TRUE(Prepare().ok());
  (*request_.mutable_labels())["one.more"] = "";
  EXPECT_THAT(Violations(), ElementsAre(Pair("labels", HasSubstr("at most 64"))));
  request_.clear_labels();
  (*request_.mutable_labels())[std::string(64, 'k')] = "";
  (*request_.mutable_labels())["v"] = std::string(257, 'v');
  EXPECT_THAT(Violations(), SizeIs(2));
}

TEST_F(RequestTest, RequestIdIsBounded) {
  request_.set_request_id(std::string(128, '~'));
  EXPECT_TRUE(Prepare().ok());
  request_.set_request_id(std::string(129, '~'));
  EXPECT_THAT(Violations(), ElementsAre(Pair("request_id", HasSubstr("128"))));
}

TEST_F(RequestTest, AForbiddenWebhookIsRefusedWithItsOwnError) {
  request_.set_webhook_url("http://example.com/hook");
  const absl::Status status = Prepare().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(status), "WEBHOOK_FORBIDDEN");
  EXPECT_THAT(std::string(status.message()), HasSubstr("webhook.allow_http"));
}

TEST_F(RequestTest, WrongFieldsComeBeforeAForbiddenWebhook) {
  request_.set_webhook_url("http://example.com/hook");
  request_.set_language("english");
  EXPECT_THAT(Violations(), ElementsAre(Pair("language", HasSubstr("BCP 47"))));
}

TEST_F(RequestTest, WebhooksAreRefusedWhereNothingChecksThem) {
  check_webhook_ = nullptr;
  EXPECT_TRUE(Prepare().ok());
  request_.set_webhook_url("https://example.com/hook");
  EXPECT_EQ(ReasonOf(Prepare().status()), "WEBHOOK_FORBIDDEN");
}

TEST_F(RequestTest, DefaultsAreFilledIn) {
  const auto record = Prepare();
  ASSERT_TRUE(record.ok()) << record.status();
  const v1::Job& job = record->job();
  EXPECT_THAT(job.recording_ids(), ElementsAre("rec_8a7f3b2c1d4e"));
  EXPECT_EQ(job.language(), "en-US");
  EXPECT_EQ(job.redaction_policy(), "pii");
  EXPECT_EQ(job.pipeline(), "default");
  EXPECT_EQ(job.account(), "default");
  EXPECT_TRUE(job.punctuation());
  EXPECT_TRUE(job.diarization());
  EXPECT_FALSE(job.has_webhook());
  EXPECT_EQ(record->request_sha256(), RequestFingerprint(*record));
}

TEST_F(RequestTest, WhatWasAskedIsKept) {
  request_.set_language("FR-ca");
  request_.set_redaction_policy("claims");
  request_.set_pipeline("strict");
  request_.set_punctuation(false);
  request_.set_diarization(false);
  request_.set_webhook_url("https://example.com/hook?key=secret");
  (*request_.mutable_labels())["team"] = "claims";
  request_.set_request_id("r 1");
  const auto record = Prepare();
  ASSERT_TRUE(record.ok()) << record.status();
  const v1::Job& job = record->job();
  EXPECT_EQ(job.language(), "fr-CA");
  EXPECT_EQ(job.redaction_policy(), "claims");
  EXPECT_EQ(job.pipeline(), "strict");
  EXPECT_FALSE(job.punctuation());
  EXPECT_FALSE(job.diarization());
  EXPECT_TRUE(job.has_webhook());
  EXPECT_EQ(job.labels().at("team"), "claims");
  EXPECT_EQ(job.request_id(), "r 1");
  EXPECT_EQ(record->webhook_url(), "https://example.com/hook?key=secret");
  EXPECT_EQ(job.ShortDebugString().find("secret"), std::string::npos);
}

TEST_F(RequestTest, TheFingerprintIsOfTheFieldsAfterDefaults) {
  const std::string plain = Prepare()->request_sha256();
  request_.set_language("EN-us");
  request_.set_redaction_policy("pii");
  request_.set_pipeline("default");
  request_.set_punctuation(true);
  request_.set_diarization(true);
  request_.set_request_id("any");
  request_.set_validate_only(true);
  EXPECT_EQ(Prepare()->request_sha256(), plain);
}

TEST_F(RequestTest, TheFingerprintChangesWithEveryField) {
  std::set<std::string> seen = {Prepare()->request_sha256()};
  const v1::SubmitRequest plain = request_;
  const auto differs = [&](auto change) {
    request_ = plain;
    change(request_);
    const auto record = Prepare();
    ASSERT_TRUE(record.ok()) << record.status();
    EXPECT_TRUE(seen.insert(record->request_sha256()).second) << request_.ShortDebugString();
  };
  differs([](auto& r) { r.set_recording_ids(0, "rec_other"); });
  differs([](auto& r) { r.add_recording_ids("rec_2"); });
  differs([](auto& r) { r.set_language("en-GB"); });
  differs([](auto& r) { r.set_redaction_policy("pci"); });
  differs([](auto& r) { r.set_pipeline("strict"); });
  differs([](auto& r) { r.set_punctuation(false); });
  differs([](auto& r) { r.set_diarization(false); });
  differs([](auto& r) { r.set_webhook_url("https://example.com/hook"); });
  differs([](auto& r) { (*r.mutable_labels())["a"] = "b"; });
  differs([](auto& r) { (*r.mutable_labels())["a"] = "c"; });
  differs([](auto& r) { (*r.mutable_labels())["ab"] = ""; });
}

// A reload may have exchanged them since the settings were read.
TEST_F(RequestTest, NamesInForceWinOverThoseOfTheSettings) {
  RequestRules rules{settings_, "default", check_webhook_};
  rules.pipelines = [] { return std::vector<std::string>{"later"}; };
  rules.policies = [] { return std::vector<std::string>{"recent"}; };
  EXPECT_FALSE(PrepareRequest(request_, rules).ok()) << "pii and default are gone";
  request_.set_pipeline("later");
  request_.set_redaction_policy("recent");
  EXPECT_TRUE(PrepareRequest(request_, rules).ok()) << PrepareRequest(request_, rules).status();
}

}  // namespace
}  // namespace cxscribe
