#include "plugins/training/logistic.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace cxscribe::training {
namespace {

constexpr float kLeastProbability = 1e-7F;  // for the loss that is reported
constexpr float kMostRounded = 127;

}  // namespace

Logistic TrainLogistic(const LogisticSettings& settings, std::vector<Example> examples,
                       const std::function<void(int epoch, double loss, double right)>& report) {
  std::mt19937_64 random(settings.seed);
  std::vector<float> weights(settings.buckets);
  std::vector<float> squares(settings.buckets, settings.first_square);
  float bias = 0;
  float bias_square = settings.first_square;
  for (int epoch = 1; epoch <= settings.epochs; ++epoch) {
    std::shuffle(examples.begin(), examples.end(), random);
    double loss = 0;
    std::size_t right = 0;
    for (const Example& example : examples) {
      float score = bias;
      for (const std::uint32_t feature : example.features) score += weights[feature];
      const float p = 1.0F / (1.0F + std::exp(-score));
      loss -= example.yes * std::log(std::max(kLeastProbability, p)) +
              example.no * std::log(std::max(kLeastProbability, 1 - p));
      right += (score > 0) == (example.yes > example.no) ? 1 : 0;
      float slope = example.no * p - example.yes * (1 - p);
      if (settings.damp) slope /= std::sqrt(static_cast<float>(example.features.size()));
      bias_square += slope * slope;
      bias -= settings.rate * slope / std::sqrt(bias_square);
      for (const std::uint32_t feature : example.features) {
        const float gradient = slope + settings.decay * weights[feature];
        squares[feature] += gradient * gradient;
        weights[feature] -= settings.rate * gradient / std::sqrt(squares[feature]);
      }
    }
    const auto count = static_cast<double>(std::max<std::size_t>(examples.size(), 1));
    report(epoch, loss / count, static_cast<double>(right) / count);
  }
  Logistic model;
  model.bias = bias;
  float highest = 1e-6F;
  for (const float weight : weights) highest = std::max(highest, std::fabs(weight));
  model.scale = highest / kMostRounded;
  model.weights.reserve(weights.size());
  for (const float weight : weights) {
    model.weights.push_back(static_cast<std::int8_t>(std::lround(weight / model.scale)));
  }
  return model;
}

}  // namespace cxscribe::training
