// A seeded generator of telephone calls as a recogniser writes them, in which customers say data
// that redaction has to take out, and of which one knows where it is. Written for this project's
// tests; nothing in it comes from a corpus.
//
//   for (const Call& call : MakeCalls({.seed = 1, .count = 1000, .noise = {.percent = 5}})) ...
//
// Pure: the same options give the same bytes with every compiler. A call depends on the seed and
// its own number only, and noise changes nothing but the words it hits, so that the calls of two
// noise levels can be compared one by one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/plugins_redaction/generator/noise.h"
#include "tests/plugins_redaction/generator/script.h"

namespace cxscribe::calls {

struct CallOptions {
  std::uint64_t seed = 1;
  int count = 1;
  Noise noise = {};
  bool with_data = true;  // false: orders, prices, times and talk only
};

std::vector<Call> MakeCalls(const CallOptions& options);

// One line of JSON, without the line end: {"id", "segments": [text...], "speakers": [label...],
// "entities": [{"segment", "start", "end", "label"}]}. Offsets count characters (code points).
// What need not be found has the label "PARTIAL", and its type as "of".
std::string ToJson(const Call& call);

}  // namespace cxscribe::calls
