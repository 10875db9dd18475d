#include "plugins/check/samples.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/host/limits.h"

namespace cxscribe {
namespace {

constexpr std::string_view kSentences[] = {
    "thank you for calling how can i help you today",
    "hi yes i would like to ask about the bill that came on monday",
    "sure could you tell me what it says at the top",
    "it says twenty four pounds and ninety nine",
    "okay let me have a look at that for you",
    "",
    "mm hmm",
    "is there anything else that i can do for you",
    "no that's all thank you very much",
    "you're welcome have a nice day",
    "I.Ve (never) seen -- \"such\" a thing; 50% of it, isn't it?!",
    "however i think that what you need is a new router",
};
constexpr std::string_view kSensitive[] = {
    "the card number is 4111 1111 1111 1111 and it expires in 04 27",
    "my e-mail is jane dot doe at example dot com",
    "you can call me on 555 0142 7788 after six",
    "my social is 078 05 1120",
};

void AddWords(v1::Segment& segment) {
  const std::string& text = segment.text();
  int32_t at = segment.start_ms();
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) {
      v1::Word& word = *segment.add_words();
      word.set_text(text.substr(begin, end - begin));
      word.set_start_ms(at);
      at = std::min(at + 20, segment.end_ms());
      word.set_end_ms(at);
      if (segment.words_size() % 3 != 0) word.set_confidence(0.9);
    }
    begin = end + 1;
  }
}

v1::Segment& Add(v1::Transcript& transcript, std::string text) {
  const int index = transcript.segments_size();
  v1::Segment& segment = *transcript.add_segments();
  segment.set_recording_id("rec_check_1");
  segment.set_speaker(index % 2 == 0 ? "agent" : "customer");
  segment.set_text(std::move(text));
  segment.set_start_ms(index * 1'000);
  segment.set_end_ms(index * 1'000 + 900);
  segment.set_confidence(0.5);
  return segment;
}

std::string Utf8(uint32_t code_point) {
  std::string out;
  const auto put = [&out](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
  return out;
}

std::vector<uint32_t> EdgeCodePoints() {
  std::vector<uint32_t> points = {
      0x0,    0x1,    0x9,    0xA,     0xD,     0x1B,    0x7F,    0x80,   0x85,
      0x9F,   0xA0,   0xAD,   0x7FF,   0x800,   0xD7FF,  0xE000,  // either side of the surrogates
      0xFDD0, 0xFDEF, 0xFEFF, 0xFFF9,  0xFFFB,  0xFFFC,  0xFFFD,  0x2028, 0x2029,
      0x200B, 0x200C, 0x200D, 0x2060,                              // separators and joiners
      0x202A, 0x202E, 0x2066, 0x2069,  0x200F,                     // direction
      0x0301, 0x0323, 0x20DD, 0xFE0F,  0x1F3FB, 0xE0001, 0xE0100,  // they join what is before
      0x0130, 0x0131, 0x00DF, 0x1E9E,  0x03C2,  0xFB03,            // case changes their length
      0x0660, 0x0966, 0xFF11, 0x1D7CE,                             // digits that are not ASCII
      0x05D0, 0x0627, 0x0E01, 0x1100,  0xAC00,  0x4E00,  0x1F600};
  for (uint32_t plane = 0; plane <= 16; ++plane) {
    for (const uint32_t offset : {0x0U, 0x1U, 0xFFFDU, 0xFFFEU, 0xFFFFU}) {
      points.push_back(plane << 16 | offset);
    }
  }
  return points;
}

std::string Repeat(std::string_view unit, size_t bytes) {
  std::string text;
  text.reserve(bytes);
  while (text.size() + unit.size() <= bytes) text += unit;
  return text;
}

std::string Prose(size_t bytes) {
  std::string text;
  for (size_t i = 0; text.size() < bytes; ++i) {
    absl::StrAppend(&text, std::string(kSentences[i % std::size(kSentences)]), " ");
  }
  text.resize(bytes);  // ASCII
  return text;
}

}  // namespace

v1::Transcript Conversation(const ConversationShape& shape) {
  v1::Transcript transcript;
  transcript.set_transcription_id("txn_check");
  transcript.set_accuracy_score(0.9);
  const int per_recording = std::max(1, shape.segments / std::max(1, shape.recordings));
  int32_t start = 0;
  int recording = 0;
  for (int i = 0; i < shape.segments; ++i) {
    if (i % per_recording == 0 && recording < shape.recordings) {
      ++recording;
      start = 0;
    }
    const auto index = static_cast<size_t>(i);
    std::string text(i % 50 == 49 ? kSensitive[index / 50 % std::size(kSensitive)]
                                  : kSentences[index % std::size(kSentences)]);
    for (size_t more = 1; text.size() < shape.text_bytes; ++more) {
      absl::StrAppend(&text, " ", std::string(kSentences[(index + more) % std::size(kSentences)]));
    }
    v1::Segment& segment = *transcript.add_segments();
    segment.set_recording_id(absl::StrCat("rec_check_", recording));
    if (shape.speakers) segment.set_speaker(i % 3 == 0 ? "agent" : "customer");
    segment.set_text(std::move(text));
    segment.set_start_ms(start);
    segment.set_end_ms(start + 900);
    if (shape.confidence) segment.set_confidence(static_cast<double>(i % 100) / 100);
    if (shape.words) AddWords(segment);
    start += i % 7 == 0 ? 0 : 1'000;  // people speak at once
  }
  return transcript;
}

v1::Transcript UnicodeEdges() {
  v1::Transcript transcript;
  transcript.set_transcription_id("txn_check_unicode");
  std::string all;
  for (const uint32_t point : EdgeCodePoints()) {
    const std::string character = Utf8(point);
    Add(transcript, character);
    Add(transcript, absl::StrCat("a", character));
    AddWords(Add(transcript, absl::StrCat("what ", character, " is it ", character)));
    Add(transcript, Repeat(character, 300));
    absl::StrAppend(&all, character);
  }
  Add(transcript, all);
  Add(transcript, "");
  Add(transcript, "e" + Repeat(Utf8(0x301), 4'000));  // one very tall letter
  Add(transcript, Repeat(absl::StrCat(Utf8(0x1F468), Utf8(0x200D)), 4'000));
  Add(transcript, absl::StrCat("call ", Utf8(0x202E), "4111 1111 1111 1111", Utf8(0x202C), " now"));
  Add(transcript, absl::StrCat("4111", Utf8(0x200B), "1111", Utf8(0xA0), "1111 1111"));
  Add(transcript, std::string("a\0b\0", 4));
  v1::Segment& speaker = Add(transcript, "hello");
  speaker.set_speaker(absl::StrCat("J", Utf8(0x00FC), "rgen ", Utf8(0x1F600)));
  return transcript;
}

v1::Transcript LargeSegments() {
  v1::Transcript transcript;
  transcript.set_transcription_id("txn_check_large");
  const auto size = static_cast<size_t>(kMaxSegmentBytes);
  Add(transcript, Prose(size));
  Add(transcript, std::string(size, 'a'));
  Add(transcript, std::string(size, ' '));
  Add(transcript, Repeat("4111 1111 1111 1112 ", size));
  Add(transcript, std::string(size, '7'));
  Add(transcript, Repeat("seven one double four ", size));
  Add(transcript, "e" + Repeat(Utf8(0x301), size - 1));
  Add(transcript, Repeat(Utf8(0x1F600), size));
  Add(transcript, Repeat("a.b@c ", size));
  Add(transcript, Repeat(std::string_view("\0\n", 2), size));
  return transcript;
}

std::vector<InputCase> SmallInputs() {
  ConversationShape bare;
  bare.segments = 60;
  bare.words = false;
  bare.confidence = false;
  bare.speakers = false;
  ConversationShape one;
  one.segments = 1;
  ConversationShape several;
  several.recordings = 3;
  std::vector<InputCase> cases;
  cases.push_back({"no segment", v1::Transcript()});
  cases.push_back({"one segment", Conversation(one)});
  cases.push_back({"a conversation", Conversation(ConversationShape())});
  cases.push_back({"three recordings", Conversation(several)});
  cases.push_back({"no speakers, words or confidence", Conversation(bare)});
  cases.push_back({"Unicode edges", UnicodeEdges()});
  return cases;
}

}  // namespace cxscribe
