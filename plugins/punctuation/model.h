// A trained model as a file holds it, and how that file is read.
//
// The network is that of train/network.h. Its large matrices are whole numbers of 8 bits, each row
// with a factor; the rest is single precision. What it computes is the same on every machine:
// products and sums of whole numbers are exact, and the others are done in a fixed order (tagger.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/punctuation/features.h"
#include "plugins/punctuation/labels.h"

namespace cxscribe::punctuation {

struct Shape {
  std::uint32_t words = 0;  // rows of the word embedding, ids below kFirstKnownWord among them
  Buckets buckets;
  std::uint32_t e = 0;  // numbers a word as looked up
  std::uint32_t d = 0;  // numbers a word inside
  std::uint32_t layers = 0;
};

inline constexpr int kWidth = 9;  // words that a convolution sees
inline constexpr int kScores = kMarks + kCases;

// How many words to either side have a say in a word's scores.
inline std::size_t Reach(const Shape& shape) { return shape.layers * (kWidth / 2); }

// Rows of whole numbers, each with the factor that makes them the numbers they stand for.
struct QuantisedMatrix {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::vector<std::int8_t> values;  // row-major
  std::vector<float> scales;        // one a row
};

struct Model {
  struct Layer {
    std::vector<float> kernel;  // kWidth x d
    std::vector<float> offset;  // d
    std::vector<float> gain;    // d
    QuantisedMatrix mix;        // 2d x d
    std::vector<float> bias;    // 2d
  };
  std::string name;  // "en-1", for evidence
  Shape shape;
  float embedding_scale = 0;  // one for all three tables, so that their rows add up
  std::vector<std::int8_t> words;
  std::vector<std::int8_t> affixes;
  std::vector<std::int8_t> pairs;
  QuantisedMatrix project;   // d x e
  std::vector<float> start;  // d
  std::vector<float> ends;   // kEndsCount x d
  std::vector<Layer> layers;
  std::vector<float> head;       // kScores x d
  std::vector<float> head_bias;  // kScores
  Vocabulary vocabulary;
  // Words that are written neither "Xxxx" nor "XXXX", as they are: "McDonald".
  std::vector<std::string> mixed_forms;
};

// Reads a file. On failure returns null and says why in `error`. Accepts any bytes; uses memory in
// proportion to them.
std::unique_ptr<const Model> ReadModel(std::string_view bytes, std::string* error);

// The bytes of a file that holds `model`.
std::string WriteModel(const Model& model);

}  // namespace cxscribe::punctuation
