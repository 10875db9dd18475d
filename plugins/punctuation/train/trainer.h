// Trains a network on dialogues.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "plugins/punctuation/train/network.h"

namespace cxscribe::punctuation {

// How segments are cut in training: as the corpus has them, anywhere, or where a speaker draws
// breath. The network sees all three, as recognisers differ.
enum class Cut : std::uint8_t { kLines, kBlind, kBreaths };

// Words of all dialogues one after the other, ready for the network.
struct Material {
  std::vector<Features> features;  // ends: only kSpeaker is set
  std::vector<Target> targets;
  std::vector<Case> written;  // as the corpus has it, also where the target leaves it open
  std::vector<bool> line_end;
  std::vector<bool> joins;  // a conjunction such as "and"
  struct Part {
    std::size_t begin;
    std::size_t end;
    double weight;  // how often its words are drawn
  };
  std::vector<Part> parts;  // the corpora; none: all the same

  void Add(const Dialog& dialog, const Vocabulary& vocabulary, const Buckets& buckets);
};

// `features` with segment ends as `cut` has them.
std::vector<Features> CutSegments(const Material& material, Cut cut, std::uint64_t seed);

struct TrainingSettings {
  int steps = 12000;
  int batch = 24;      // sequences a step
  int sequence = 256;  // words
  int threads = 2;
  float rate = 2.5e-3F;
  float dropout = 0.2F;        // share of a word's numbers that are left out
  float inner_dropout = 0.1F;  // the same of what each layer's product takes
  float forget = 0.05F;        // share of words that are taken for unknown
  float mask = 0.01F;          // share of words that are taken for masks
  float forget_pair = 0.3F;    // share of pairs of words that are left out
  float case_weight = 0.5F;
  std::uint64_t seed = 1;
};

// Trains `parameters` in place; calls `report` after every step with its mean loss a word.
void Train(const TrainingSettings& settings, const Material& material, Parameters* parameters,
           const std::function<void(int step, double loss)>& report);

}  // namespace cxscribe::punctuation
