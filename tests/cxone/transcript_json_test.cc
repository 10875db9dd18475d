#include "server/cxone/transcript_json.h"

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kOne = {"rec_1"};
const std::vector<std::string> kTwo = {"rec_1", "rec_2"};

// The answer around `results`, which is the inside of the list.
std::string Answer(const std::string& results) {
  return absl::StrCat(R"({"id": "txn_1", "status": "completed", "progress": 100, "results": [)",
                      results, "]}");
}

// One result with `more` after its required members.
std::string Result(const std::string& more) {
  return absl::StrCat(R"({"text": "hello", "startOffsetMs": 10, "endOffsetMs": 20)",
                      more.empty() ? "" : ", ", more, "}");
}

UpstreamTranscription Read(const std::string& json, const std::vector<std::string>& ids = kOne) {
  UpstreamTranscription read;
  const std::optional<JsonProblem> problem = ReadTranscription(json, ids, read);
  EXPECT_FALSE(problem.has_value()) << problem->message;
  if (!read.transcript.has_value()) read.transcript.emplace();
  return read;
}

JsonProblem Problem(const std::string& json, const std::vector<std::string>& ids = kOne) {
  UpstreamTranscription read;
  const std::optional<JsonProblem> problem = ReadTranscription(json, ids, read);
  EXPECT_TRUE(problem.has_value()) << json.substr(0, 300);
  return problem.value_or(JsonProblem{"(none)", ""});
}

TEST(TranscriptJson, ReadsTheDocumentedForm) {
  const UpstreamTranscription read = Read(R"(
    {"id": "txn_9f8e7d6c5b4a", "status": "completed", "progress": 100, "accuracyScore": 0.94,
     "createdTime": "2024-01-15T10:00:00Z", "completedTime": "2024-01-15T10:02:30Z",
     "results": [{"text": "i need to verify my account balance", "speakerLabels": ["agent"],
                  "confidence": 0.98, "startOffsetMs": 1200, "endOffsetMs": 3400}]})");
  EXPECT_EQ(read.id, "txn_9f8e7d6c5b4a");
  EXPECT_EQ(read.status, UpstreamStatus::kCompleted);
  EXPECT_EQ(read.progress_percent, 100);
  EXPECT_EQ(read.completed_time, absl::FromUnixSeconds(1'705'312'950));
  const v1::Transcript& transcript = *read.transcript;
  EXPECT_EQ(transcript.transcription_id(), "txn_9f8e7d6c5b4a");
  EXPECT_EQ(transcript.language(), "");
  EXPECT_DOUBLE_EQ(transcript.accuracy_score(), 0.94);
  ASSERT_EQ(transcript.segments_size(), 1);
  const v1::Segment& segment = transcript.segments(0);
  EXPECT_EQ(segment.recording_id(), "rec_1");
  EXPECT_EQ(segment.speaker(), "agent");
  EXPECT_EQ(segment.text(), "i need to verify my account balance");
  EXPECT_DOUBLE_EQ(segment.confidence(), 0.98);
  EXPECT_EQ(segment.start_ms(), 1200);
  EXPECT_EQ(segment.end_ms(), 3400);
  EXPECT_EQ(segment.words_size(), 0);
}

TEST(TranscriptJson, ReadsEveryStatus) {
  EXPECT_EQ(Read(R"({"id": "t", "status": "queued"})").status, UpstreamStatus::kQueued);
  const UpstreamTranscription running =
      Read(R"({"id": "t", "status": "in_progress", "progress": 40, "results": null})");
  EXPECT_EQ(running.status, UpstreamStatus::kInProgress);
  EXPECT_EQ(running.progress_percent, 40);
  const UpstreamTranscription failed =
      Read(R"({"id": "t", "status": "failed", "error": {"code": "c", "message": "bad\naudio"}})");
  EXPECT_EQ(failed.status, UpstreamStatus::kFailed);
  EXPECT_EQ(failed.failure_message, "bad audio");
  EXPECT_EQ(Read(R"({"id": "t", "status": "failed", "error": "broken"})").failure_message,
            "broken");
}

TEST(TranscriptJson, OnlyACompletedOneHasATranscript) {
  UpstreamTranscription read;
  ASSERT_FALSE(
      ReadTranscription(R"({"id": "t", "status": "in_progress", "results": [)" + Result("") + "]}",
                        kOne, read)
          .has_value());
  EXPECT_FALSE(read.transcript.has_value());
}

TEST(TranscriptJson, AnUnknownStatusIsAnErrorThatNamesIt) {
  const JsonProblem problem = Problem(R"({"id": "t", "status": "paused"})");
  EXPECT_EQ(problem.field, "status");
  EXPECT_THAT(problem.message, HasSubstr("\"paused\""));
  EXPECT_EQ(Problem(R"({"id": "t", "status": "Completed", "results": []})").field, "status");
}

TEST(TranscriptJson, ASilentRecordingHasNoSegments) {
  EXPECT_EQ(Read(Answer("")).transcript->segments_size(), 0);
}

TEST(TranscriptJson, MissingSpeakerLabelsAreNoSpeaker) {
  const UpstreamTranscription read = Read(Answer(
      absl::StrCat(Result(""), ",", Result(R"("speakerLabels": [])"), ",",
                   Result(R"("speakerLabels": null)"), ",", Result(R"("speakerLabels": [""])"))));
  ASSERT_EQ(read.transcript->segments_size(), 4);
  for (const v1::Segment& segment : read.transcript->segments()) EXPECT_EQ(segment.speaker(), "");
}

TEST(TranscriptJson, SeveralLabelsBecomeOne) {
  const std::string letters(120, 'x');
  for (const auto& [labels, speaker] : std::vector<std::pair<std::string, std::string>>{
           {R"("spk_1", "x")", "spk_1,x"},
           {R"("a", "b", "a", "", "b", "c")", "a,b,c"},
           {R"("", "agent")", "agent"},
           {absl::StrCat("\"", letters, R"(", "1234567", "y")"), absl::StrCat(letters, ",1234567")},
           {absl::StrCat("\"", letters, R"(", "12345678", "y")"), absl::StrCat(letters, ",y")}}) {
    const UpstreamTranscription read =
        Read(Answer(Result(absl::StrCat("\"speakerLabels\": [", labels, "]"))));
    EXPECT_EQ(read.transcript->segments(0).speaker(), speaker);
  }
}

// Plugins take no longer ones, and a label is no reason to fail a job.
TEST(TranscriptJson, LongSpeakerLabelsAreCutAtTheEndOfACharacter) {
  const std::string letters(127, 'x');
  for (const auto& [label, cut] :
       std::vector<std::pair<std::string, std::string>>{{letters + "y", letters + "y"},
                                                        {letters + "yz", letters + "y"},
                                                        {letters + "\xc3\xa4", letters},
                                                        {std::string(5000, 'x'), letters + "x"}}) {
    const UpstreamTranscription read =
        Read(Answer(Result(absl::StrCat("\"speakerLabels\": [\"", label, "\"]"))));
    EXPECT_EQ(read.transcript->segments(0).speaker(), cut);
  }
}

TEST(TranscriptJson, MissingScoresAreNotZero) {
  const UpstreamTranscription read =
      Read(Answer(absl::StrCat(Result(""), ",", Result(R"("confidence": null)"), ",",
                               Result(R"("confidence": 0)"), ",", Result(R"("confidence": 1)"))));
  const v1::Transcript& transcript = *read.transcript;
  EXPECT_FALSE(transcript.has_accuracy_score());
  EXPECT_FALSE(transcript.segments(0).has_confidence());
  EXPECT_FALSE(transcript.segments(1).has_confidence());
  EXPECT_TRUE(transcript.segments(2).has_confidence());
  EXPECT_EQ(transcript.segments(2).confidence(), 0);
  EXPECT_EQ(transcript.segments(3).confidence(), 1);
}

TEST(TranscriptJson, ReadsWords) {
  const UpstreamTranscription read = Read(Answer(Result(
      R"("words": [{"text": "hel", "startOffsetMs": 10, "endOffsetMs": 12, "confidence": 0.5},
                   {"text": "lo", "startOffsetMs": 12, "endOffsetMs": 20}])")));
  const v1::Segment& segment = read.transcript->segments(0);
  ASSERT_EQ(segment.words_size(), 2);
  EXPECT_EQ(segment.words(0).text(), "hel");
  EXPECT_DOUBLE_EQ(segment.words(0).confidence(), 0.5);
  EXPECT_EQ(segment.words(1).end_ms(), 20);
  EXPECT_FALSE(segment.words(1).has_confidence());
}

TEST(TranscriptJson, IgnoresUnknownFieldsAndWhatIsInThem) {
  const UpstreamTranscription read = Read(
      R"({"meta": {"status": "failed", "results": [{"text": 5}], "x": [[1], {"id": 7}]},
          "id": "t", "status": "completed", "createdTime": 7,
          "results": [{"channel": {"text": []}, "text": "a", "startOffsetMs": 0,
                       "endOffsetMs": 0, "tags": ["text"]}]})");
  EXPECT_EQ(read.status, UpstreamStatus::kCompleted);
  EXPECT_EQ(read.transcript->segments(0).text(), "a");
}

TEST(TranscriptJson, FieldsMayComeInAnyOrder) {
  const UpstreamTranscription read =
      Read(R"({"results": [{"endOffsetMs": 2, "words": [], "startOffsetMs": 1, "text": "a"}],
               "accuracyScore": 1, "status": "completed", "id": "t"})");
  EXPECT_EQ(read.transcript->segments(0).start_ms(), 1);
  EXPECT_EQ(read.transcript->transcription_id(), "t");
}

TEST(TranscriptJson, ProgressIsBroughtIntoRange) {
  for (const auto& [given, expected] :
       std::vector<std::pair<std::string, int>>{{"-7", 0},
                                                {"250", 100},
                                                {"41.9", 41},
                                                {"1e30", 100},
                                                {"null", 0},
                                                {"18446744073709551615", 100}}) {
    EXPECT_EQ(Read(absl::StrCat(R"({"id": "t", "status": "in_progress", "progress": )", given, "}"))
                  .progress_percent,
              expected)
        << given;
  }
}

TEST(TranscriptJson, WholeNumbersMayBeWrittenAsFractions) {
  const UpstreamTranscription read =
      Read(Answer(R"({"text": "a", "startOffsetMs": 1200.0, "endOffsetMs": 1.3e3})"));
  EXPECT_EQ(read.transcript->segments(0).start_ms(), 1200);
  EXPECT_EQ(read.transcript->segments(0).end_ms(), 1300);
}

TEST(TranscriptJson, EscapesAreDecoded) {
  EXPECT_EQ(Read(Answer(R"({"text": "caf\u00e9 \ud83d\ude00", "startOffsetMs": 0,
                            "endOffsetMs": 0})"))
                .transcript->segments(0)
                .text(),
            "café 😀");
}

// --- Recordings ---

std::string Of(const std::string& recording, int start) {
  return absl::StrCat(R"({"recordingId": ")", recording, R"(", "text": ")", recording, "@", start,
                      R"(", "startOffsetMs": )", start, R"(, "endOffsetMs": )", start, "}");
}

std::vector<std::string> Texts(const v1::Transcript& transcript) {
  std::vector<std::string> texts;
  for (const v1::Segment& segment : transcript.segments()) texts.push_back(segment.text());
  return texts;
}

TEST(TranscriptJson, WithSeveralRecordingsEveryResultNamesItsOwn) {
  EXPECT_EQ(Problem(Answer(Of("rec_1", 0) + "," + Result("")), kTwo).field,
            "results[1].recordingId");
  EXPECT_EQ(Problem(Answer(Of("rec_1", 0) + "," + Result(R"("recordingId": null)")), kTwo).field,
            "results[1].recordingId");
}

TEST(TranscriptJson, ForeignRecordingsAreRefused) {
  EXPECT_EQ(Problem(Answer(Of("rec_3", 0)), kTwo).field, "results[0].recordingId");
  EXPECT_EQ(Problem(Answer(Of("rec_2", 0)), kOne).field, "results[0].recordingId");
  EXPECT_EQ(Problem(Answer(Of("", 0)), kOne).field, "results[0].recordingId");
}

TEST(TranscriptJson, SegmentsComeInTheOrderOfTheRecordingsAndOfTheirStarts) {
  const UpstreamTranscription read = Read(
      Answer(Of("rec_2", 0) + "," + Of("rec_1", 5) + "," + Of("rec_2", 7) + "," + Of("rec_1", 2)),
      kTwo);
  EXPECT_THAT(Texts(*read.transcript), ElementsAre("rec_1@2", "rec_1@5", "rec_2@0", "rec_2@7"));
}

TEST(TranscriptJson, SegmentsThatStartTogetherOrHaveNoTimesStayWhereTheyWere) {
  const auto segment = [](const std::string& text, int start, int end) {
    return absl::StrCat(R"({"text": ")", text, R"(", "startOffsetMs": )", start,
                        R"(, "endOffsetMs": )", end, "}");
  };
  // One speaker after the other, as a recording of two channels may come.
  const UpstreamTranscription channels =
      Read(Answer(segment("a1", 0, 40) + "," + segment("a2", 50, 90) + "," + segment("b1", 30, 60) +
                  "," + segment("b2", 50, 55)),
           kOne);
  EXPECT_THAT(Texts(*channels.transcript), ElementsAre("a1", "b1", "a2", "b2"));
  const UpstreamTranscription some =
      Read(Answer(segment("a", 50, 90) + "," + segment("b", 0, 0) + "," + segment("c", 95, 99) +
                  "," + segment("d", 0, 0) + "," + segment("e", 10, 20)),
           kOne);
  EXPECT_THAT(Texts(*some.transcript), ElementsAre("e", "a", "b", "c", "d"));
  const UpstreamTranscription none =
      Read(Answer(segment("b", 0, 0) + "," + segment("a", 0, 0)), kOne);
  EXPECT_THAT(Texts(*none.transcript), ElementsAre("b", "a"));
}

TEST(TranscriptJson, AFileNamesItsOwnRecordings) {
  const UpstreamTranscription read =
      Read(R"({"results": [)" + Of("b", 0) + "," + Of("a", 0) + "," + Of("b", 1) + "]}", {});
  EXPECT_EQ(read.status, UpstreamStatus::kCompleted);
  EXPECT_THAT(Texts(*read.transcript), ElementsAre("b@0", "b@1", "a@0"));
  EXPECT_EQ(Read(R"({"id": "77", "results": [)" + Result("") + "]}", {})
                .transcript->segments(0)
                .recording_id(),
            "recording");
}

// --- Wrong shapes: the path of the field is told, never the text ---

struct ShapeCase {
  std::string json;
  std::string field;
};

class WrongShape : public testing::TestWithParam<ShapeCase> {};

TEST_P(WrongShape, IsToldByItsPath) {
  const JsonProblem problem = Problem(GetParam().json);
  EXPECT_EQ(problem.field, GetParam().field) << GetParam().json << "\n" << problem.message;
  EXPECT_THAT(problem.message, HasSubstr(GetParam().field));
}

INSTANTIATE_TEST_SUITE_P(
    TranscriptJson, WrongShape,
    testing::Values(
        ShapeCase{"[]", ""}, ShapeCase{"\"completed\"", ""}, ShapeCase{"null", ""},
        ShapeCase{"{}", "id"}, ShapeCase{R"({"id": "t"})", "status"},
        ShapeCase{R"({"id": "", "status": "queued"})", "id"},
        ShapeCase{R"({"id": null, "status": "queued"})", "id"},
        ShapeCase{R"({"id": 7, "status": "queued"})", "id"},
        ShapeCase{R"({"id": ["t"], "status": "queued"})", "id"},
        ShapeCase{R"({"id": "t", "status": null})", "status"},
        ShapeCase{R"({"id": "t", "status": {"is": "queued"}})", "status"},
        ShapeCase{R"({"id": "t", "status": "queued", "status": "failed"})", "status"},
        ShapeCase{R"({"id": "t", "status": "queued", "progress": "40"})", "progress"},
        ShapeCase{R"({"id": "t", "status": "completed"})", "results"},
        ShapeCase{R"({"id": "t", "status": "completed", "results": null})", "results"},
        ShapeCase{R"({"id": "t", "status": "completed", "results": {}})", "results"},
        ShapeCase{R"({"id": "t", "status": "completed", "results": "none"})", "results"},
        ShapeCase{R"({"id": "t", "status": "completed", "results": [], "results": []})", "results"},
        ShapeCase{R"({"id": "t", "status": "completed", "results": [],
                      "accuracyScore": 94})",
                  "accuracyScore"},
        ShapeCase{R"({"id": "t", "status": "completed", "results": [],
                      "accuracyScore": "high"})",
                  "accuracyScore"},
        ShapeCase{R"({"id": "t", "status": "completed", "results": [],
                      "completedTime": "yesterday"})",
                  "completedTime"},
        ShapeCase{R"({"id": "t", "status": "completed", "results": [],
                      "completedTime": "12024-01-15T10:02:30Z"})",
                  "completedTime"},
        ShapeCase{Answer("5"), "results[0]"}, ShapeCase{Answer(Result("") + ",[]"), "results[1]"},
        ShapeCase{Answer(Result("") + ",null"), "results[1]"},
        ShapeCase{Answer(R"({"startOffsetMs": 0, "endOffsetMs": 0})"), "results[0].text"},
        ShapeCase{Answer(R"({"text": null, "startOffsetMs": 0, "endOffsetMs": 0})"),
                  "results[0].text"},
        ShapeCase{Answer(R"({"text": ["a"], "startOffsetMs": 0, "endOffsetMs": 0})"),
                  "results[0].text"},
        ShapeCase{Answer(R"({"text": "a", "endOffsetMs": 0})"), "results[0].startOffsetMs"},
        ShapeCase{Answer(R"({"text": "a", "startOffsetMs": 0})"), "results[0].endOffsetMs"},
        ShapeCase{Answer(R"({"text": "a", "startOffsetMs": 5, "endOffsetMs": 4})"),
                  "results[0].endOffsetMs"},
        ShapeCase{Answer(Result("") + R"(,{"text": "a", "startOffsetMs": -1, "endOffsetMs": 4})"),
                  "results[1].startOffsetMs"},
        ShapeCase{Answer(R"({"text": "a", "startOffsetMs": 0, "endOffsetMs": 2147483648})"),
                  "results[0].endOffsetMs"},
        ShapeCase{Answer(R"({"text": "a", "startOffsetMs": 0,
                             "endOffsetMs": 99999999999999999999})"),
                  "results[0].endOffsetMs"},
        ShapeCase{Answer(R"({"text": "a", "startOffsetMs": 0.5, "endOffsetMs": 4})"),
                  "results[0].startOffsetMs"},
        ShapeCase{Answer(R"({"text": "a", "startOffsetMs": "0", "endOffsetMs": 4})"),
                  "results[0].startOffsetMs"},
        ShapeCase{Answer(Result(R"("confidence": 1.01)")), "results[0].confidence"},
        ShapeCase{Answer(Result(R"("confidence": -0.1)")), "results[0].confidence"},
        ShapeCase{Answer(Result(R"("confidence": true)")), "results[0].confidence"},
        ShapeCase{Answer(Result(R"("speakerLabels": "agent")")), "results[0].speakerLabels"},
        ShapeCase{Answer(Result(R"("speakerLabels": {})")), "results[0].speakerLabels"},
        ShapeCase{Answer(Result(R"("speakerLabels": ["agent", 5])")),
                  "results[0].speakerLabels[1]"},
        ShapeCase{Answer(Result(R"("speakerLabels": [["agent"]])")), "results[0].speakerLabels[0]"},
        ShapeCase{Answer(Result(R"("recordingId": 5)")), "results[0].recordingId"},
        ShapeCase{Answer(Result(R"("words": {})")), "results[0].words"},
        ShapeCase{Answer(Result(R"("words": ["a"])")), "results[0].words[0]"},
        ShapeCase{Answer(Result(R"("words": [{"startOffsetMs": 0, "endOffsetMs": 1}])")),
                  "results[0].words[0].text"},
        ShapeCase{Answer(Result(R"("words": [{"text": "a", "startOffsetMs": 2,
                                              "endOffsetMs": 1}])")),
                  "results[0].words[0].endOffsetMs"}));

TEST(TranscriptJson, ErrorsNeverRepeatTheText) {
  const std::string secret = "four one one one";
  for (const char* json :
       {R"({"id": "t", "status": "completed", "results": [{"text": "four one one one)",
        R"({"id": "t", "status": "completed", "results": [{"text": "four one one one" oops}]})",
        "{\"id\": \"t\", \"results\": [{\"text\": \"four one one one \xff\"}]}",
        R"({"id": "t", "status": "completed", "results": [{"text": "four one one one"}]})"}) {
    EXPECT_THAT(Problem(json).message, Not(HasSubstr(secret)));
  }
}

// --- What is not JSON at all ---

TEST(TranscriptJson, SaysWhatIsWrongWithWhatIsNotJson) {
  EXPECT_THAT(Problem("").message, HasSubstr("empty"));
  EXPECT_THAT(Problem(" \r\n").message, HasSubstr("empty"));
  EXPECT_THAT(Problem("<html>").message, HasSubstr("not JSON, near byte 1"));
  const std::string whole = Answer(Result(""));
  for (size_t cut = 1; cut + 1 < whole.size(); ++cut) {
    EXPECT_THAT(Problem(whole.substr(0, cut)).message, HasSubstr("ends in the middle")) << cut;
  }
  EXPECT_THAT(Problem(whole + "x").message, HasSubstr("not JSON"));
  EXPECT_THAT(Problem(whole + whole).message, HasSubstr("not JSON"));
  EXPECT_THAT(Problem(R"({"id": "t", "status": "queued", "x": 1e999})").message,
              HasSubstr("out of range"));
}

TEST(TranscriptJson, InvalidUtf8IsRefused) {
  for (const char* bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe6\x97"}) {
    EXPECT_THAT(Problem(Answer(absl::StrCat(R"({"text": "a)", bad,
                                            R"(", "startOffsetMs": 0, "endOffsetMs": 0})")))
                    .message,
                HasSubstr("UTF-8"));
  }
  // Half a surrogate pair as an escape.
  EXPECT_THAT(
      Problem(Answer(R"({"text": "\ud83d", "startOffsetMs": 0, "endOffsetMs": 0})")).message,
      HasSubstr("not JSON"));
}

// --- Bounds ---

TEST(TranscriptJson, ASegmentOfOneMebibyteIsTheLargest) {
  const auto with_text = [](size_t size) {
    return Answer(absl::StrCat(R"({"text": ")", std::string(size, 'a'),
                               R"(", "startOffsetMs": 0, "endOffsetMs": 0})"));
  };
  EXPECT_EQ(Read(with_text(kMaxSegmentBytes)).transcript->segments(0).text().size(),
            kMaxSegmentBytes);
  EXPECT_EQ(Problem(with_text(kMaxSegmentBytes + 1)).field, "results[0].text");
}

TEST(TranscriptJson, AHundredMegabytesAreRefusedUnread) {
  std::string huge;
  huge.resize(100'000'000, ' ');
  EXPECT_THAT(Problem(huge).message, HasSubstr("100000000 bytes"));
}

TEST(TranscriptJson, DeepNestingIsRefusedAlsoWhereItWouldBeIgnored) {
  for (const char* open : {"[", "{\"x\":"}) {
    std::string deep = R"({"id": "t", "status": "queued", "unknown": )";
    for (int i = 0; i < 1'000'000; ++i) deep += open;
    EXPECT_THAT(Problem(deep).message, HasSubstr("nested"));
  }
  std::string fine = R"({"id": "t", "status": "queued", "unknown": )";
  fine += std::string(60, '[') + std::string(60, ']') + "}";
  Read(fine);
}

TEST(TranscriptJson, StatusOrCarriesTheField) {
  const auto parsed = ParseTranscriptionJson(Answer("5"), kOne);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(parsed.status()), "TRANSCRIPT_MALFORMED");
  EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("results[0]"));
  EXPECT_TRUE(ParseTranscriptionJson(Answer(""), kOne).ok());
}

}  // namespace
}  // namespace cxscribe
