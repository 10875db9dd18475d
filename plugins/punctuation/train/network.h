// The network while it is trained: single precision, with its gradients.
//
//   e = words[word] + affixes[begin] + affixes[end] + pairs[pair]             E numbers a word
//   x = project e + ends[ends]                                                D numbers a word
//   layers times:
//     h = depthwise convolution of x over 9 words, n = h / root mean square of h
//     (a, b) = mix (gain * n)                                                 2 D numbers a word
//     x = x + a * gate(b), where gate(b) = (1 + b / (1 + |b|)) / 2
//   scores of marks and cases = head x                                        4 + 4 numbers a word
//
// Gated convolutions: Dauphin et al. 2017, "Language Modeling with Gated Convolutional Networks";
// root mean square norm: Zhang and Sennrich 2019.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "plugins/punctuation/features.h"
#include "plugins/punctuation/model.h"
#include "plugins/punctuation/train/corpus.h"

namespace cxscribe::punctuation {

// Where each dense parameter stands in one vector. All matrices are row-major, out x in.
struct Layout {
  explicit Layout(const Shape& shape);
  struct Layer {
    std::size_t kernel;  // kWidth x d
    std::size_t offset;  // d, of the convolution
    std::size_t gain;    // d
    std::size_t mix;     // 2d x d
    std::size_t bias;    // 2d
  };
  std::size_t project;  // d x e
  std::size_t start;    // d
  std::size_t ends;     // 3 x d
  std::vector<Layer> layers;
  std::size_t head;       // 8 x d
  std::size_t head_bias;  // 8
  std::size_t size;
};

// The embeddings, row-major: e numbers a row.
struct Tables {
  std::vector<float> words;
  std::vector<float> affixes;
  std::vector<float> pairs;
};

struct Parameters {
  Parameters(const Shape& shape, std::uint64_t seed);
  Shape shape;
  Layout layout;
  std::vector<float> dense;
  Tables tables;
};

// What is to be learnt about a word.
struct Target {
  ClassSet marks = kAnyClass;
  ClassSet cases = kAnyClass;
};

// Numbers that are taken for 0 in a pass, drawn from `seed`; the others grow in return.
struct Dropout {
  float embedded = 0;  // share of those of e
  float inside = 0;    // share of those that each layer's product takes
  std::uint64_t seed = 0;
};

// One sequence through the network and back; holds what lies between, so each thread has its own.
class Pass {
 public:
  Pass(const Parameters& parameters, int max_words);

  // Scores of all words, kScores each; valid until the next call.
  const float* Forward(const Features* features, int words, const Dropout& dropout = {});

  // After Forward: adds to `dense` the gradient of the summed loss by the dense parameters, and
  // leaves that by e in embedding_gradient(). Returns the summed loss of marks plus
  // `case_weight` times that of cases.
  double Backward(const Target* targets, float case_weight, std::vector<float>* dense);
  const float* embedding_gradient() const { return de_.data(); }  // words x e

 private:
  struct LayerState {
    std::vector<float> x, h, n, mixed, gate;
    std::vector<float> keep;  // 0 or the growth of each number of h; empty where nothing is dropped
    std::vector<float> scale;
  };
  const Parameters& parameters_;
  int words_ = 0;
  std::vector<Ends> ends_;
  std::vector<float> e_, keep_, x_, scores_, de_, dx_, dmixed_, dn_, dh_;
  std::vector<LayerState> layers_;
};

}  // namespace cxscribe::punctuation
