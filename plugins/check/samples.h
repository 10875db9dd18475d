// The transcripts that plugins are tried with. Pure, and the same in every process.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

struct ConversationShape {
  int segments = 200;
  int recordings = 1;
  // Of each segment's text, at least; 0: one sentence.
  size_t text_bytes = 0;
  bool words = true;
  bool confidence = true;
  bool speakers = true;
};

// Two people on the phone, in English as a recogniser writes it. One segment in fifty holds
// something that a verifier may report.
v1::Transcript Conversation(const ConversationShape& shape);

// Valid UTF-8 that is easily broken: the edges of every plane and encoded length, NUL, combining
// marks, joiners, right-to-left text, U+FFFD, noncharacters; each alone, in a row, and as the last
// character.
v1::Transcript UnicodeEdges();

// Ten segments of 1 MiB each, the most that the contract allows, each of another kind: prose, one
// word, blanks, digits, combining marks, four-byte characters and so on.
v1::Transcript LargeSegments();

struct InputCase {
  std::string name;
  v1::Transcript transcript;
};

// Small ones of every kind, for checks that call often.
std::vector<InputCase> SmallInputs();

}  // namespace cxscribe
