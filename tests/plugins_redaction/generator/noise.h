// The mistakes of a recogniser.
#pragma once

#include "tests/plugins_redaction/generator/dice.h"
#include "tests/plugins_redaction/generator/script.h"

namespace cxscribe::calls {

struct Noise {
  int percent = 0;      // of the words, 0 to 50
  bool inside = false;  // also within entities; else only around them
};

// Replaces (half of the mistakes), takes away (a quarter) and puts in words (a quarter).
//
// An entity stays whole while everything that identifies it is still there: a word replaced by one
// that sounds the same ("for" for "four", "be" for "b"), and fillers put in, leave it whole. Any
// other replacement and any loss makes it damaged, on all lines that it lies on.
void AddNoise(const Noise& noise, Dice& dice, Script* script);

}  // namespace cxscribe::calls
