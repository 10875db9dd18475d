// Logistic regression over sparse binary features, whose weights become whole numbers of 8 bits: what
// the small models of the built-in stages are made with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace cxscribe::training {

// How often, or with what weight, something with these features is what is looked for, and is not.
struct Example {
  std::vector<std::uint32_t> features;  // buckets
  float yes = 0;
  float no = 0;
};

struct LogisticSettings {
  std::uint32_t buckets = 0;
  int epochs = 1;
  float rate = 0.1F;
  float decay = 0;
  float first_square = 1e-6F;  // what the sums of squared slopes begin with
  bool damp = false;           // an example of many features counts as one, not as many
  std::uint64_t seed = 1;
};

// The log-odds of an example are bias + scale * (the sum of the weights of its features).
struct Logistic {
  float bias = 0;
  float scale = 0;
  std::vector<std::int8_t> weights;  // by bucket
};

// Adagrad (Duchi, Hazan and Singer 2011) with weight decay. One seed gives one model. Calls
// `report` after each epoch with the mean loss and the share of examples that are on the right side.
// No feature may be `buckets` or more.
Logistic TrainLogistic(const LogisticSettings& settings, std::vector<Example> examples,
                       const std::function<void(int epoch, double loss, double right)>& report);

}  // namespace cxscribe::training
