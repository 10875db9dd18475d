// Adam with decoupled weight decay: Kingma and Ba 2015, Loshchilov and Hutter 2019.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cxscribe::punctuation {

struct AdamSettings {
  float rate = 2e-3F;
  float beta1 = 0.9F;
  float beta2 = 0.98F;
  float epsilon = 1e-8F;
  float decay = 0.0F;
};

// The moments of a vector of parameters. Rows that get no gradient are not touched, so that a step
// costs as much as the rows that do.
class Adam {
 public:
  explicit Adam(std::size_t size) : mean_(size), square_(size) {}

  // `step` counts from 1.
  void Update(const AdamSettings& settings, std::int64_t step, std::size_t offset,
              std::size_t count, const float* gradient, float* parameters) {
    const float mean_bias = 1.0F - std::pow(settings.beta1, static_cast<float>(step));
    const float square_bias = 1.0F - std::pow(settings.beta2, static_cast<float>(step));
    for (std::size_t i = 0; i < count; ++i) {
      float& mean = mean_[offset + i];
      float& square = square_[offset + i];
      mean += (1.0F - settings.beta1) * (gradient[i] - mean);
      square += (1.0F - settings.beta2) * (gradient[i] * gradient[i] - square);
      parameters[offset + i] -=
          settings.rate * (mean / mean_bias / (std::sqrt(square / square_bias) + settings.epsilon) +
                           settings.decay * parameters[offset + i]);
    }
  }

 private:
  std::vector<float> mean_;
  std::vector<float> square_;
};

}  // namespace cxscribe::punctuation
