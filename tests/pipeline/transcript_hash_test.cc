#include "server/pipeline/transcript_hash.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "server/base/hash.h"
#include "tests/pipeline/fake_stage.h"

namespace cxscribe {
namespace {

v1::Transcript Sample() {
  v1::Transcript transcript = TranscriptOf({"hello", "world"});
  AddWords(*transcript.mutable_segments(0), {"hel", "lo"});
  return transcript;
}

TEST(TranscriptHash, HasTheDocumentedForm) {
  v1::Transcript transcript;
  transcript.set_language("en-US");
  transcript.set_accuracy_score(0.5);
  v1::Segment& segment = *transcript.add_segments();
  segment.set_recording_id("rec_1");
  segment.set_speaker("agent");
  segment.set_text("hi");
  segment.set_start_ms(1);
  segment.set_end_ms(2);
  v1::Word& word = *segment.add_words();
  word.set_text("hi");
  word.set_confidence(0.25);
  word.set_start_ms(1);
  word.set_end_ms(2);

  // Written out byte by byte, so that a change of Hasher or of the order shows.
  std::string bytes;
  const auto number = [&bytes](uint64_t value) {
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  };
  const auto text = [&](const std::string& value) {
    number(value.size());
    bytes += value;
  };
  text("cxscribe.transcript.1");
  text("en-US");
  number(1);
  number(0x3FE0000000000000);  // 0.5
  number(1);
  text("rec_1");
  text("agent");
  text("hi");
  number(0);
  number(1);
  number(2);
  number(1);
  text("hi");
  number(1);
  number(0x3FD0000000000000);  // 0.25
  number(1);
  number(2);
  EXPECT_EQ(TranscriptHash(transcript), Sha256Hex(bytes));
}

TEST(TranscriptHash, ChangesWithEveryField) {
  const std::vector<std::function<void(v1::Transcript&)>> changes = {
      [](auto&) {},
      [](auto& t) { t.set_language("de-DE"); },
      [](auto& t) { t.set_accuracy_score(0); },
      [](auto& t) { t.set_accuracy_score(0.1); },
      [](auto& t) { t.add_segments(); },
      [](auto& t) { t.mutable_segments(0)->set_recording_id("x"); },
      [](auto& t) { t.mutable_segments(0)->set_speaker("x"); },
      [](auto& t) { t.mutable_segments(0)->set_text("x"); },
      [](auto& t) { t.mutable_segments(0)->set_confidence(0); },
      [](auto& t) { t.mutable_segments(0)->set_start_ms(1); },
      [](auto& t) { t.mutable_segments(0)->set_end_ms(1); },
      [](auto& t) { t.mutable_segments(0)->mutable_words(0)->set_text("x"); },
      [](auto& t) { t.mutable_segments(0)->mutable_words(0)->set_confidence(0); },
      [](auto& t) { t.mutable_segments(0)->mutable_words(0)->set_start_ms(1); },
      [](auto& t) { t.mutable_segments(0)->mutable_words(0)->set_end_ms(1); },
      [](auto& t) { t.mutable_segments(0)->add_words(); },
      [](auto& t) { t.mutable_segments()->SwapElements(0, 1); },
  };
  std::set<std::string> hashes;
  for (const auto& change : changes) {
    v1::Transcript transcript = Sample();
    change(transcript);
    hashes.insert(TranscriptHash(transcript));
  }
  EXPECT_EQ(hashes.size(), changes.size());
}

TEST(TranscriptHash, DoesNotDependOnWhatStagesFound) {
  v1::Transcript transcript = Sample();
  const std::string before = TranscriptHash(transcript);
  transcript.add_turns();
  transcript.add_findings();
  transcript.add_annotations();
  EXPECT_EQ(TranscriptHash(transcript), before);
}

}  // namespace
}  // namespace cxscribe
