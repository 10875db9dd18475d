// Tagger: the network at work. From the features of words to the scores of their marks and cases.
#pragma once

#include <cstddef>
#include <vector>

#include "plugins/punctuation/features.h"
#include "plugins/punctuation/model.h"
#include "plugins/punctuation/product.h"

namespace cxscribe::punctuation {

class Tagger {
 public:
  // `model` must outlive the tagger.
  explicit Tagger(const Model& model);

  // What Tag() needs beside the model; one for each thread, to be used again.
  class Workspace;

  // Scores of features[begin, end), with features[0, size) as context: kScores numbers a word, of
  // its marks and then of its cases, the highest of each the most likely. Words further away than Reach() have no say, so a long recording may be done in pieces with the same
  // result. Thread-safe with a workspace for each thread. Deterministic, on all processors: sums of
  // whole numbers, and single precision in a fixed order without fused operations. Ids must be
  // those of the model.
  void Tag(const Features* features, std::size_t size, std::size_t begin, std::size_t end,
           Workspace* workspace, float* scores) const;
  // The same by plain code, for tests.
  void TagPortably(const Features* features, std::size_t size, std::size_t begin, std::size_t end,
                   Workspace* workspace, float* scores) const;

  const Model& model() const { return model_; }

 private:
  struct Way;  // plain code, or what this processor does best

  void TagBy(const Way& way, const Features* features, std::size_t size, std::size_t begin,
             std::size_t end, Workspace* workspace, float* scores) const;

  const Model& model_;
  PackedMatrix project_;
  std::vector<PackedMatrix> mix_;
};

class Tagger::Workspace {
 private:
  friend class Tagger;
  std::vector<std::int16_t> whole_;
  std::vector<std::int32_t> sums_;
  std::vector<float> x_;
  std::vector<float> h_;
};

}  // namespace cxscribe::punctuation
