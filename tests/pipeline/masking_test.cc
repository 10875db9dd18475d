#include "server/pipeline/masking.h"

#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/utf8.h"
#include "server/pipeline/word_alignment.h"
#include "tests/pipeline/fake_stage.h"

namespace cxscribe {
namespace {

using ::testing::ElementsAre;

void MaskAll(v1::Transcript& transcript) {
  MaskTranscript(transcript,
                 std::vector<bool>(static_cast<size_t>(transcript.findings_size()), true));
}

std::vector<std::string> WordsOf(const v1::Segment& segment) {
  std::vector<std::string> words;
  for (const v1::Word& word : segment.words()) words.push_back(word.text());
  return words;
}

std::string TextAt(const v1::Transcript& transcript, const v1::Span& span) {
  return transcript.segments(span.segment_index())
      .text()
      .substr(static_cast<size_t>(span.begin()), static_cast<size_t>(span.end() - span.begin()));
}

v1::Annotation& Annotate(v1::Transcript& transcript, const std::string& value) {
  v1::Annotation& annotation = *transcript.add_annotations();
  annotation.set_key("k");
  annotation.set_value(value);
  return annotation;
}

v1::Annotation& AnnotateSpan(v1::Transcript& transcript, const std::string& value, int segment,
                             int begin, int end) {
  v1::Annotation& annotation = Annotate(transcript, value);
  v1::Span& span = *annotation.mutable_span();
  span.set_segment_index(segment);
  span.set_begin(begin);
  span.set_end(end);
  return annotation;
}

TEST(Masking, ReplacesTheSpanAndPointsTheFindingAtTheMask) {
  v1::Transcript transcript = TranscriptOf({"my card is 4111 ok"});
  *transcript.add_findings() = Find(0, 11, 15);
  MaskAll(transcript);
  EXPECT_EQ(transcript.segments(0).text(), "my card is [CREDIT_CARD] ok");
  EXPECT_TRUE(transcript.findings(0).masked());
  EXPECT_EQ(TextAt(transcript, transcript.findings(0).spans(0)), "[CREDIT_CARD]");
}

TEST(Masking, MasksEverySpanOfAFindingOverSeveralSegments) {
  v1::Transcript transcript = TranscriptOf({"four one", "hm", "one one please"});
  v1::Finding finding = Find(0, 0, 8);
  *finding.add_spans() = Find(2, 0, 7).spans(0);
  *transcript.add_findings() = finding;
  MaskAll(transcript);
  EXPECT_EQ(transcript.segments(0).text(), "[CREDIT_CARD]");
  EXPECT_EQ(transcript.segments(1).text(), "hm");
  EXPECT_EQ(transcript.segments(2).text(), "[CREDIT_CARD] please");
  EXPECT_EQ(TextAt(transcript, transcript.findings(0).spans(1)), "[CREDIT_CARD]");
}

TEST(Masking, OverlappingSpansBecomeOneMaskNamedAfterTheSurest) {
  v1::Transcript transcript = TranscriptOf({"x 123456789 y"});
  *transcript.add_findings() = Find(0, 2, 8, "NUMBER_SEQUENCE", 0.4);
  *transcript.add_findings() = Find(0, 6, 11, "SSN", 0.9);
  MaskAll(transcript);
  EXPECT_EQ(transcript.segments(0).text(), "x [SSN] y");
  for (const v1::Finding& finding : transcript.findings()) {
    EXPECT_EQ(TextAt(transcript, finding.spans(0)), "[SSN]");
    EXPECT_TRUE(finding.masked());
  }
}

TEST(Masking, AtEqualScoresTheLongerNamesTheMaskThenTheAlphabet) {
  v1::Transcript transcript = TranscriptOf({"123456789", "123456789"});
  *transcript.add_findings() = Find(0, 0, 3, "AAA.A", 0.9);
  *transcript.add_findings() = Find(0, 1, 9, "PHONE", 0.9);
  *transcript.add_findings() = Find(1, 0, 9, "SSN", 0.9);
  *transcript.add_findings() = Find(1, 0, 9, "PHONE", 0.9);
  MaskAll(transcript);
  EXPECT_EQ(transcript.segments(0).text(), "[PHONE]");
  EXPECT_EQ(transcript.segments(1).text(), "[PHONE]");
}

TEST(Masking, TouchingSpansStayTwoMasks) {
  v1::Transcript transcript = TranscriptOf({"123456"});
  *transcript.add_findings() = Find(0, 0, 3, "PIN");
  *transcript.add_findings() = Find(0, 3, 6, "CARD_CVV");
  MaskAll(transcript);
  EXPECT_EQ(transcript.segments(0).text(), "[PIN][CARD_CVV]");
  EXPECT_EQ(TextAt(transcript, transcript.findings(0).spans(0)), "[PIN]");
  EXPECT_EQ(TextAt(transcript, transcript.findings(1).spans(0)), "[CARD_CVV]");
}

TEST(Masking, TwoSpansOfAFindingInOneMaskBecomeOne) {
  v1::Transcript transcript = TranscriptOf({"1234567890"});
  v1::Finding finding = Find(0, 0, 3);
  *finding.add_spans() = Find(0, 5, 7).spans(0);
  *transcript.add_findings() = finding;
  *transcript.add_findings() = Find(0, 0, 10, "SSN", 1);
  MaskAll(transcript);
  EXPECT_EQ(transcript.findings(0).spans_size(), 1);
}

TEST(Masking, FindingsThatAreNotMaskedMoveWithTheText) {
  v1::Transcript transcript = TranscriptOf({"1234 then bob and 5678"});
  *transcript.add_findings() = Find(0, 0, 4, "PIN");
  *transcript.add_findings() = Find(0, 10, 13, "PERSON");
  *transcript.add_findings() = Find(0, 18, 22, "PIN");
  MaskTranscript(transcript, {true, false, true});
  EXPECT_EQ(transcript.segments(0).text(), "[PIN] then bob and [PIN]");
  EXPECT_EQ(TextAt(transcript, transcript.findings(1).spans(0)), "bob");
  EXPECT_FALSE(transcript.findings(1).masked());
}

TEST(Masking, AFindingThatReachesIntoAMaskIsWidenedByIt) {
  v1::Transcript transcript = TranscriptOf({"bob 1234 end"});
  *transcript.add_findings() = Find(0, 0, 6, "PERSON");
  *transcript.add_findings() = Find(0, 4, 8, "PIN");
  MaskTranscript(transcript, {false, true});
  EXPECT_EQ(TextAt(transcript, transcript.findings(0).spans(0)), "bob [PIN]");
  EXPECT_FALSE(transcript.findings(0).masked());
}

TEST(Masking, OtherSegmentsAreLeftAlone) {
  v1::Transcript transcript = TranscriptOf({"1234", "1234"});
  *transcript.add_findings() = Find(0, 0, 4, "PIN");
  *transcript.add_findings() = Find(1, 0, 4, "PHONE");
  MaskTranscript(transcript, {true, false});
  EXPECT_EQ(transcript.segments(1).text(), "1234");
  EXPECT_FALSE(transcript.findings(1).masked());
}

TEST(Masking, NeverCutsACharacter) {
  v1::Transcript transcript = TranscriptOf({"a\xc3\xa4z"});
  *transcript.add_findings() = Find(0, 2, 3, "PIN");  // the second byte of ä
  MaskAll(transcript);
  EXPECT_EQ(transcript.segments(0).text(), "a[PIN]z");
}

TEST(Masking, SpansOutsideTheTextAreCut) {
  v1::Transcript transcript = TranscriptOf({"1234"});
  *transcript.add_findings() = Find(0, 2, 99, "PIN");
  *transcript.add_findings() = Find(7, 0, 2, "PIN");
  *transcript.add_findings() = Find(0, -5, 0, "PIN");
  MaskAll(transcript);
  EXPECT_EQ(transcript.segments(0).text(), "12[PIN]");
}

TEST(MaskingWords, ThoseUnderAMaskAreMaskedThoughPunctuationAndCaseDiffer) {
  v1::Transcript transcript = TranscriptOf({"It's Four-One, okay? \xc3\x84pfel"});
  AddWords(*transcript.mutable_segments(0), {"it's", "four", "one", "-", "okay", "\xc3\xa4pfel"});
  *transcript.add_findings() = Find(0, 5, 13, "PIN");
  MaskAll(transcript);
  EXPECT_EQ(transcript.segments(0).text(), "It's [PIN], okay? \xc3\x84pfel");
  EXPECT_THAT(WordsOf(transcript.segments(0)),
              ElementsAre("it's", "[PIN]", "-", "okay", "\xc3\xa4pfel"));
}

TEST(MaskingWords, AWordThatIsOnlyPartlyUnderAMaskIsMasked) {
  v1::Transcript transcript = TranscriptOf({"code ab1234cd end"});
  AddWords(*transcript.mutable_segments(0), {"code", "ab1234cd", "end"});
  *transcript.add_findings() = Find(0, 7, 11, "PIN");
  MaskAll(transcript);
  EXPECT_EQ(transcript.segments(0).text(), "code ab[PIN]cd end");
  EXPECT_THAT(WordsOf(transcript.segments(0)), ElementsAre("code", "[PIN]", "end"));
}

TEST(MaskingWords, ASymbolInsideAMaskIsMasked) {
  v1::Transcript transcript = TranscriptOf({"is bob @ x now"});
  AddWords(*transcript.mutable_segments(0), {"is", "bob", "@", "x", "now"});
  *transcript.add_findings() = Find(0, 3, 10, "EMAIL");
  MaskAll(transcript);
  EXPECT_THAT(WordsOf(transcript.segments(0)), ElementsAre("is", "[EMAIL]", "now"));
}

// "@#!?" stands in the text; of "!?" alone it is not certain where.
TEST(MaskingWords, AWordWithoutLettersUnderAMaskIsMasked) {
  v1::Transcript transcript =
      TranscriptOf({"password is @#!? ok", "it is !? ok", "it is , 1234 ok"});
  AddWords(*transcript.mutable_segments(0), {"password", "is", "@#!?", "ok"});
  AddWords(*transcript.mutable_segments(1), {"it", "is", "!?", "ok"});
  AddWords(*transcript.mutable_segments(2), {"it", "is", ",", "1234", "ok"});
  *transcript.add_findings() = Find(0, 12, 16, "PASSWORD");
  *transcript.add_findings() = Find(1, 6, 8, "PASSWORD");
  *transcript.add_findings() = Find(2, 8, 12, "PIN");
  MaskAll(transcript);
  EXPECT_THAT(WordsOf(transcript.segments(0)), ElementsAre("password", "is", "[PASSWORD]", "ok"));
  EXPECT_THAT(WordsOf(transcript.segments(1)), ElementsAre("it", "is", "[PASSWORD]", "ok"));
  EXPECT_THAT(WordsOf(transcript.segments(2)), ElementsAre("it", "is", ",", "[PIN]", "ok"));
}

TEST(MaskingWords, TimesAndConfidencesStay) {
  v1::Transcript transcript = TranscriptOf({"1234"});
  v1::Word& word = *transcript.mutable_segments(0)->add_words();
  word.set_text("1234");
  word.set_start_ms(5);
  word.set_confidence(0.5);
  *transcript.add_findings() = Find(0, 0, 4, "PIN");
  MaskAll(transcript);
  EXPECT_EQ(transcript.segments(0).words(0).text(), "[PIN]");
  EXPECT_EQ(transcript.segments(0).words(0).start_ms(), 5);
  EXPECT_EQ(transcript.segments(0).words(0).confidence(), 0.5);
}

// Else their count would tell a code of three digits from one of four.
TEST(MaskingWords, ThoseUnderOneMaskBecomeOne) {
  v1::Transcript transcript = TranscriptOf({"it is one two three four ok", "five six"});
  v1::Segment& segment = *transcript.mutable_segments(0);
  AddWords(segment, {"it", "is", "one", "two", "three", "four", "ok"});
  for (int i = 0; i < segment.words_size(); ++i) {
    segment.mutable_words(i)->set_start_ms(100 * i);
    segment.mutable_words(i)->set_end_ms(100 * i + 80);
    segment.mutable_words(i)->set_confidence(0.9 - 0.1 * i);
  }
  AddWords(*transcript.mutable_segments(1), {"five", "six"});
  transcript.mutable_segments(1)->mutable_words(0)->set_confidence(0.5);
  *transcript.add_findings() = Find(0, 6, 24, "PIN");
  // Two that touch are two masks.
  *transcript.add_findings() = Find(1, 0, 5, "PIN");
  *transcript.add_findings() = Find(1, 5, 8, "CARD_CVV");
  MaskAll(transcript);
  EXPECT_THAT(WordsOf(segment), ElementsAre("it", "is", "[PIN]", "ok"));
  EXPECT_EQ(segment.words(2).start_ms(), 200);
  EXPECT_EQ(segment.words(2).end_ms(), 580);
  EXPECT_NEAR(segment.words(2).confidence(), 0.4, 1e-9);
  EXPECT_EQ(segment.words(3).start_ms(), 600);
  EXPECT_THAT(WordsOf(transcript.segments(1)), ElementsAre("[PIN]", "[CARD_CVV]"));
  EXPECT_EQ(transcript.segments(1).words(0).confidence(), 0.5);
}

struct Misaligned {
  const char* text;
  std::vector<std::string> words;
};

// The naive way, searching for each word, leaves "1234" standing in most of these.
TEST(MaskingWords, WhereTheyCannotBeAlignedAllOfTheSegmentAreMasked) {
  const Misaligned cases[] = {
      {"pin 1234 ok", {"pin", "one", "two", "1234", "ok"}},
      {"pin 1234 ok", {"ok", "1234", "pin"}},
      {"pin 1234 ok", {"pin", "1234"}},
      {"pin 1234 ok", {"pin", "1234", "ok", "1234"}},
      {"pin 1234 ok", {"1234"}},
      {"pin 1234 ok",
       {"pin",
        "12\xff"
        "34",
        "ok"}},
  };
  for (const Misaligned& test : cases) {
    v1::Transcript transcript = TranscriptOf({test.text, "1234"});
    for (const std::string& word : test.words) {
      transcript.mutable_segments(0)->add_words()->set_text(word);
    }
    AddWords(*transcript.mutable_segments(1), {"other"});
    *transcript.add_findings() = Find(0, 4, 8, "PIN");
    MaskAll(transcript);
    EXPECT_THAT(WordsOf(transcript.segments(0)), ElementsAre("[PIN]"));
    EXPECT_THAT(WordsOf(transcript.segments(1)), ElementsAre("other"));
  }
}

TEST(MaskingAnnotations, SpansMoveAndThoseUnderAMaskAreDropped) {
  v1::Transcript transcript = TranscriptOf({"1234 is bob's pin", "calm"});
  *transcript.add_findings() = Find(0, 0, 4, "PIN");
  AnnotateSpan(transcript, "name", 0, 8, 11);
  AnnotateSpan(transcript, "number", 0, 2, 6);
  AnnotateSpan(transcript, "mood", 1, 0, 4);
  Annotate(transcript, "good").set_segment_index(0);
  Annotate(transcript, "whole");
  MaskAll(transcript);
  ASSERT_EQ(transcript.annotations_size(), 4);
  EXPECT_EQ(transcript.annotations(0).value(), "name");
  EXPECT_EQ(TextAt(transcript, transcript.annotations(0).span()), "bob");
  EXPECT_EQ(TextAt(transcript, transcript.annotations(1).span()), "calm");
  EXPECT_EQ(transcript.annotations(2).value(), "good");
  EXPECT_EQ(transcript.annotations(3).value(), "whole");
}

TEST(MaskingAnnotations, ValuesThatRepeatMaskedTextAreDroppedWhereverTheyAre) {
  v1::Transcript transcript = TranscriptOf({"call Bob-Smith", "calm"});
  *transcript.add_findings() = Find(0, 5, 14, "PERSON");
  Annotate(transcript, "the customer is BOB SMITH");
  Annotate(transcript, "bob smith").set_segment_index(1);
  Annotate(transcript, "bob").set_segment_index(1);
  Annotate(transcript, "bobby").set_segment_index(1);
  MaskAll(transcript);
  ASSERT_EQ(transcript.annotations_size(), 1);
  EXPECT_EQ(transcript.annotations(0).value(), "bobby");
}

enum class Place { kTranscript, kMaskedSegment, kOtherSegment, kOtherSpan };

struct Disguise {
  const char* text;  // masked as a whole
  const char* key;
  const char* value;
  bool kept;
};

TEST(MaskingAnnotations, MaskedTextInAnotherFormIsDroppedWhereverItIs) {
  const Disguise cases[] = {
      {"four one one one one one", "acme.card", "411111", false},
      {"four one one one one one", "acme.card", "4 1-1.1", false},
      {"four one one one one one", "acme.411111", "yes", false},
      {"411111", "acme.card", "four one one one one one", false},
      {"411111", "acme.card", "Four-One double one", false},
      {"411111", "411111", "yes", false},
      {"bob at example dot com", "acme.mail", "bob@example.com", false},
      {"bob at example dot com", "acme.mail", "b@b.de", false},
      {"bob@example.com", "acme.mail", "bob at example dot com", false},
      {"bob@example.com", "acme.example", "yes", false},
      {"four one one one one one", "acme.score", "0.93", true},
      {"four one one one one one", "acme.mood", "calm", true},
      {"bob@example.com", "acme.language", "en", true},
  };
  for (const Disguise& test : cases) {
    for (const Place place :
         {Place::kTranscript, Place::kMaskedSegment, Place::kOtherSegment, Place::kOtherSpan}) {
      v1::Transcript transcript = TranscriptOf({test.text, "fine"});
      const auto size = static_cast<int>(transcript.segments(0).text().size());
      *transcript.add_findings() = Find(0, 0, size, "PIN");
      v1::Annotation& annotation = place == Place::kOtherSpan
                                       ? AnnotateSpan(transcript, test.value, 1, 0, 4)
                                       : Annotate(transcript, test.value);
      annotation.set_key(test.key);
      if (place == Place::kMaskedSegment) annotation.set_segment_index(0);
      if (place == Place::kOtherSegment) annotation.set_segment_index(1);
      MaskAll(transcript);
      EXPECT_EQ(transcript.annotations_size(), test.kept ? 1 : 0)
          << test.text << ": " << test.key << "=" << test.value << " at "
          << static_cast<int>(place);
    }
  }
}

TEST(MaskingAnnotations, StayAsTheyAreWhereNothingIsMasked) {
  v1::Transcript transcript = TranscriptOf({"order 123456"});
  *transcript.add_findings() = Find(0, 6, 12, "PIN");
  Annotate(transcript, "123456");
  MaskTranscript(transcript, {false});
  EXPECT_EQ(transcript.annotations_size(), 1);
}

TEST(Withholding, EmptiesTextsWordsAndAnnotations) {
  v1::Transcript transcript = TranscriptOf({"1234"});
  AddWords(*transcript.mutable_segments(0), {"1234"});
  transcript.mutable_segments(0)->set_start_ms(7);
  *transcript.add_findings() = Find(0, 0, 4, "PIN");
  Annotate(transcript, "x");
  WithholdText(transcript);
  EXPECT_EQ(transcript.segments(0).text(), "");
  EXPECT_EQ(transcript.segments(0).words(0).text(), "");
  EXPECT_EQ(transcript.segments(0).start_ms(), 7);
  EXPECT_EQ(transcript.findings_size(), 1);
  EXPECT_EQ(transcript.annotations_size(), 0);
}

TEST(AlignWordsTest, GivesEachWordItsBytes) {
  v1::Segment segment = Segment("Hi, Bob.");
  AddWords(segment, {"hi", "bob"});
  const auto ranges = AlignWords(segment);
  ASSERT_TRUE(ranges);
  EXPECT_EQ((*ranges)[0].begin, 0);
  EXPECT_EQ((*ranges)[0].end, 2);
  EXPECT_EQ((*ranges)[1].begin, 4);
  EXPECT_EQ((*ranges)[1].end, 7);
}

struct Alignment {
  const char* text;
  std::vector<std::string> words;
  bool aligned;
};

TEST(AlignWordsTest, WordsMayDifferInPunctuationAndCaseAndInNothingElse) {
  const Alignment cases[] = {
      {"Hi, Bob.", {"hi", "bob"}, true},
      {"hi bob", {"Hi,", "Bob."}, true},
      {"it is [PIN]", {"it", "is", "PIN"}, true},
      {"bob@x.com", {"bob", "@", "x.com"}, true},
      {"", {}, true},
      {"hi", {}, false},
      {"", {"hi"}, false},
      {"bob x com", {"bob@x.com"}, false},
      {"the password is", {"the", "password", "is", "@#$%"}, false},
      {"my card is ****", {"my", "card", "is", "4111111111111111"}, false},
      {"my card is [CREDIT_CARD]", {"my", "card", "is", "4111111111111111"}, false},
  };
  for (const Alignment& test : cases) {
    v1::Segment segment = Segment(test.text);
    AddWords(segment, test.words);
    EXPECT_EQ(AlignWords(segment).has_value(), test.aligned) << test.text;
  }
}

// Whatever the findings: the result is UTF-8, no masked byte run survives at its place, and every
// span addresses the new text.
TEST(Masking, HoldsItsPromisesForRandomFindings) {
  std::mt19937 random(20240115);
  const auto below = [&](int limit) {
    return static_cast<int>(random() % static_cast<unsigned>(limit));
  };
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    const int length = 1 + below(30);
    // Letters that differ from those of the masks, some of two bytes.
    for (int i = 0; i < length; ++i) text += below(4) == 0 ? "\xc3\xa4" : "q";
    v1::Transcript transcript = TranscriptOf({text});
    std::vector<bool> masked;
    const auto size = static_cast<int>(text.size());
    std::string expected_open(text.size(), 'k');  // k: kept, m: masked
    for (int i = 0, count = 1 + below(6); i < count; ++i) {
      int begin = below(size);
      int end = begin + 1 + below(size - begin);
      while (begin > 0 && (text[static_cast<size_t>(begin)] & 0xC0) == 0x80) --begin;
      while (end < size && (text[static_cast<size_t>(end)] & 0xC0) == 0x80) ++end;
      masked.push_back(below(2) == 0);
      if (masked.back()) {
        for (int at = begin; at < end; ++at) expected_open[static_cast<size_t>(at)] = 'm';
      }
      *transcript.add_findings() = Find(0, begin, end, below(2) == 0 ? "PIN" : "SSN", below(3));
    }
    MaskTranscript(transcript, masked);
    const std::string& result = transcript.segments(0).text();
    EXPECT_TRUE(IsValidUtf8(result));
    // What was to be kept is there, in order, between the masks.
    std::string kept;
    for (size_t i = 0; i < text.size(); ++i) {
      if (expected_open[i] == 'k') kept += text[i];
    }
    std::string left;
    for (size_t i = 0; i < result.size(); ++i) {
      if (result[i] == '[') {
        i = result.find(']', i);
      } else {
        left += result[i];
      }
    }
    EXPECT_EQ(left, kept);
    for (int i = 0; i < transcript.findings_size(); ++i) {
      const v1::Span& span = transcript.findings(i).spans(0);
      ASSERT_LT(span.begin(), span.end());
      ASSERT_LE(span.end(), static_cast<int>(result.size()));
      EXPECT_TRUE(IsValidUtf8(TextAt(transcript, span)));
      if (masked[static_cast<size_t>(i)]) {
        EXPECT_TRUE(transcript.findings(i).masked());
        EXPECT_EQ(TextAt(transcript, span).front(), '[');
        EXPECT_EQ(TextAt(transcript, span).back(), ']');
      }
    }
  }
}

}  // namespace
}  // namespace cxscribe
