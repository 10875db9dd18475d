// Transcript files: which are refused, with what words, and what is built in.
#include "tests/sim/catalogue.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/sim/embedded_calls.h"
#include "tests/support/temp_dir.h"

namespace cxscribe::sim {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr char kGood[] = R"({"results": [{"text": "hello", "speakerLabels": [], "confidence": 0.5,
    "startOffsetMs": 0, "endOffsetMs": 1000}], "accuracyScore": 0.9})";

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(TranscriptsTest, AllBadFilesAreListedWithTheirReasons) {
  TempDir folder;
  folder.Write("good.json", kGood);
  folder.Write("empty.json", "");
  folder.Write("cut.json", R"({"results": [)");
  folder.Write("list.json", "[]");
  folder.Write("no_results.json", R"({"status": "completed"})");
  folder.Write("bad name.json", kGood);
  folder.Write("latin1.json", "{\"results\": [{\"text\": \"caf\xe9\"}]}");
  folder.Write("types.json", R"({"accuracyScore": 2, "results": [5,
      {"text": 1, "speakerLabels": [2], "confidence": -1, "startOffsetMs": 5, "endOffsetMs": 4},
      {"text": "", "startOffsetMs": 1.5, "endOffsetMs": 3000000000}]})");
  Catalogue catalogue;
  const absl::Status status = catalogue.AddDirectory(folder.path().string());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const std::string message = Message(status);
  EXPECT_THAT(message, HasSubstr("7 of 8 transcript files are bad"));
  for (const char* expected :
       {"empty.json: is empty", "cut.json", "is not JSON", "list.json", "is not a JSON object",
        "no_results.json", "results is not a list", "bad name.json", "[A-Za-z0-9_.-]{1,128}",
        "latin1.json", "accuracyScore is not a number from 0 to 1", "results[0] is not an object",
        "results[1].text is not a string", "results[1].speakerLabels is not a list of strings",
        "results[1].confidence is not a number from 0 to 1", "results[1] ends before it starts",
        "results[2].startOffsetMs is not a number of milliseconds",
        "results[2].endOffsetMs is not a number of milliseconds"}) {
    EXPECT_THAT(message, HasSubstr(expected));
  }
  EXPECT_THAT(message, Not(HasSubstr("good.json")));
  EXPECT_EQ(catalogue.Find("good"), nullptr) << "nothing is added when anything is bad";
}

TEST(TranscriptsTest, MissingAndEmptyFoldersAreErrors) {
  TempDir folder;
  Catalogue catalogue;
  EXPECT_THAT(Message(catalogue.AddDirectory(folder.File("nowhere"))), HasSubstr("nowhere"));
  folder.Write("notes.txt", "no transcript");
  EXPECT_THAT(Message(catalogue.AddDirectory(folder.path().string())), HasSubstr("no *.json"));
}

TEST(TranscriptsTest, ALargeSegmentIsRefused) {
  const std::string text(1024 * 1024 + 1, 'x');
  json parsed;
  const json transcript{{"results", {{{"text", text}, {"startOffsetMs", 0}, {"endOffsetMs", 1}}}}};
  EXPECT_THAT(CheckTranscript(transcript.dump(), parsed), testing::SizeIs(1));
}

TEST(TranscriptsTest, TheStemIsTheRecordingIdAndReplacesTheBuiltInOne) {
  TempDir folder;
  folder.Write("call-1.json", kGood);
  folder.Write("rec_8a7f3b2c1d4e.json", kGood);
  auto catalogue = Catalogue::BuiltIn();
  ASSERT_TRUE(catalogue.ok());
  ASSERT_TRUE(catalogue->AddDirectory(folder.path().string()).ok());
  const Recording* call = catalogue->Find("call-1");
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->format, "wav");
  EXPECT_EQ(call->duration_ms, 1000);
  EXPECT_EQ(call->size_bytes, 44 + 16 * 1000);
  EXPECT_EQ(catalogue->Find(kSeedWav)->duration_ms, 1000);
}

TEST(TranscriptsTest, SpeakerLabelsConfidenceAndScoresMayBeMissing) {
  json parsed;
  EXPECT_THAT(CheckTranscript(R"({"results": [{"text": "", "startOffsetMs": 0, "endOffsetMs": 0},
      {"text": "a", "speakerLabels": null, "confidence": null, "startOffsetMs": 0,
       "endOffsetMs": 0}]})",
                              parsed),
              testing::IsEmpty());
}

TEST(BuiltInTest, EverySampleCallIsARecording) {
  const auto catalogue = Catalogue::BuiltIn();
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_FALSE(EmbeddedCalls().empty());
  for (const EmbeddedCall& call : EmbeddedCalls()) {
    const Recording* recording = catalogue->Find(call.stem);
    ASSERT_NE(recording, nullptr) << call.stem;
    EXPECT_FALSE(recording->transcript->at("results").empty());
  }
}

TEST(BuiltInTest, SeedRecordingsAreSpoken) {
  const auto catalogue = Catalogue::BuiltIn();
  ASSERT_TRUE(catalogue.ok());
  for (const char* id : {kSeedWav, kSeedMp3}) {
    EXPECT_FALSE(catalogue->Find(id)->transcript->at("results").empty()) << id;
  }
}

TEST(BuiltInTest, SyntheticRecordingsRepeatTheCalls) {
  auto catalogue = Catalogue::BuiltIn();
  ASSERT_TRUE(catalogue.ok());
  catalogue->AddSynthetic(1000);
  ASSERT_NE(catalogue->Find("rec_synthetic_001000"), nullptr);
  EXPECT_GT(catalogue->Find("rec_synthetic_001000")->duration_ms, 0);
  EXPECT_EQ(catalogue->Find("rec_synthetic_001001"), nullptr);
}

TEST(RecordingIdTest, FollowsTheContract) {
  EXPECT_TRUE(IsRecordingId("a.B-9_"));
  EXPECT_TRUE(IsRecordingId(std::string(128, 'a')));
  for (const std::string& bad : {std::string(), std::string(129, 'a'), std::string("a b"),
                                 std::string("a/b"), std::string("\xc3\xa9")}) {
    EXPECT_FALSE(IsRecordingId(bad)) << bad;
  }
}

}  // namespace
}  // namespace cxscribe::sim
