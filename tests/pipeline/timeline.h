// Timeline: calls drawn as text, one row a speaker, for tests.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/pipeline/fake_stage.h"

namespace cxscribe {

inline void Add(v1::Transcript& transcript, const std::string& recording,
                const std::string& speaker, int start, int end,
                const std::string& text = "one two") {
  v1::Segment segment = Segment(text, speaker, recording);
  segment.set_start_ms(start);
  segment.set_end_ms(end);
  *transcript.add_segments() = segment;
}

// A row is a speaker's label, spaces, '|' for time 0 and then one character for each
// `step_ms`. A run of equal characters is a segment, that of a space a pause:
//   = and #  something said, five words     m  "Mm hmm."     o  "Okay, right."
//   x        a segment without text
inline v1::Transcript Draw(int32_t step_ms, const std::vector<std::string>& rows,
                           const std::string& recording = "rec_1") {
  v1::Transcript transcript;
  transcript.set_language("en-US");
  for (const std::string& row : rows) {
    const size_t bar = row.find('|');
    const std::string speaker = row.substr(0, row.find_last_not_of(' ', bar - 1) + 1);
    for (size_t i = bar + 1; i < row.size();) {
      const size_t end = std::min(row.find_first_not_of(row[i], i), row.size());
      std::string text = "that is how it works";
      if (row[i] == 'm') text = "Mm hmm.";
      if (row[i] == 'o') text = "Okay, right.";
      if (row[i] == 'x') text = "";
      if (row[i] != ' ') {
        v1::Segment segment = Segment(text, speaker, recording);
        segment.set_start_ms(static_cast<int32_t>(i - bar - 1) * step_ms);
        segment.set_end_ms(static_cast<int32_t>(end - bar - 1) * step_ms);
        *transcript.add_segments() = segment;
      }
      i = end;
    }
  }
  return transcript;
}

}  // namespace cxscribe
