// Every kind of fault, when it applies, and what a scenario may say.
#include "tests/sim/fault.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim_test/sim_fixture.h"
#include "tests/support/temp_dir.h"

namespace cxscribe::sim {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class FaultTest : public SimTest {
 protected:
  // A completed transcription.
  std::string Completed() {
    const std::string id = Submitted();
    clock.Advance(absl::Seconds(3));
    return id;
  }
};

TEST_F(FaultTest, StatusAnswersInsteadOfCarryingOut) {
  service->AddFault({.kind = FaultKind::kStatus, .route = Route::kSubmit, .status = 503});
  const HttpResponse answer = SubmitIds({kSeedWav});
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(Json(answer).at("code"), "service.unavailable");
  EXPECT_EQ(answer.Header("Retry-After"), "");
  EXPECT_TRUE(service->Transcriptions().empty());
}

TEST_F(FaultTest, StatusCanLoseTheAnswerOfWhatWasCarriedOut) {
  service->AddFault(
      {.kind = FaultKind::kStatus, .route = Route::kSubmit, .status = 502, .processed = true});
  EXPECT_EQ(SubmitIds({kSeedWav}).status, 502);
  EXPECT_EQ(service->Transcriptions().size(), 1u);
}

TEST_F(FaultTest, RetryAfterInSecondsIsRoundedUp) {
  service->AddFault({.kind = FaultKind::kStatus,
                     .route = Route::kPoll,
                     .status = 429,
                     .retry_after = absl::Milliseconds(2500)});
  EXPECT_EQ(Poll("x").Header("Retry-After"), "3");
}

TEST_F(FaultTest, RetryAfterAsDateIsInTheFuture) {
  service->AddFault({.kind = FaultKind::kStatus,
                     .route = Route::kPoll,
                     .status = 429,
                     .retry_after = absl::Milliseconds(2500),
                     .retry_after_date = true});
  EXPECT_EQ(Poll("x").Header("Retry-After"), "Mon, 15 Jan 2024 10:00:03 GMT");
}

TEST_F(FaultTest, StatusCanBeAHtmlPage) {
  service->AddFault({.kind = FaultKind::kStatus,
                     .route = Route::kPoll,
                     .status = 200,
                     .body = "<html>",
                     .content_type = "text/html"});
  const HttpResponse answer = Poll("x");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "<html>");
  EXPECT_EQ(answer.content_type, "text/html");
}

TEST_F(FaultTest, TruncatedPromisesMoreThanItSends) {
  service->AddFault({.kind = FaultKind::kTruncated, .route = Route::kPoll, .times = 1});
  const std::string id = Completed();
  const HttpResponse answer = Poll(id);
  EXPECT_EQ(answer.delivery, Delivery::kTruncated);
  EXPECT_EQ(answer.keep_bytes, answer.body.size() / 2);
  EXPECT_EQ(Json(answer).at("status"), "completed") << "the body itself is whole";
}

TEST_F(FaultTest, MalformedJsonIsNotJson) {
  Bearer();
  service->AddFault({.kind = FaultKind::kMalformedJson});
  for (const HttpResponse& answer :
       {TokenRequest("grant_type=client_credentials"), Recordings({}), SubmitIds({}), Poll("x")}) {
    EXPECT_FALSE(json::accept(answer.body)) << answer.body;
    EXPECT_EQ(answer.delivery, Delivery::kWhole);
  }
}

TEST_F(FaultTest, WrongShapeHitsWhatTheClientReliesOn) {
  const std::string id = Completed();
  service->AddFault({.kind = FaultKind::kWrongShape});
  EXPECT_TRUE(Json(Poll(id)).at("results").is_string());
  EXPECT_FALSE(Json(Recordings({kSeedWav})).at("entities").at(0).contains("id"));
  EXPECT_FALSE(Json(SubmitIds({kSeedWav})).contains("id"));
  const HttpResponse issued =
      TokenRequest("grant_type=client_credentials&client_id=demo&client_secret=demo");
  EXPECT_TRUE(Json(issued).at("access_token").is_number());
}

TEST_F(FaultTest, WrongShapeCanBeToldWhatToSetAndRemove) {
  const std::string id = Completed();
  service->AddFault({.kind = FaultKind::kWrongShape,
                     .route = Route::kPoll,
                     .set = {{"/results/0/confidence", "\"high\""}, {"/id/below/a/string", "1"}},
                     .remove = {"/results/1", "/accuracyScore", "/not/there"}});
  const size_t whole = service->Transcriptions().size();
  const json body = Json(Poll(id));
  EXPECT_EQ(body.at("results").at(0).at("confidence"), "high");
  EXPECT_FALSE(body.contains("accuracyScore"));
  EXPECT_EQ(body.at("id"), id);
  service->ClearFaults();
  EXPECT_EQ(Json(Poll(id)).at("results").size(), body.at("results").size() + 1);
  EXPECT_EQ(service->Transcriptions().size(), whole);
}

TEST_F(FaultTest, InvalidUtf8StandsInsideAString) {
  const std::string id = Completed();
  service->AddFault({.kind = FaultKind::kInvalidUtf8});
  for (const HttpResponse& answer : {Poll(id), Recordings({kSeedWav}), SubmitIds({kSeedWav}),
                                     TokenRequest("grant_type=client_credentials")}) {
    EXPECT_THAT(answer.body, HasSubstr("\"\xff\xc3\x28\"")) << answer.body;
    EXPECT_FALSE(json::accept(answer.body));
  }
}

TEST_F(FaultTest, HugeBodyIsTheRealAnswerBehindFiller) {
  const std::string id = Completed();
  service->AddFault({.kind = FaultKind::kHugeBody, .route = Route::kPoll, .mib = 100});
  const HttpResponse answer = Poll(id);
  EXPECT_EQ(answer.padding_bytes, 100u * 1024 * 1024);
  const json body = Json(answer);  // without the filler's bytes
  EXPECT_EQ(body.at("status"), "completed");
  EXPECT_EQ(answer.body.substr(answer.padding_at - 11, 12), "{\"filler\":\"\"");
}

TEST_F(FaultTest, LatencyAddsUpAndCombinesWithTheNextFault) {
  service->AddFault({.kind = FaultKind::kLatency, .latency = absl::Milliseconds(200)});
  service->AddFault({.kind = FaultKind::kStatus, .route = Route::kPoll, .status = 500});
  service->AddFault(
      {.kind = FaultKind::kLatency, .route = Route::kPoll, .latency = absl::Seconds(1)});
  const HttpResponse answer = Poll("x");
  EXPECT_EQ(answer.delay, absl::Milliseconds(1200));
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(service->Requests(Route::kPoll).front().faults,
              ElementsAre(FaultKind::kLatency, FaultKind::kStatus, FaultKind::kLatency));
}

TEST_F(FaultTest, HangCarriesOutOnlyWhereAsked) {
  const int first =
      service->AddFault({.kind = FaultKind::kHang, .route = Route::kSubmit, .times = 1});
  EXPECT_EQ(SubmitIds({kSeedWav}).delivery, Delivery::kHang);
  EXPECT_TRUE(service->Transcriptions().empty());
  EXPECT_EQ(service->TimesFired(first), 1);
  service->AddFault(
      {.kind = FaultKind::kHang, .route = Route::kSubmit, .times = 1, .processed = true});
  EXPECT_EQ(SubmitIds({kSeedWav}).delivery, Delivery::kHang);
  EXPECT_EQ(service->Transcriptions().size(), 1u);
  service->AddFault({.kind = FaultKind::kHang, .route = Route::kSubmit, .keep_bytes = 5});
  const HttpResponse half = SubmitIds({kSeedWav});
  EXPECT_EQ(half.delivery, Delivery::kHangInBody);
  EXPECT_EQ(half.keep_bytes, 5u);
  EXPECT_EQ(service->Requests(Route::kSubmit).front().status, 0) << "no answer was delivered";
}

TEST_F(FaultTest, ResetBeforeAndAfterTheRequestWasCarriedOut) {
  service->AddFault({.kind = FaultKind::kReset, .route = Route::kSubmit, .times = 1});
  EXPECT_EQ(SubmitIds({kSeedWav}).delivery, Delivery::kReset);
  EXPECT_TRUE(service->Transcriptions().empty());
  service->AddFault(
      {.kind = FaultKind::kReset, .route = Route::kSubmit, .times = 1, .processed = true});
  const NameValueList key = {{"Idempotency-Key", "k"}};
  EXPECT_EQ(SubmitIds({kSeedWav}, key).delivery, Delivery::kReset);
  ASSERT_EQ(service->Transcriptions().size(), 1u);
  EXPECT_EQ(Json(SubmitIds({kSeedWav}, key)).at("id"), service->Transcriptions().front().id)
      << "the key finds what the lost answer was about";
}

TEST_F(FaultTest, RateLimitIsAWindowThatOpensAgain) {
  service->AddFault({.kind = FaultKind::kRateLimit,
                     .route = Route::kPoll,
                     .requests = 2,
                     .per = absl::Seconds(10)});
  EXPECT_EQ(Poll("x").status, 404);
  clock.Advance(absl::Seconds(4));
  EXPECT_EQ(Poll("x").status, 404);
  const HttpResponse over = Poll("x");
  EXPECT_EQ(over.status, 429);
  EXPECT_EQ(over.Header("Retry-After"), "6");
  EXPECT_EQ(Recordings({kSeedWav}).status, 200) << "other routes have no limit";
  clock.Advance(absl::Seconds(6));
  EXPECT_EQ(Poll("x").status, 404);
  EXPECT_EQ(Poll("x").status, 404);
  EXPECT_EQ(Poll("x").status, 429);
}

TEST_F(FaultTest, RevokedTokensMakeTheRequest401Once) {
  Bearer();
  service->AddFault({.kind = FaultKind::kRevokeTokens, .route = Route::kPoll, .times = 1});
  EXPECT_EQ(Poll("x").status, 401);
  token = Token();
  EXPECT_EQ(Poll("x").status, 404);
}

TEST_F(FaultTest, ExpiresInShortensTheLifeOfATokenToo) {
  service->AddFault({.kind = FaultKind::kExpiresIn, .times = 1, .expires_in = absl::Seconds(30)});
  const HttpResponse answer =
      TokenRequest("grant_type=client_credentials&client_id=demo&client_secret=demo");
  EXPECT_EQ(Json(answer).at("expires_in"), 30);
  token = Json(answer).at("access_token");
  EXPECT_EQ(Poll("x").status, 404);
  clock.Advance(absl::Seconds(30));
  EXPECT_EQ(Poll("x").status, 401);
}

TEST_F(FaultTest, OmitRecordingLeavesOutWhatIsThere) {
  service->AddFault({.kind = FaultKind::kOmitRecording, .times = 1});
  const json first = Json(Recordings({kSeedWav, kSeedMp3}));
  EXPECT_EQ(first.at("total"), 1);
  EXPECT_EQ(first.at("entities").at(0).at("id"), kSeedMp3);
  service->AddFault({.kind = FaultKind::kOmitRecording, .recording = kSeedMp3, .times = 1});
  EXPECT_EQ(Json(Recordings({kSeedWav, kSeedMp3})).at("entities").at(0).at("id"), kSeedWav);
  service->AddFault({.kind = FaultKind::kOmitRecording, .recordings = {kSeedWav, kSeedMp3}});
  EXPECT_EQ(Json(Recordings({kSeedWav, kSeedMp3})).at("entities"), json::array());
}

TEST_F(FaultTest, FailingTranscriptionFailsAtItsPercentage) {
  Restart({.transcription_time = absl::Seconds(100)});
  service->AddFault({.kind = FaultKind::kFailing,
                     .progress = 40,
                     .code = "audio.corrupt",
                     .message = "bad frame"});
  const std::string id = Submitted();
  clock.Advance(absl::Seconds(99));
  EXPECT_EQ(Json(Poll(id)).at("status"), "in_progress");
  EXPECT_EQ(Json(Poll(id)).at("progress"), 40);
  clock.Advance(absl::Seconds(1));
  const json body = Json(Poll(id));
  EXPECT_EQ(body.at("status"), "failed");
  EXPECT_EQ(body.at("error"), json({{"code", "audio.corrupt"}, {"message", "bad frame"}}));
}

TEST_F(FaultTest, NeverEndingStaysInProgressOrQueued) {
  service->AddFault({.kind = FaultKind::kNeverEnding, .times = 1});
  service->AddFault({.kind = FaultKind::kNeverEnding, .times = 1, .value = "queued"});
  const std::string running = Submitted();
  const std::string waiting = Submitted();
  clock.Advance(absl::Minutes(50));
  EXPECT_EQ(Json(Poll(running)).at("status"), "in_progress");
  EXPECT_EQ(Json(Poll(running)).at("progress"), 99);
  EXPECT_EQ(Json(Poll(waiting)).at("status"), "queued");
}

TEST_F(FaultTest, UnknownStatusKeepsTheRestOfTheAnswer) {
  const std::string id = Submitted();
  service->AddFault({.kind = FaultKind::kUnknownStatus, .times = 1});
  service->AddFault({.kind = FaultKind::kUnknownStatus, .times = 1, .value = "REDACTING"});
  EXPECT_EQ(Json(Poll(id)).at("status"), "paused");
  EXPECT_EQ(Json(Poll(id)).at("status"), "REDACTING");
  EXPECT_EQ(Json(Poll(id)).at("status"), "queued");
  EXPECT_EQ(Json(Poll("x")).at("status"), 404) << "an error answer stays one";
}

TEST_F(FaultTest, ProgressGoesBackOnce) {
  const std::string id = Submitted();
  service->AddFault({.kind = FaultKind::kProgressBack, .calls = {2}, .progress = 5});
  clock.Advance(absl::Seconds(2));
  const int before = Json(Poll(id)).at("progress");
  EXPECT_GT(before, 5);
  EXPECT_EQ(Json(Poll(id)).at("progress"), 5);
  EXPECT_EQ(Json(Poll(id)).at("progress"), before);
}

class MatchTest : public SimTest {};

TEST_F(MatchTest, ByRecordingOnEveryRouteThatKnowsOne) {
  const std::string wav = Submitted(kSeedWav);
  const std::string mp3 = Submitted(kSeedMp3);
  service->AddFault({.kind = FaultKind::kStatus, .recording = kSeedMp3, .status = 500});
  EXPECT_EQ(Recordings({kSeedWav}).status, 200);
  EXPECT_EQ(Recordings({kSeedWav, kSeedMp3}).status, 500);
  EXPECT_EQ(SubmitIds({kSeedWav}).status, 200);
  EXPECT_EQ(SubmitIds({kSeedMp3}).status, 500);
  EXPECT_EQ(Poll(wav).status, 200);
  EXPECT_EQ(Poll(mp3).status, 500);
}

TEST_F(MatchTest, ByTranscription) {
  const std::string one = Submitted();
  const std::string two = Submitted();
  service->AddFault({.kind = FaultKind::kStatus, .transcription = two, .status = 404});
  EXPECT_EQ(Poll(one).status, 200);
  EXPECT_EQ(Poll(two).status, 404);
  EXPECT_EQ(Recordings({kSeedWav}).status, 200);
}

TEST_F(MatchTest, ByCallAndLimitedInTimes) {
  const int fault = service->AddFault(
      {.kind = FaultKind::kStatus, .route = Route::kPoll, .calls = {2, 4, 5}, .times = 2});
  std::vector<int> statuses;
  for (int i = 0; i < 6; ++i) statuses.push_back(Poll("x").status);
  EXPECT_THAT(statuses, ElementsAre(404, 503, 404, 503, 404, 404));
  EXPECT_EQ(service->TimesFired(fault), 2);
}

TEST_F(MatchTest, CallsAreCountedWhicheverFaultWins) {
  service->AddFault(
      {.kind = FaultKind::kStatus, .route = Route::kPoll, .calls = {1}, .status = 500});
  service->AddFault(
      {.kind = FaultKind::kStatus, .route = Route::kPoll, .calls = {2}, .status = 502});
  EXPECT_EQ(Poll("x").status, 500);
  EXPECT_EQ(Poll("x").status, 502);
}

TEST_F(MatchTest, ByProbabilityFromTheSeed) {
  const auto run = [this](uint64_t seed) {
    Restart({.seed = seed});
    service->AddFault({.kind = FaultKind::kStatus, .route = Route::kPoll, .probability = 0.3});
    std::vector<int> statuses;
    for (int i = 0; i < 200; ++i) statuses.push_back(Poll("x").status);
    return statuses;
  };
  const std::vector<int> first = run(1);
  EXPECT_EQ(first, run(1));
  EXPECT_NE(first, run(2));
  const auto fired = std::count(first.begin(), first.end(), 503);
  EXPECT_GT(fired, 30);
  EXPECT_LT(fired, 90);
}

TEST_F(MatchTest, FaultsCanBeRemovedOneByOneAndTogether) {
  const json added = Json(Admin("POST", "/admin/faults",
                                R"([{"kind": "status", "route": "poll", "status": 500},
                                    {"kind": "status", "route": "poll", "status": 502}])"));
  ASSERT_EQ(added.at("ids").size(), 2u);
  EXPECT_EQ(Poll("x").status, 500);
  const std::string first = std::to_string(added.at("ids").at(0).get<int>());
  EXPECT_EQ(Admin("DELETE", "/admin/faults/" + first).status, 200);
  EXPECT_EQ(Admin("DELETE", "/admin/faults/" + first).status, 404);
  EXPECT_EQ(Poll("x").status, 502);
  const json listed = Json(Admin("GET", "/admin/faults")).at("faults");
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].at("kind"), "status");
  EXPECT_EQ(listed[0].at("seen"), 2);
  EXPECT_EQ(listed[0].at("fired"), 1);
  Admin("DELETE", "/admin/faults");
  EXPECT_EQ(Poll("x").status, 404);
}

TEST(ScenarioTest, ReportsEveryProblemAtOnce) {
  const auto scenario = ParseScenarioJson(R"({"sede": 1, "seed": -1, "faults": [
      {"kind": "statsu"}, 5, {},
      {"kind": "status", "status": 99, "times": -1, "calls": [0], "probability": 2,
       "retry_after": "soon", "retry_after_form": "iso", "mib": 5, "route": "submitt"},
      {"kind": "never_ending", "route": "poll", "value": "dead"},
      {"kind": "rate_limit"}, {"kind": "latency"}, {"kind": "huge_body", "mib": 0},
      {"kind": "wrong_shape", "set": {"results": 1}, "remove": "x"},
      {"kind": "failing", "progress": 101, "message": 5}]})");
  ASSERT_FALSE(scenario.ok());
  const std::string message(scenario.status().message());
  for (const char* expected : {"sede: is not a key",
                               "seed: must be",
                               "faults[0].kind: \"statsu\" is none of status,",
                               "faults[1].must be an object",
                               "faults[2].kind",
                               "faults[3].status: must be from 200",
                               "faults[3].times:",
                               "faults[3].calls:",
                               "faults[3].probability:",
                               "faults[3].retry_after: must be a number of seconds",
                               "faults[3].retry_after_form:",
                               "faults[3].mib: is not a setting of kind status",
                               "faults[3].route:",
                               "faults[4].route: kind never_ending is for route submit only",
                               "faults[4].value:",
                               "faults[5].requests:",
                               "faults[6].latency: is needed",
                               "faults[7].mib:",
                               "faults[8].set: \"results\" is not a JSON pointer",
                               "faults[8].remove:",
                               "faults[9].progress:",
                               "faults[9].message: must be a string"}) {
    EXPECT_THAT(message, HasSubstr(expected));
  }
}

TEST(ScenarioTest, AdminRefusesABadFaultWithEveryProblem) {
  auto service = SimService::Create({});
  ASSERT_TRUE(service.ok());
  const HttpResponse answer = (*service)->Handle(
      MakeRequest("POST", "/admin/faults", {}, R"({"kind": "status", "status": 1, "times": -1})"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(json::parse(answer.body).at("errors").size(), 2u);
  EXPECT_EQ((*service)->Handle(MakeRequest("POST", "/admin/faults", {}, "{")).status, 400);
}

TEST(ScenarioTest, YamlScalarsFollowYaml12) {
  const auto scenario = ParseScenarioYaml(R"(
seed: 010
faults:
  - {kind: status, route: poll, status: 429, retry_after: 1.5, retry_after_form: date}
  - kind: wrong_shape
    set: {/a: yes, /b: "5", /c: 5, /d: null, /e: true}
  - {kind: latency, latency: 250ms, calls: [1, 3]}
)");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(scenario->seed, 10u);
  ASSERT_EQ(scenario->faults.size(), 3u);
  EXPECT_EQ(scenario->faults[0].retry_after, absl::Milliseconds(1500));
  EXPECT_TRUE(scenario->faults[0].retry_after_date);
  EXPECT_EQ(scenario->faults[0].route, Route::kPoll);
  EXPECT_THAT(scenario->faults[1].set,
              ElementsAre(testing::Pair("/a", "\"yes\""), testing::Pair("/b", "\"5\""),
                          testing::Pair("/c", "5"), testing::Pair("/d", "null"),
                          testing::Pair("/e", "true")));
  EXPECT_EQ(scenario->faults[2].latency, absl::Milliseconds(250));
  EXPECT_THAT(scenario->faults[2].calls, ElementsAre(1, 3));
}

TEST(ScenarioTest, YamlErrorsNameThePlace) {
  const auto twice = ParseScenarioYaml("faults: []\nfaults: []\n");
  ASSERT_FALSE(twice.ok());
  EXPECT_THAT(std::string(twice.status().message()), HasSubstr("line 2, column 1: the key faults"));
  const auto broken = ParseScenarioYaml("faults: [\n");
  ASSERT_FALSE(broken.ok());
  EXPECT_THAT(std::string(broken.status().message()), HasSubstr("line 2"));
  EXPECT_FALSE(ParseScenarioYaml("&a [*a]").ok());
  EXPECT_FALSE(ParseScenarioYaml("").ok());
}

TEST(ScenarioTest, FilesAreReadByTheirEnding) {
  TempDir folder;
  const std::string as_json = folder.Write("a.json", "[{\"kind\":\t\"reset\"}]");
  const std::string as_yaml = folder.Write("a.yaml", "- kind: reset\n");
  EXPECT_EQ(LoadScenario(as_json)->faults.size(), 1u);
  EXPECT_EQ(LoadScenario(as_yaml)->faults.size(), 1u);
  const auto missing = LoadScenario(folder.File("none.yaml"));
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("none.yaml: cannot be read"));
}

TEST(ScenarioTest, StartFailsWithTheProblemsOfScenarioAndTranscripts) {
  TempDir folder;
  const std::string scenario = folder.Write("s.yaml", "- kind: nonsense\n");
  folder.Write("t.json", "x");
  const auto service =
      SimService::Create({.transcripts_dir = folder.path().string(), .scenario_file = scenario});
  ASSERT_FALSE(service.ok());
  EXPECT_THAT(std::string(service.status().message()),
              testing::AllOf(HasSubstr("t.json"), HasSubstr("s.yaml"), HasSubstr("nonsense")));
}

TEST(ScenarioTest, FaultsOfTheFileAreInForceFromTheStart) {
  TempDir folder;
  const std::string scenario =
      folder.Write("s.yaml", "- {kind: status, route: token, status: 503, times: 1}\n");
  const auto service = SimService::Create({.scenario_file = scenario});
  ASSERT_TRUE(service.ok());
  EXPECT_EQ((*service)->Handle(MakeRequest("POST", "/oauth2/token")).status, 503);
  EXPECT_EQ((*service)->Handle(MakeRequest("POST", "/oauth2/token")).status, 400);
}

TEST(CheckFaultDeathTest, AnInvalidFaultIsAMistakeOfTheTest) {
  auto service = SimService::Create({});
  ASSERT_TRUE(service.ok());
  EXPECT_DEATH((*service)->AddFault({.kind = FaultKind::kStatus, .status = 99}), "from 200 to 599");
}

}  // namespace
}  // namespace cxscribe::sim
