// A network with random parameters, small enough to be looked at whole.
#pragma once

#include "plugins/punctuation/train/network.h"
#include "plugins/punctuation/train/quantise.h"

namespace cxscribe::punctuation {

inline Shape SmallShape() {
  Shape shape;
  shape.words = 5;
  shape.buckets = {8, 8};
  shape.e = 16;
  shape.d = 32;
  shape.layers = 2;
  return shape;
}

inline Model SmallModel() {
  return Quantise(Parameters(SmallShape(), 5), "small", {"a", "b", "c"}, {"McDonald"});
}

// Words that are as good as any.
inline std::vector<Features> SomeFeatures(std::size_t count) {
  std::vector<Features> features(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto n = static_cast<std::uint32_t>(i * 2654435761U >> 3);
    features[i].word = n % 5;
    features[i].begin = n / 5 % 8;
    features[i].end = n / 40 % 8;
    features[i].pair = n / 320 % 8;
    features[i].ends = static_cast<Ends>(n / 2560 % 3);
  }
  return features;
}

}  // namespace cxscribe::punctuation
