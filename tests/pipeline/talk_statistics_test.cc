#include "server/pipeline/talk_statistics.h"

#include <limits>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/pipeline/fake_stage.h"
#include "tests/pipeline/timeline.h"

namespace cxscribe {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

v1::TalkStatistics::Speaker Of(const v1::TalkStatistics& statistics, const std::string& speaker) {
  for (const auto& entry : statistics.speakers()) {
    if (entry.speaker() == speaker) return entry;
  }
  ADD_FAILURE() << "no " << speaker;
  return {};
}

// ---- the time of a call

struct TimeCase {
  const char* name;
  std::vector<std::string> rows;  // 1 s a character
  int talk_s;                     // of the agent
  int total_s;
  int silence_s;
  int overlap_s;
  int longest_silence_s;
  int silences;
};

TEST(TalkStatistics, MeasureTheTimeOfACall) {
  const std::vector<TimeCase> cases = {
      {"one speaks", {"agent    |====="}, 5, 5, 0, 0, 0, 0},
      {"silence at the start and between",  //
       {"agent    |  ===",                  //
        "customer |       =="},
       3,
       9,
       4,
       0,
       2,
       0},
      {"silence from three seconds on is one to count",
       {"agent    |   ==   ==  ==    ==",  //
        "customer |"},
       8,
       20,
       12,
       0,
       4,
       3},
      {"touching is neither silence nor overlap",
       {"agent    |====",  //
        "customer |    ==="},
       4,
       7,
       0,
       0,
       0,
       0},
      {"overlap",
       {"agent    |=====",  //
        "customer |   ====="},
       5,
       8,
       0,
       2,
       0,
       0},
      {"three at once count once",
       {"agent    |======", "customer |  ====  ", "third    |   ==   "},
       6,
       6,
       0,
       4,
       0,
       0},
      {"a speaker does not overlap itself",
       {"agent    |=====",  //
        "agent    |   ==#"},
       6,
       6,
       0,
       0,
       0,
       0},
      {"one within another of the same speaker",
       {"agent    |======",  //
        "agent    | ==   "},
       6,
       6,
       0,
       0,
       0,
       0},
      {"a back-channel is talk",
       {"agent    |=== ==",  //
        "customer |  mm  "},
       5,
       6,
       0,
       1,
       0,
       0},
      {"so is a segment without text", {"agent    |  xx"}, 2, 4, 2, 0, 2, 0},
  };
  for (const TimeCase& test : cases) {
    const auto statistics = ComputeTalkStatistics(Draw(1000, test.rows));
    EXPECT_EQ(Of(statistics, "agent").talk_ms(), 1000 * test.talk_s) << test.name;
    EXPECT_EQ(statistics.total_ms(), 1000 * test.total_s) << test.name;
    EXPECT_EQ(statistics.silence_ms(), 1000 * test.silence_s) << test.name;
    EXPECT_EQ(statistics.overlap_ms(), 1000 * test.overlap_s) << test.name;
    EXPECT_EQ(statistics.longest_silence_ms(), 1000 * test.longest_silence_s) << test.name;
    EXPECT_EQ(statistics.silence_count(), test.silences) << test.name;
  }
}

TEST(TalkStatistics, RecordingsAreTimeLinesOfTheirOwn) {
  v1::Transcript transcript = Draw(1000, {"agent    |==    ="}, "a");
  transcript.MergeFrom(Draw(1000,
                            {"customer | ========",  //
                             "agent    |     "},
                            "b"));
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.total_ms(), 16'000);
  EXPECT_EQ(statistics.overlap_ms(), 0);
  EXPECT_EQ(statistics.silence_ms(), 5000);
  EXPECT_EQ(statistics.longest_silence_ms(), 4000);
  EXPECT_EQ(statistics.silence_count(), 1);
  EXPECT_EQ(statistics.interruption_count(), 0);
}

TEST(TalkStatistics, AnEmptySegmentMayBeTheLast) {
  v1::Transcript transcript;
  Add(transcript, "a", "agent", 100, 50);
  Add(transcript, "a", "agent", -20, 10);
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.total_ms(), 100);
  EXPECT_EQ(statistics.speakers(0).talk_ms(), 10);
  EXPECT_EQ(statistics.silence_ms(), 90);
}

TEST(TalkStatistics, LongSumsAreCapped) {
  v1::Transcript transcript;
  for (const char* recording : {"a", "b"}) {
    Add(transcript, recording, "agent", 0, kMax);
    Add(transcript, recording, "customer", kMax - 1, kMax);
  }
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.total_ms(), kMax);
  EXPECT_EQ(statistics.speakers(0).talk_ms(), kMax);
  EXPECT_EQ(statistics.speakers(0).longest_monologue_ms(), kMax);
  EXPECT_NEAR(statistics.speakers(0).talk_share(), 1, 1e-6);
}

// ---- speakers

TEST(TalkStatistics, WhoTalksMostComesFirst) {
  const auto statistics =
      ComputeTalkStatistics(Draw(1000, {"anna     |==",  //
                                        "carl     |     ==", "bert     |  ==="}));
  ASSERT_EQ(statistics.speakers_size(), 3);
  EXPECT_EQ(statistics.speakers(0).speaker(), "bert");
  EXPECT_EQ(statistics.speakers(1).speaker(), "anna");
  EXPECT_EQ(statistics.speakers(2).speaker(), "carl");
  EXPECT_DOUBLE_EQ(statistics.speakers(0).talk_share(), 3.0 / 7);
  EXPECT_DOUBLE_EQ(statistics.speakers(2).talk_share(), 2.0 / 7);
}

TEST(TalkStatistics, TheSourcesWordsAreCountedWhereItGaveAny) {
  v1::Transcript transcript;
  Add(transcript, "a", "agent", 0, 1, "  spaced   out  ");
  Add(transcript, "a", "customer", 1, 2, "ohneleerzeichen");
  AddWords(*transcript.mutable_segments(1), {"ohne", "leer", "zeichen"});
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(Of(statistics, "agent").word_count(), 2);
  EXPECT_EQ(Of(statistics, "customer").word_count(), 3);
}

TEST(TalkStatistics, AMaskIsOneWordOrAsManyAsTheSourceKnew) {
  v1::Transcript transcript;
  Add(transcript, "a", "agent", 0, 6000, "my card is [CREDIT_CARD] yes");
  Add(transcript, "a", "customer", 0, 6000, "it is [PHONE]");
  AddWords(*transcript.mutable_segments(1), {"it", "is", "[PHONE]", "[PHONE]", "[PHONE]"});
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(Of(statistics, "agent").word_count(), 5);
  EXPECT_EQ(Of(statistics, "customer").word_count(), 5);
  EXPECT_DOUBLE_EQ(Of(statistics, "customer").words_per_minute(), 50);
}

TEST(TalkStatistics, WordsAMinuteAreThoseOfTimedSegmentsWhileTalking) {
  v1::Transcript transcript;
  Add(transcript, "a", "agent", 1000, 2000, "one two");
  Add(transcript, "a", "agent", 9000, 10'000, "three");
  Add(transcript, "a", "agent", 0, 0, "not known when");
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.speakers(0).word_count(), 6);
  EXPECT_DOUBLE_EQ(statistics.speakers(0).words_per_minute(), 90);
}

TEST(TalkStatistics, WordsWithTimesTellPausesWithinASegment) {
  v1::Transcript transcript;
  Add(transcript, "a", "agent", 0, 10'000, "hold on thanks");
  const int times[][2] = {{0, 400}, {500, 1000}, {9000, 10'000}};
  AddWords(*transcript.mutable_segments(0), {"hold", "on", "thanks"});
  for (int i = 0; i < 3; ++i) {
    transcript.mutable_segments(0)->mutable_words(i)->set_start_ms(times[i][0]);
    transcript.mutable_segments(0)->mutable_words(i)->set_end_ms(times[i][1]);
  }
  Add(transcript, "a", "customer", 2000, 3000, "of course I can");
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(Of(statistics, "agent").talk_ms(), 2000);
  EXPECT_DOUBLE_EQ(Of(statistics, "agent").words_per_minute(), 90);
  EXPECT_EQ(Of(statistics, "agent").longest_monologue_ms(), 1000);
  EXPECT_EQ(statistics.silence_ms(), 7000);
  EXPECT_EQ(statistics.longest_silence_ms(), 6000);
  EXPECT_EQ(statistics.overlap_ms(), 0);
  EXPECT_EQ(statistics.interruption_count(), 0);
}

// ---- the longest monologue

struct MonologueCase {
  const char* name;
  std::vector<std::string> rows;  // 1 s a character
  int agent_s;
  int customer_s;
};

TEST(TalkStatistics, MeasureTheLongestMonologue) {
  const std::vector<MonologueCase> cases = {
      {"the longest of several",
       {"agent    |===    =====   =",  //
        "customer |    ==      =="},
       5,
       2},
      {"segments that follow each other are one",
       {"agent    |===#### ==      ",  //
        "customer |          ==="},
       10,
       3},
      {"a short pause belongs to it",
       {"agent    |===  ===        ",  //
        "customer |        ="},
       8,
       1},
      {"a silence ends it",
       {"agent    |===   ====      ",  //
        "customer |          ="},
       4,
       1},
      {"a back-channel does not end it",
       {"agent    |===#===#  ===   ",  //
        "customer |  m   m  o   == "},
       13,
       2},
      {"a back-channel is none, nor the start of one",
       {"agent    |=====    ====== ",  //
        "customer |     mm ="},
       6,
       1},
      {"a speaker's own back-channel belongs to it",
       {"agent    |==m  m  ==      ",  //
        "customer |          ==="},
       10,
       3},
      {"who only listens has none",
       {"agent    |======   ====== ",  //
        "customer |  m   m   m"},
       6,
       0},
      {"what another says ends it, between segments or over one",
       {"agent    |====  #####     ",  //
        "customer |    ==     "},
       5,
       2},
      {"two at once",
       {"agent    |=====#####      ",  //
        "customer |  ===      "},
       5,
       3},
  };
  for (const MonologueCase& test : cases) {
    const auto statistics = ComputeTalkStatistics(Draw(1000, test.rows));
    EXPECT_EQ(Of(statistics, "agent").longest_monologue_ms(), 1000 * test.agent_s) << test.name;
    EXPECT_EQ(Of(statistics, "customer").longest_monologue_ms(), 1000 * test.customer_s)
        << test.name;
  }
}

TEST(TalkStatistics, AMonologueEndsWithItsRecording) {
  v1::Transcript transcript = Draw(1000, {"agent |===="}, "a");
  transcript.MergeFrom(Draw(1000, {"agent |======"}, "b"));
  EXPECT_EQ(ComputeTalkStatistics(transcript).speakers(0).longest_monologue_ms(), 6000);
}

// ---- interruptions

struct InterruptionCase {
  const char* name;
  std::vector<std::string> rows;  // 100 ms a character
  int agent;
  int customer;
};

TEST(TalkStatistics, CountInterruptions) {
  const std::vector<InterruptionCase> cases = {
      {"turns that follow each other",
       {"agent    |==========           =====",  //
        "customer |           ========="},
       0,
       0},
      {"who cuts in and keeps the floor",
       {"agent    |==========                ",  //
        "customer |      =============="},
       0,
       1},
      {"who cuts in and is talked over",
       {"agent    |==========================",  //
        "customer |      ======"},
       0,
       1},
      {"a back-channel does not interrupt",
       {"agent    |==========================",  //
        "customer |      mmmm      oooo"},
       0,
       0},
      {"nor does whoever goes on over one",
       {"agent    |======       =============",  //
        "customer |       mmmmmmmmmmmmm"},
       0,
       0},
      {"a back-channel that goes on to say more",
       {"agent    |==========================",  //
        "customer |      mmm  ======"},
       0,
       1},
      {"a back-channel, and more once the other has ended",
       {"agent    |============              ",  //
        "customer |      mmm    ======"},
       0,
       0},
      {"a little early",
       {"agent    |============              ",  //
        "customer |         =========="},
       0,
       0},
      {"a little earlier",
       {"agent    |============              ",  //
        "customer |        ==========="},
       0,
       1},
      {"both begin together",
       {"agent    |===============           ",  //
        "customer |   ============"},
       0,
       0},
      {"and one gives way, then tries again",
       {"agent    |==========================",  //
        "customer | ====           ======"},
       0,
       1},
      {"a spurt interrupts once, however many its segments",
       {"agent    |==========================",  //
        "customer |      =====#####  ====  ==="},
       0,
       1},
      {"and who was first goes on, not back",
       {"agent    |==========####  ====  ====",  //
        "customer |      ====================="},
       0,
       1},
      {"after a pause it is another",
       {"agent    |==========================",  //
        "customer |      ====     ======    "},
       0,
       2},
      {"each the other",
       {"agent    |=========          =======",  //
        "customer |     =================="},
       1,
       1},
      {"too short to be one",
       {"agent    |==========================",  //
        "customer |         ==="},
       0,
       0},
      {"over two others at once, one interruption",
       {"agent    |==========================", "third    |==========================",
        "customer |         ====="},
       0,
       1},
      {"unknown may be anybody",
       {"agent    |==========                ", "unknown  |     =====================",
        "customer |                    ======"},
       0,
       0},
  };
  for (const InterruptionCase& test : cases) {
    const auto statistics = ComputeTalkStatistics(Draw(100, test.rows));
    EXPECT_EQ(Of(statistics, "agent").interruption_count(), test.agent) << test.name;
    EXPECT_EQ(Of(statistics, "customer").interruption_count(), test.customer) << test.name;
    EXPECT_EQ(statistics.interruption_count(), test.agent + test.customer) << test.name;
  }
}

// ---- what is not known is absent

TEST(TalkStatistics, OfNothingAreNothing) {
  EXPECT_EQ(ComputeTalkStatistics({}).ShortDebugString(), "");
}

TEST(TalkStatistics, WithoutTimesOnlyCountsAreKnown) {
  v1::Transcript transcript = TranscriptOf({"hello there"});
  EXPECT_EQ(ComputeTalkStatistics(transcript).ShortDebugString(),
            "speakers { speaker: \"agent\" segment_count: 1 word_count: 2 }");
  transcript.mutable_segments(0)->set_start_ms(700);  // a start is not enough
  EXPECT_FALSE(ComputeTalkStatistics(transcript).has_total_ms());
}

TEST(TalkStatistics, ARecordingWithoutTimesCountsForNoFigureOfTime) {
  v1::Transcript transcript = Draw(1000, {"agent    |==="}, "a");
  Add(transcript, "b", "customer", 0, 0);
  Add(transcript, "b", "agent", 9000, 9000);
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.total_ms(), 3000);
  EXPECT_EQ(statistics.silence_ms(), 0);
  EXPECT_EQ(Of(statistics, "agent").talk_ms(), 3000);
  EXPECT_EQ(Of(statistics, "customer").ShortDebugString(),
            "speaker: \"customer\" segment_count: 1 word_count: 2");
}

TEST(TalkStatistics, WhoMayBeAnybodyHasNoMonologueAndMakesNoInterruption) {
  const auto statistics = ComputeTalkStatistics(Draw(1000, {"unknown  |====",  //
                                                            "         |  ==="}));
  for (const auto& speaker : statistics.speakers()) {
    EXPECT_TRUE(speaker.has_talk_share());
    EXPECT_FALSE(speaker.has_longest_monologue_ms());
    EXPECT_FALSE(speaker.has_interruption_count());
  }
  EXPECT_TRUE(statistics.has_overlap_ms());
  EXPECT_FALSE(statistics.has_interruption_count());
}

TEST(TalkStatistics, BackChannelsAndSoInterruptionsAreKnownInEnglishOnly) {
  for (const char* language : {"", "en", "en-GB", "EN-us"}) {
    v1::Transcript transcript = Draw(100, {"agent    |==========",  //
                                           "customer |     ======"});
    transcript.set_language(language);
    EXPECT_EQ(ComputeTalkStatistics(transcript).interruption_count(), 1) << language;
  }
  for (const char* language : {"de-DE", "enm", "fr"}) {
    v1::Transcript transcript = Draw(1000, {"agent    |====#### ",  //
                                            "customer |   m    =="});
    transcript.set_language(language);
    const auto statistics = ComputeTalkStatistics(transcript);
    EXPECT_FALSE(statistics.has_interruption_count()) << language;
    EXPECT_FALSE(statistics.speakers(0).has_interruption_count()) << language;
    EXPECT_EQ(Of(statistics, "agent").longest_monologue_ms(), 4000) << language;
  }
}

TEST(TalkStatistics, ManySpeakersInManyRecordings) {
  v1::Transcript transcript;
  for (int i = 0; i < 100'000; ++i) {
    Add(transcript, absl::StrCat("rec_", i / 100), absl::StrCat("speaker_", i), 10 * i % 5000,
        10 * i % 5000 + 800);
  }
  const auto statistics = ComputeTalkStatistics(transcript);
  EXPECT_EQ(statistics.speakers_size(), 100'000);
  EXPECT_GT(statistics.interruption_count(), 0);
}

}  // namespace
}  // namespace cxscribe
