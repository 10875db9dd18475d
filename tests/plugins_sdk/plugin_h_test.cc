// The C header, from both languages: arrays are walked by their stride, not by sizeof.
#include <cstdint>
#include <cstring>

#include <cxscribe/plugin.h>
#include <gtest/gtest.h>

// layout.c
extern "C" uint64_t cx_layout_test_count_words(const cx_transcript* transcript,
                                               const cx_context* context);

namespace {

// What a host of a later minor version passes: the structs as they are, and more behind them.
struct LaterSegment {
  cx_segment known;
  char more[24];
};
struct LaterWord {
  cx_word known;
  char more[8];
};

TEST(PluginHeader, ArraysOfALaterHostAreWalkedByTheirStride) {
  LaterWord words[3] = {};
  LaterSegment segments[2] = {};
  cx_recording recording = {CX_STRING("rec_1")};
  std::memset(segments[0].more, 0xFF, sizeof(segments[0].more));
  for (LaterWord& word : words) {
    word.known.text = CX_STRING("hello");
    std::memset(word.more, 0xFF, sizeof(word.more));
  }
  for (LaterSegment& segment : segments) {
    segment.known.words = &words[0].known;
    segment.known.word_count = 3;
    segment.known.word_stride = sizeof(LaterWord);
  }
  cx_transcript transcript = {};
  transcript.recordings = &recording;
  transcript.recording_count = 1;
  transcript.recording_stride = sizeof(recording);
  transcript.segments = &segments[0].known;
  transcript.segment_count = 2;
  transcript.segment_stride = sizeof(LaterSegment);
  cx_label label = {CX_STRING("team"), CX_STRING("north")};
  cx_context context = {};
  context.labels = &label;
  context.label_count = 1;
  context.label_stride = sizeof(label);
  EXPECT_EQ(cx_layout_test_count_words(&transcript, &context), 6u + 4u);
}

TEST(PluginHeader, TheMagicReadsAsText) {
  const uint64_t magic = CX_PLUGIN_MAGIC;
  EXPECT_EQ(std::memcmp(&magic, "CXPLUGIN", 8), 0);
}

}  // namespace
