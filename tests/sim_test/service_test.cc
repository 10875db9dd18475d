// The CXone contract, call by call: what is refused first, then what is answered.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim_test/sim_fixture.h"

namespace cxscribe::sim {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr char kForm[] = "grant_type=client_credentials&client_id=demo&client_secret=demo";

std::vector<std::string> Ids(const json& body) {
  std::vector<std::string> ids;
  for (const json& entity : body.at("entities")) ids.push_back(entity.at("id"));
  return ids;
}

class TokenTest : public SimTest {};

TEST_F(TokenTest, WrongSecretIs401InvalidClient) {
  const HttpResponse answer =
      TokenRequest("grant_type=client_credentials&client_id=demo&client_secret=wrong");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(Json(answer).at("error"), "invalid_client");
}

TEST_F(TokenTest, UnknownClientIs401) {
  EXPECT_EQ(TokenRequest("grant_type=client_credentials&client_id=x&client_secret=demo").status,
            401);
}

TEST_F(TokenTest, UnknownGrantIs400) {
  const HttpResponse answer = TokenRequest("grant_type=password&client_id=demo&client_secret=demo");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(Json(answer).at("error"), "unsupported_grant_type");
}

TEST_F(TokenTest, MissingGrantIs400) {
  EXPECT_EQ(TokenRequest("client_id=demo&client_secret=demo").status, 400);
}

TEST_F(TokenTest, JsonBodyIs400) {
  const HttpResponse answer =
      service->Handle(MakeRequest("POST", "/oauth2/token", {{"Content-Type", "application/json"}},
                                  R"({"grant_type": "client_credentials"})"));
  EXPECT_EQ(answer.status, 400);
}

TEST_F(TokenTest, OnlyUnknownScopesIs400) {
  EXPECT_EQ(TokenRequest(absl::StrCat(kForm, "&scope=admin:all")).status, 400);
}

TEST_F(TokenTest, GetIs405) {
  EXPECT_EQ(service->Handle(MakeRequest("GET", "/oauth2/token")).status, 405);
}

TEST_F(TokenTest, CredentialsInTheFormGetAnHour) {
  const json body = Json(TokenRequest(kForm));
  EXPECT_FALSE(body.at("access_token").get<std::string>().empty());
  EXPECT_EQ(body.at("expires_in"), 3600);
  EXPECT_EQ(body.at("token_type"), "Bearer");
  EXPECT_EQ(service->TokensIssued(), 1);
}

TEST_F(TokenTest, CredentialsAsHttpBasicWork) {
  // demo:demo
  EXPECT_EQ(TokenRequest("grant_type=client_credentials", {{"Authorization", "Basic ZGVtbzpkZW1v"}})
                .status,
            200);
  // demo:wrong
  EXPECT_EQ(
      TokenRequest("grant_type=client_credentials", {{"Authorization", "Basic ZGVtbzp3cm9uZw=="}})
          .status,
      401);
}

TEST_F(TokenTest, SpecialCharactersOfASecretAreDecoded) {
  Restart({.client_secret = "a b&c+d%"});
  EXPECT_EQ(
      TokenRequest("grant_type=client_credentials&client_id=demo&client_secret=a+b%26c%2Bd%25")
          .status,
      200);
}

TEST_F(TokenTest, ExpiresExactlyWhenSaid) {
  token = Token();
  clock.Advance(absl::Seconds(3600) - absl::Milliseconds(1));
  EXPECT_EQ(Recordings({kSeedWav}).status, 200);
  clock.Advance(absl::Milliseconds(1));
  const HttpResponse answer = Recordings({kSeedWav});
  EXPECT_EQ(answer.status, 401);
  EXPECT_THAT(answer.body, HasSubstr("expired"));
}

TEST_F(TokenTest, LifetimeCanBeSet) {
  Restart({.token_lifetime = absl::Seconds(5)});
  EXPECT_EQ(Json(TokenRequest(kForm)).at("expires_in"), 5);
}

TEST_F(TokenTest, MissingMadeUpAndRevokedTokensAre401) {
  EXPECT_EQ(service->Handle(MakeRequest("GET", "/api/v2/recordings?ids=a")).status, 401);
  token = "made-up";
  EXPECT_EQ(Recordings({kSeedWav}).status, 401);
  token = Token();
  EXPECT_EQ(Recordings({kSeedWav}).status, 200);
  service->RevokeTokens();
  EXPECT_EQ(Recordings({kSeedWav}).status, 401);
}

TEST_F(TokenTest, MissingScopeIs403OnThatCallOnly) {
  token = Token("recordings:read");
  EXPECT_EQ(Recordings({kSeedWav}).status, 200);
  EXPECT_EQ(SubmitIds({kSeedWav}).status, 403);
  EXPECT_EQ(Poll("txn_9f8e7d6c5b4a").status, 403);
  token = Token("voice:transcribe");
  EXPECT_EQ(Recordings({kSeedWav}).status, 403);
  EXPECT_EQ(SubmitIds({kSeedWav}).status, 200);
  token = Token("recordings:read+voice:transcribe");
  EXPECT_EQ(Recordings({kSeedWav}).status, 200);
  EXPECT_EQ(SubmitIds({kSeedWav}).status, 200);
}

TEST_F(TokenTest, RotatedSecretRefusesTheOldOne) {
  service->SetClientSecret("new");
  EXPECT_EQ(TokenRequest(kForm).status, 401);
}

class RecordingsTest : public SimTest {};

TEST_F(RecordingsTest, MoreThanAHundredIdsIs400) {
  std::vector<std::string> ids(100, kSeedWav);
  EXPECT_EQ(Recordings(ids).status, 200);
  ids.emplace_back(kSeedMp3);
  EXPECT_EQ(Recordings(ids).status, 400);
}

TEST_F(RecordingsTest, BadPagesAre400) {
  for (const char* page : {"pageSize=0", "pageSize=101", "pageSize=x", "pageNumber=0",
                           "pageNumber=-1", "pageSize=5&pageSize=6"}) {
    EXPECT_EQ(Recordings({kSeedWav}, page).status, 400) << page;
  }
}

TEST_F(RecordingsTest, UnknownIdsAreSilentlyLeftOut) {
  const json body = Json(Recordings({"rec_nope", kSeedMp3, "rec_nada", kSeedWav}));
  EXPECT_THAT(Ids(body), ElementsAre(kSeedMp3, kSeedWav));
  EXPECT_EQ(body.at("total"), 2);
}

TEST_F(RecordingsTest, EntitiesHaveTheFieldsOfTheContract) {
  const json body = Json(Recordings({kSeedWav, kSeedMp3}));
  EXPECT_EQ(
      body.at("entities").at(0),
      json({{"id", kSeedWav}, {"format", "wav"}, {"size", 4096000}, {"mediaType", "audio/wav"}}));
  EXPECT_EQ(body.at("entities").at(1).at("format"), "mp3");
  EXPECT_EQ(body.at("pageSize"), 100);
  EXPECT_EQ(body.at("pageNumber"), 1);
}

TEST_F(RecordingsTest, PagesCutTheAnswer) {
  const std::vector<std::string> ids = {kSeedWav, kSeedMp3, "rec_silent"};
  const json second = Json(Recordings(ids, "pageSize=2&pageNumber=2"));
  EXPECT_THAT(Ids(second), ElementsAre("rec_silent"));
  EXPECT_EQ(second.at("total"), 3);
  EXPECT_EQ(second.at("pageSize"), 2);
  EXPECT_EQ(second.at("pageNumber"), 2);
  EXPECT_THAT(Ids(Json(Recordings(ids, "pageSize=2&pageNumber=9"))), ElementsAre());
}

TEST_F(RecordingsTest, EscapedIdsAreDecoded) {
  EXPECT_THAT(Ids(Json(Recordings({"rec%5Fsilent"}))), ElementsAre("rec_silent"));
}

TEST_F(RecordingsTest, DemonstrationsOfRefusalExist) {
  const json entities = Json(Recordings({"rec_unsupported", "rec_huge"})).at("entities");
  EXPECT_EQ(entities.at(0).at("format"), "ogg");
  EXPECT_EQ(entities.at(1).at("size"), 600LL * 1024 * 1024);
}

class SubmitTest : public SimTest {
 protected:
  static std::vector<std::string> Fields(const HttpResponse& answer) {
    std::vector<std::string> fields;
    const json body = Json(answer);
    for (const json& error : body.at("errors")) fields.push_back(error.at("field"));
    return fields;
  }
};

TEST_F(SubmitTest, BrokenBodiesAre400) {
  for (const char* body : {"", "{", "[]", "null", "\"x\"", "{\"recording_ids\": [\"a\"]} x"}) {
    const HttpResponse answer = Submit(body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(Json(answer).at("code"), "invalid.request");
    EXPECT_FALSE(Json(answer).at("message").get<std::string>().empty());
  }
}

TEST_F(SubmitTest, OtherContentTypesAre415) {
  const HttpResponse answer =
      service->Handle(MakeRequest("POST", "/api/v2/voice/transcriptions",
                                  {Bearer(), {"Content-Type", "application/x-www-form-urlencoded"}},
                                  R"({"recording_ids": ["rec_silent"]})"));
  EXPECT_EQ(answer.status, 415);
}

TEST_F(SubmitTest, EveryWrongFieldIsNamedAtOnce) {
  const HttpResponse answer = Submit(
      R"({"recording_ids": "rec_silent", "language": 5, "redaction_policy": "custom",
          "punctuation": "yes", "diarization": 1, "webhook_url": "ftp://x"})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(Fields(answer), ElementsAre("recording_ids", "language", "redaction_policy",
                                          "punctuation", "diarization", "webhook_url"));
}

TEST_F(SubmitTest, MissingEmptyAndMistypedRecordingIdsAre400) {
  for (const char* body : {"{}", R"({"recording_ids": []})", R"({"recording_ids": [5]})",
                           R"({"recording_ids": null})"}) {
    EXPECT_THAT(Fields(Submit(body)), ElementsAre("recording_ids")) << body;
  }
}

TEST_F(SubmitTest, UnknownRecordingsAndFormatsAreEachNamed) {
  const HttpResponse answer = SubmitIds({kSeedWav, "rec_nope", "rec_unsupported"});
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(Fields(answer), ElementsAre("recording_ids[1]", "recording_ids[2]"));
  EXPECT_THAT(answer.body, HasSubstr("ogg"));
}

TEST_F(SubmitTest, QuotaIsInclusive) {
  constexpr int64_t kMiB = 1024 * 1024;
  ASSERT_TRUE(service->AddRecording({.id = "exact", .size_bytes = 500 * kMiB}).ok());
  ASSERT_TRUE(service->AddRecording({.id = "one", .size_bytes = 1}).ok());
  EXPECT_EQ(SubmitIds({"exact"}).status, 200);
  const HttpResponse answer = SubmitIds({"exact", "one"});
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("524288001 bytes"));
  EXPECT_EQ(SubmitIds({"rec_huge"}).status, 400);
}

TEST_F(SubmitTest, QuotaCanBeSet) {
  Restart({.max_storage_mb = 600});
  EXPECT_EQ(SubmitIds({"rec_huge"}).status, 200);
}

TEST_F(SubmitTest, RefusedSubmissionsCreateNothing) {
  SubmitIds({"rec_nope"});
  EXPECT_TRUE(service->Transcriptions().empty());
}

TEST_F(SubmitTest, TheDocumentedRecordingGetsTheDocumentedIdOnce) {
  EXPECT_EQ(Submitted(kSeedWav), "txn_9f8e7d6c5b4a");
  EXPECT_THAT(Submitted(kSeedWav), MatchesRegex("txn_[0-9a-f]{12}"));
  EXPECT_NE(service->Transcriptions()[1].id, "txn_9f8e7d6c5b4a");
}

TEST_F(SubmitTest, EverythingThatWasAskedForIsRecorded) {
  Submit(R"({"recording_ids": ["rec_silent"], "language": "de-AT", "redaction_policy": "pci",
             "punctuation": false, "diarization": false, "webhook_url": "https://example.com/x"})",
         {{"Idempotency-Key", "k"}});
  ASSERT_EQ(service->Transcriptions().size(), 1u);
  const Transcription created = service->Transcriptions().front();
  EXPECT_THAT(created.recording_ids, ElementsAre("rec_silent"));
  EXPECT_EQ(created.language, "de-AT");
  EXPECT_EQ(created.redaction_policy, "pci");
  EXPECT_FALSE(created.punctuation);
  EXPECT_FALSE(created.diarization);
  EXPECT_EQ(created.webhook_url, "https://example.com/x");
  EXPECT_EQ(created.idempotency_key, "k");
  Submitted();
  EXPECT_EQ(service->Transcriptions().back().webhook_url, std::nullopt);
}

TEST_F(SubmitTest, SameIdempotencyKeyIsTheSameTranscription) {
  const HttpResponse first = SubmitIds({"rec_silent"}, {{"Idempotency-Key", "k"}});
  const HttpResponse second = SubmitIds({"rec_silent"}, {{"Idempotency-Key", "k"}});
  EXPECT_EQ(Json(first), Json(second));
  EXPECT_EQ(second.Header("Idempotent-Replayed"), "true");
  SubmitIds({"rec_silent"}, {{"Idempotency-Key", "other"}});
  SubmitIds({"rec_silent"});
  EXPECT_EQ(service->Transcriptions().size(), 3u);
}

TEST_F(SubmitTest, AnIdempotencyKeyWithAnotherBodyIs400) {
  SubmitIds({"rec_silent"}, {{"Idempotency-Key", "k"}});
  EXPECT_EQ(SubmitIds({kSeedMp3}, {{"Idempotency-Key", "k"}}).status, 400);
  EXPECT_EQ(service->Transcriptions().size(), 1u);
}

TEST_F(SubmitTest, WithoutIdempotencyTheKeyIsIgnored) {
  Restart({.idempotency_header = false});
  SubmitIds({"rec_silent"}, {{"Idempotency-Key", "k"}});
  SubmitIds({"rec_silent"}, {{"Idempotency-Key", "k"}});
  EXPECT_EQ(service->Transcriptions().size(), 2u);
}

class PollTest : public SimTest {};

TEST_F(PollTest, UnknownIs404) {
  EXPECT_EQ(Poll("txn_000000000000").status, 404);
  EXPECT_EQ(Get("/api/v2/voice/transcriptions/a/b").status, 404);
  EXPECT_EQ(Get("/api/v2/nothing").status, 404);
}

TEST_F(PollTest, ProgressesOverTimeToCompleted) {
  Restart({.transcription_time = absl::Seconds(100)});
  const std::string id = Submitted();
  EXPECT_EQ(Json(Poll(id)).at("status"), "queued");
  int last = -1;
  for (int second = 10; second < 100; second += 10) {
    clock.Advance(absl::Seconds(10));
    const json body = Json(Poll(id));
    EXPECT_EQ(body.at("status"), "in_progress");
    EXPECT_GT(body.at("progress").get<int>(), last);
    EXPECT_FALSE(body.contains("results"));
    last = body.at("progress");
  }
  EXPECT_LT(last, 100);
  clock.Advance(absl::Seconds(10));
  const json body = Json(Poll(id));
  EXPECT_EQ(body.at("status"), "completed");
  EXPECT_EQ(body.at("progress"), 100);
  EXPECT_EQ(body.at("createdTime"), "2024-01-15T10:00:00Z");
  EXPECT_EQ(body.at("completedTime"), "2024-01-15T10:01:40Z");
  EXPECT_EQ(service->Transcriptions().front().polls, 11);
}

TEST_F(PollTest, SpeedDerivesTheDurationFromTheAudio) {
  Restart({.speed = 10});
  ASSERT_TRUE(service
                  ->AddRecording({.id = "minute", .transcript_json = R"({"results": [{"text": "a",
                                      "startOffsetMs": 0, "endOffsetMs": 60000}]})"})
                  .ok());
  const std::string id = Submitted("minute");
  clock.Advance(absl::Seconds(6) - absl::Milliseconds(1));
  EXPECT_EQ(Json(Poll(id)).at("status"), "in_progress");
  clock.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Json(Poll(id)).at("status"), "completed");
}

TEST_F(PollTest, RecordingsAreConcatenatedInTheOrderOfTheSubmission) {
  const auto add = [&](const char* id, const char* text, double score) {
    const json transcript{
        {"accuracyScore", score},
        {"results",
         {{{"text", text}, {"startOffsetMs", 100}, {"endOffsetMs", 200}, {"vendorField", 1}}}}};
    ASSERT_TRUE(service->AddRecording({.id = id, .transcript_json = transcript.dump()}).ok());
  };
  add("b", "second id, first in the job", 0.5);
  add("a", "card 4111 1111 1111 1111", 1.0);
  const std::string id =
      Json(Submit(R"({"recording_ids": ["b", "a"], "redaction_policy": "pci"})")).at("id");
  clock.Advance(absl::Seconds(3));
  const json body = Json(Poll(id));
  const json& results = body.at("results");
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].at("recordingId"), "b");
  EXPECT_EQ(results[1].at("recordingId"), "a");
  EXPECT_EQ(results[1].at("startOffsetMs"), 100) << "offsets start again with each recording";
  EXPECT_EQ(results[1].at("text"), "card 4111 1111 1111 1111") << "the vendor missed it";
  EXPECT_EQ(results[1].at("vendorField"), 1) << "unknown fields pass through";
  EXPECT_DOUBLE_EQ(body.at("accuracyScore").get<double>(), 0.75);
}

TEST_F(PollTest, SilenceIsCompletedWithoutResultsAndWithoutScore) {
  const std::string id = Submitted("rec_silent");
  clock.Advance(absl::Seconds(3));
  const json body = Json(Poll(id));
  EXPECT_EQ(body.at("status"), "completed");
  EXPECT_EQ(body.at("results"), json::array());
  EXPECT_FALSE(body.contains("accuracyScore"));
}

TEST_F(PollTest, AFailingRecordingFails) {
  const std::string id = Submitted("rec_failing");
  clock.Advance(absl::Seconds(3));
  const json body = Json(Poll(id));
  EXPECT_EQ(body.at("status"), "failed");
  EXPECT_THAT(body.at("error").at("message").get<std::string>(), HasSubstr("rec_failing"));
  EXPECT_FALSE(body.contains("results"));
}

class WebhookTest : public SimTest {};

TEST_F(WebhookTest, IsDueOnceWhenTheTranscriptionEnds) {
  Submit(R"({"recording_ids": ["rec_silent"], "webhook_url": "http://127.0.0.1:9/x"})");
  Submitted();
  EXPECT_TRUE(service->TakeDueWebhooks().empty());
  EXPECT_EQ(service->NextWebhookIn(), absl::Seconds(3));
  clock.Advance(absl::Seconds(3));
  const std::vector<WebhookCall> calls = service->TakeDueWebhooks();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].url, "http://127.0.0.1:9/x");
  EXPECT_EQ(json::parse(calls[0].body),
            json({{"id", service->Transcriptions()[0].id}, {"status", "completed"}}));
  EXPECT_TRUE(service->TakeDueWebhooks().empty());
  EXPECT_EQ(service->NextWebhookIn(), absl::InfiniteDuration());
}

class ObservingTest : public SimTest {};

TEST_F(ObservingTest, RequestsAreRecordedWithoutSecrets) {
  Restart({.client_secret = "s3cr3t"});
  TokenRequest("grant_type=client_credentials&client_secret=s3cr3t&client_id=demo");
  TokenRequest("grant_type=client_credentials", {{"Authorization", "Basic ZGVtbzpzM2NyM3Q="}});
  ASSERT_EQ(service->CallCount(Route::kToken), 2);
  const std::vector<RequestRecord> records = service->Requests(Route::kToken);
  EXPECT_EQ(records[0].request.body,
            "grant_type=client_credentials&client_secret=***&client_id=demo");
  EXPECT_EQ(records[1].request.Header("authorization"), "Basic ***");
  EXPECT_THAT(Admin("GET", "/admin/requests").body, testing::Not(HasSubstr("s3cr3t")));
}

TEST_F(ObservingTest, BytesThatAreNotUtf8DoNotBreakTheRequestList) {
  EXPECT_EQ(Recordings({"%ff%fe"}).status, 200);
  EXPECT_EQ(Submit("\xff\xfe").status, 400);
  EXPECT_EQ(Json(Admin("GET", "/admin/requests")).at("requests").size(), 3u);
}

TEST_F(ObservingTest, StateNamesCallsRecordingsAndTranscriptions) {
  Submit(R"({"recording_ids": ["rec_silent"], "webhook_url": "http://example.com/x"})");
  const json state = Json(Admin("GET", "/admin/state"));
  EXPECT_EQ(state.at("calls").at("submit"), 1);
  EXPECT_EQ(state.at("tokens_issued"), 1);
  EXPECT_EQ(state.at("transcriptions").at(0).at("status"), "queued");
  EXPECT_EQ(state.at("transcriptions").at(0).at("webhook_url"), "http://example.com/x");
  EXPECT_GE(state.at("recordings").size(), 6u);
}

TEST_F(ObservingTest, AdminRequestsAreNotCounted) {
  Admin("GET", "/admin/state");
  EXPECT_EQ(service->CallCount(Route::kAny), 0);
  Recordings({kSeedWav});
  EXPECT_EQ(service->CallCount(Route::kAny), 2);
  Admin("DELETE", "/admin/requests");
  EXPECT_EQ(service->CallCount(Route::kAny), 0);
}

TEST_F(ObservingTest, TimeCanBeMovedOn) {
  const std::string id = Submitted();
  EXPECT_EQ(Admin("POST", "/admin/advance", R"({"by": "3s"})").status, 200);
  EXPECT_EQ(Json(Poll(id)).at("status"), "completed");
  for (const char* body : {"", "{}", R"({"by": 5})", R"({"by": "-1s"})", R"({"by": "inf"})"}) {
    EXPECT_EQ(Admin("POST", "/admin/advance", body).status, 400) << body;
  }
}

TEST_F(ObservingTest, UnknownAdminCallsNameTheKnownOnes) {
  const HttpResponse answer = Admin("GET", "/admin/nothing");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("/admin/faults"));
}

TEST_F(ObservingTest, PathsCanBeConfigured) {
  Restart({.token_path = "/t", .recordings_path = "/r", .transcriptions_path = "/x/y"});
  const HttpResponse issued = service->Handle(
      MakeRequest("POST", "/t", {{"Content-Type", "application/x-www-form-urlencoded"}}, kForm));
  token = Json(issued).at("access_token");
  EXPECT_EQ(Get("/r?ids=rec_silent").status, 200);
  EXPECT_EQ(Get("/x/y/txn_1").status, 404);
  EXPECT_EQ(service->CallCount(Route::kPoll), 1);
  EXPECT_EQ(Get("/api/v2/recordings?ids=rec_silent").status, 404);
}

TEST(SeedTest, DecidesEveryId) {
  const auto first_token = [](std::optional<uint64_t> seed) {
    auto service = SimService::Create({.seed = seed});
    EXPECT_TRUE(service.ok());
    return (*service)
        ->Handle(MakeRequest("POST", "/oauth2/token",
                             {{"Content-Type", "application/x-www-form-urlencoded"}}, kForm))
        .body;
  };
  EXPECT_EQ(first_token(1), first_token(1));
  EXPECT_NE(first_token(1), first_token(2));
  EXPECT_NE(first_token(std::nullopt), first_token(std::nullopt));
}

}  // namespace
}  // namespace cxscribe::sim
