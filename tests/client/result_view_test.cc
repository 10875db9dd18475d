#include "client/result_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/result_pages.h"
#include "tests/client/fakes.h"

namespace cxscribe::client {
namespace {

using ::testing::HasSubstr;

View TestView(int width = 100) {
  View view;
  view.width = width;
  view.now = absl::FromUnixSeconds(1'705'312'800);
  view.zone = absl::UTCTimeZone();
  return view;
}

void AddSegment(v1::GetResultResponse& result, const std::string& recording,
                const std::string& speaker, int start_ms, const std::string& text) {
  auto* segment = result.add_segments();
  segment->set_recording_id(recording);
  segment->set_speaker(speaker);
  segment->set_start_ms(start_ms);
  segment->set_text(text);
}

void AddTurn(v1::GetResultResponse& result, const std::string& speaker, int start_ms, int begin,
             int end) {
  auto* turn = result.add_turns();
  turn->set_recording_id("rec_1");
  turn->set_speaker(speaker);
  turn->set_start_ms(start_ms);
  turn->set_segment_begin(begin);
  turn->set_segment_end(end);
}

v1::GetResultResponse SampleResult() {
  v1::GetResultResponse result;
  result.set_job_id("job_1");
  result.set_transcription_id("txn_9f8e7d6c5b4a");
  result.set_status("completed");
  result.set_language("en-US");
  result.set_redaction_policy("pii");
  result.set_pipeline("default");
  result.set_pipeline_hash("0123456789abcdef");
  result.set_accuracy_score(0.94);
  result.mutable_completed_time()->set_seconds(1'705'312'800);
  AddSegment(result, "rec_1", "agent", 1200, "Thank you for calling.");
  AddSegment(result, "rec_1", "agent", 3400, "How can I help?");
  AddSegment(result, "rec_1", "customer", 61'000, "My card is [CREDIT_CARD].");
  AddTurn(result, "agent", 1200, 0, 2);
  AddTurn(result, "customer", 61'000, 2, 3);
  auto* finding = result.add_findings();
  finding->set_entity_type("CREDIT_CARD");
  finding->set_score(0.995);
  finding->set_detector("luhn");
  finding->set_masked(true);
  finding->set_reason("16 digits that pass the Luhn check");
  auto* span = finding->add_spans();
  span->set_segment_index(2);
  span->set_begin(11);
  span->set_end(24);
  auto* stage = result.add_stages();
  stage->set_stage("redaction-verification");
  stage->set_plugin("redaction");
  stage->set_plugin_version("0.1.0");
  stage->set_plugin_sha256("0123456789abcdef");
  stage->set_config_sha256("fedcba9876543210");
  stage->set_segments_in(3);
  stage->set_segments_out(3);
  stage->set_findings(1);
  stage->set_duration_ms(0.84);
  stage->set_outcome(v1::OUTCOME_PASS);
  stage->set_pass(2);
  stage->set_reason("clean");
  auto* compliance = result.mutable_compliance();
  compliance->set_vendor_redaction(v1::OUTCOME_FAIL);
  compliance->set_pii_redacted(v1::OUTCOME_PASS);
  compliance->set_diarization_applied(v1::OUTCOME_NOT_RUN);
  compliance->set_punctuation_restored(v1::OUTCOME_PASS);
  (*compliance->mutable_capabilities())["acme.script"] = v1::OUTCOME_INCONCLUSIVE;
  auto* speaker = result.mutable_talk_statistics()->add_speakers();
  speaker->set_speaker("agent");
  speaker->set_talk_ms(3000);
  speaker->set_segment_count(2);
  speaker->set_word_count(8);
  speaker->set_talk_share(0.375);
  speaker->set_words_per_minute(159.6);
  speaker->set_longest_monologue_ms(2800);
  speaker->set_interruption_count(1);
  auto* other = result.mutable_talk_statistics()->add_speakers();
  other->set_speaker("unknown");
  other->set_talk_ms(5000);
  other->set_segment_count(1);
  other->set_word_count(4);
  other->set_talk_share(0.625);
  other->set_words_per_minute(48);
  result.mutable_talk_statistics()->set_total_ms(65'000);
  result.mutable_talk_statistics()->set_silence_ms(57'000);
  result.mutable_talk_statistics()->set_overlap_ms(400);
  result.mutable_talk_statistics()->set_longest_silence_ms(55'000);
  result.mutable_talk_statistics()->set_silence_count(1);
  result.mutable_talk_statistics()->set_interruption_count(1);
  result.mutable_audit()->set_sequence(12);
  result.mutable_audit()->set_head_hash("abc123");
  return result;
}

TEST(ResultView, ShowsTheTranscriptAndAllThatIsProvenAboutIt) {
  EXPECT_EQ(
      RenderResult(SampleResult(), TestView(130)),
      "Job            job_1\n"
      "Transcription  txn_9f8e7d6c5b4a\n"
      "Status         completed\n"
      "Language       en-US\n"
      "Policy         pii\n"
      "Pipeline       default 0123456789ab\n"
      "Accuracy       0.94\n"
      "Completed      2024-01-15 10:00:00\n"
      "\n"
      "Transcript\n"
      "  [00:01] agent: Thank you for calling. How can I help?\n"
      "  [01:01] customer: My card is [CREDIT_CARD].\n"
      "\n"
      "Findings\n"
      "  TYPE         WHERE             SCORE  DETECTOR  MASKED  WHY\n"
      "  CREDIT_CARD  01:01 #2 [11,24)   0.99  luhn      yes     16 digits that pass the Luhn "
      "check\n"
      "\n"
      "Compliance\n"
      "  vendor_redaction      FAIL\n"
      "  pii_redacted          PASS\n"
      "  diarization_applied   NOT_RUN\n"
      "  punctuation_restored  PASS\n"
      "  acme.script           INCONCLUSIVE\n"
      "\n"
      "Stages\n"
      "  STAGE                            PLUGIN           SHA-256       CONFIG        SEGMENTS "
      " FINDINGS    TIME  OUTCOME  WHY\n"
      "  redaction-verification (pass 2)  redaction 0.1.0  0123456789ab  fedcba987654       3→3 "
      "        1  0.8 ms  PASS     clean\n"
      "\n"
      "Talk\n"
      "  SPEAKER  TALKED  SHARE  LONGEST  SEGMENTS  WORDS  A MINUTE  INTERRUPTS\n"
      "  agent       3 s   38 %    2.8 s         2      8       160           1\n"
      "  unknown     5 s   63 %        -         1      4        48           -\n"
      "  of 1 min 5 s, overlap 400 ms, silence 57 s (88 %), 1 of 3 s or more, longest 55 s\n"
      "\n"
      "Audit\n"
      "  entry 12, hash abc123\n");
}

TEST(ResultView, SaysWhenTheTalkHasNoTimes) {
  v1::GetResultResponse result;
  auto* speaker = result.mutable_talk_statistics()->add_speakers();
  speaker->set_segment_count(2);
  speaker->set_word_count(8);
  EXPECT_THAT(RenderResult(result, TestView()),
              ::testing::HasSubstr(
                  "  SPEAKER  TALKED  SHARE  LONGEST  SEGMENTS  WORDS  A MINUTE  INTERRUPTS\n"
                  "  unknown       -      -        -         2      8         -           -\n"
                  "  when is not known: the transcript has no times\n"));
}

TEST(ResultView, WhatAStageSaysAtLengthStandsBelowTheTable) {
  v1::GetResultResponse result;
  v1::StageRecord& stage = *result.add_stages();
  stage.set_stage("verify");
  stage.set_pass(2);
  stage.set_reason("read 12 segments, 345 words for 2 of 2 entity types; found nothing");
  const std::string text = RenderResult(result, TestView(60));
  EXPECT_THAT(text, HasSubstr("see below\n"
                              "  verify (pass 2):\n"
                              "    read 12 segments, 345 words for 2 of 2 entity types;\n"
                              "    found nothing\n"));
}

TEST(ResultView, WrapsTextUnderItself) {
  EXPECT_EQ(RenderTranscript(SampleResult(), TestView(45)),
            "  [00:01] agent: Thank you for calling. How\n"
            "                 can I help?\n"
            "  [01:01] customer: My card is [CREDIT_CARD].\n");
}

TEST(ResultView, TextFromUpstreamCannotSteerTheTerminal) {
  v1::GetResultResponse result;
  AddSegment(result, "rec_\x1b[1m",
             "ag\x1b]0;x\x07"
             "ent",
             0,
             "hi\x1b[2J\xc2\x9b"
             "31m \u202etxet");
  auto* finding = result.add_findings();
  finding->set_entity_type("X\x1b[0m");
  finding->set_reason("\x1b[8m");
  auto* stage = result.add_stages();
  stage->set_stage("s\x1b");
  stage->mutable_error()->set_code(13);
  stage->mutable_error()->set_message("m\x1b[2J");
  result.mutable_audit()->set_head_hash("\x1b");
  const std::string text = RenderResult(result, TestView());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
  EXPECT_EQ(text.find("\u202e"), std::string::npos);
  EXPECT_THAT(text, ::testing::HasSubstr("hi␛[2J<U+009B>31m <U+202E>txet"));
}

TEST(ResultView, SaysWhenTheTextIsWithheld) {
  v1::GetResultResponse result;
  result.set_withheld(true);
  AddSegment(result, "rec_1", "agent", 0, "");
  EXPECT_EQ(RenderTranscript(result, TestView()),
            "  withheld: a person must resolve the job first\n");
}

TEST(ResultView, NamesRecordingsWhereThereAreSeveral) {
  v1::GetResultResponse result;
  AddSegment(result, "rec_1", "agent", 0, "one");
  AddSegment(result, "rec_2", "", 5000, "two");
  EXPECT_EQ(RenderTranscript(result, TestView()),
            "  rec_1\n"
            "  [00:00] agent: one\n"
            "  rec_2\n"
            "  [00:05] unknown: two\n");
}

TEST(ResultView, ShowsWhichSpeakersTheSourceDidNotName) {
  v1::GetResultResponse result;
  result.set_first_segment(10);
  AddSegment(result, "rec_1", "agent", 0, "one");
  AddSegment(result, "rec_1", "agent", 1000, "two");
  AddSegment(result, "rec_1", "agent", 2000, "three");
  AddSegment(result, "rec_1", "agent", 3000, "four");
  AddSegment(result, "rec_1", "customer", 4000, "five");
  AddTurn(result, "agent", 0, 10, 14);
  AddTurn(result, "customer", 4000, 14, 15);
  const auto annotate = [&result](int segment, const std::string& key, const std::string& value) {
    auto* annotation = result.add_annotations();
    annotation->set_segment_index(segment);
    annotation->set_key(key);
    annotation->set_value(value);
  };
  annotate(11, "diarization.speaker", "filled");
  annotate(12, "diarization.speaker", "corrected");
  annotate(13, "diarization.speaker", "split");
  annotate(14, "acme.speaker", "filled");
  annotate(99, "diarization.speaker", "filled");
  annotate(-1, "diarization.speaker", "filled");
  EXPECT_EQ(RenderTranscript(result, TestView()),
            "  [00:00] agent: one\n"
            "  [00:01] agent~: two three\n"
            "  [00:03] agent: four\n"
            "  [00:04] customer: five\n"
            "  ~ concluded from what is said: the source named nobody here, or somebody else\n");
}

TEST(ResultView, SegmentsOutsideOfTurnsAndTurnsOutsideOfSegmentsDoNoHarm) {
  v1::GetResultResponse result;
  AddSegment(result, "rec_1", "agent", 0, "a");
  AddSegment(result, "rec_1", "agent", 1000, "b");
  AddSegment(result, "rec_1", "agent", 2000, "c");
  AddTurn(result, "agent", 0, -5, 1);
  AddTurn(result, "customer", 1000, 1, 2);
  AddTurn(result, "customer", 1000, 1, 3);
  AddTurn(result, "customer", 1000, 2, 99);
  EXPECT_EQ(RenderTranscript(result, TestView()),
            "  [00:00] agent: a\n"
            "  [00:01] customer: b\n"
            "  [00:02] agent: c\n");
}

TEST(ResultPages, JoinsPages) {
  FakeClock clock;
  FakeApi api(clock);
  api.get_result.answer = [](const v1::GetResultRequest& request) {
    v1::GetResultResponse page;
    page.set_segment_count(3);
    if (request.page_token().empty()) {
      page = SampleResult();
      page.mutable_segments()->RemoveLast();
      page.mutable_turns()->RemoveLast();
      page.clear_findings();
      page.set_next_page_token("2");
    } else {
      const v1::GetResultResponse whole = SampleResult();
      *page.add_segments() = whole.segments(2);
      *page.add_turns() = whole.turns(1);
      *page.add_findings() = whole.findings(0);
      page.set_first_segment(2);
    }
    return page;
  };
  const auto whole = GetWholeResult(api, "job_1");
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->SerializeAsString(), SampleResult().SerializeAsString());
  EXPECT_EQ(api.get_result.requests.size(), 2u);
}

TEST(ResultPages, RefusesPagesThatLeaveAGapOrNeverEnd) {
  FakeClock clock;
  FakeApi api(clock);
  api.get_result.answer = [](const v1::GetResultRequest& request) {
    v1::GetResultResponse page;
    AddSegment(page, "rec_1", "agent", 0, "a");
    page.set_first_segment(request.page_token().empty() ? 0 : 2);
    page.set_next_page_token("x");
    return page;
  };
  EXPECT_EQ(GetWholeResult(api, "job_1").status().code(), absl::StatusCode::kInternal);
  api.get_result.answer = [](const v1::GetResultRequest&) {
    v1::GetResultResponse page;
    page.set_next_page_token("x");
    return page;
  };
  EXPECT_EQ(GetWholeResult(api, "job_1").status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace cxscribe::client
