#include "plugins/punctuation/tagger.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

// This file is compiled without fused multiply-add and without reordering of sums: see Tag().

namespace cxscribe::punctuation {
namespace {

constexpr std::size_t kLanes = 16;
constexpr float kEpsilon = 1e-5F;

// Activations have a root mean square of 1 times a gain; in 1/1024ths they fit 16 bits up to 32.
constexpr float kActivationScale = 1024.0F;

// What stands between two products, for all processors and once more for those with AVX2, where the
// compiler makes it twice as fast. The operations and their order are the same.
#define CXSCRIBE_INLINE inline __attribute__((always_inline))

// Half a softsign around a half: as good a gate as the logistic function, and without exp(), which
// differs from library to library.
CXSCRIBE_INLINE float Gate(float x) { return 0.5F + 0.5F * (x / (1.0F + std::fabs(x))); }

// To the nearest whole number, halves to even ones: adding 1.5 * 2^23 leaves it in the low bits.
CXSCRIBE_INLINE std::int16_t Whole(float x) {
  constexpr float kShift = 12582912.0F;
  const float limited = std::min(32767.0F, std::max(-32767.0F, x));
  return static_cast<std::int16_t>(std::bit_cast<std::int32_t>(limited + kShift) -
                                   std::bit_cast<std::int32_t>(kShift));
}

// The sum of products, in lanes whose order is fixed.
CXSCRIBE_INLINE float Dot(const float* a, const float* b, std::size_t d) {
  float lanes[kLanes] = {};
  for (std::size_t i = 0; i < d; i += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) lanes[k] += a[i + k] * b[i + k];
  }
  float sum = 0;
  for (const float lane : lanes) sum += lane;
  return sum;
}

// From the words [begin, end) of x, which has `count`, to what the layer's product takes. `h` has room
// for one word.
CXSCRIBE_INLINE void ConvolveAnyhow(const Model::Layer& layer, const float* x, std::size_t count,
                                    std::size_t begin, std::size_t end, std::size_t d, float* h,
                                    std::int16_t* out) {
  constexpr std::size_t kHalf = kWidth / 2;
  for (std::size_t t = begin; t < end; ++t, out += d) {
    const std::size_t first = t < kHalf ? kHalf - t : 0;
    const std::size_t last = std::min<std::size_t>(kWidth, count + kHalf - t);
    const float* source = x + (t + first - kHalf) * d;
    for (std::size_t i = 0; i < d; i += kLanes) {
      float lanes[kLanes];
      for (std::size_t k = 0; k < kLanes; ++k) lanes[k] = layer.offset[i + k];
      for (std::size_t tap = first; tap < last; ++tap) {
        const float* from = source + (tap - first) * d + i;
        const float* kernel = &layer.kernel[tap * d + i];
        for (std::size_t k = 0; k < kLanes; ++k) lanes[k] += from[k] * kernel[k];
      }
      for (std::size_t k = 0; k < kLanes; ++k) h[i + k] = lanes[k];
    }
    const float mean_square = Dot(h, h, d) / static_cast<float>(d);
    const float scale = kActivationScale / std::sqrt(mean_square + kEpsilon);
    for (std::size_t i = 0; i < d; ++i) out[i] = Whole(h[i] * scale * layer.gain[i]);
  }
}

// From the product back into x.
CXSCRIBE_INLINE void AddAnyhow(const Model::Layer& layer, const std::int32_t* sums,
                               std::size_t count, std::size_t d, float* x) {
  constexpr float kUnit = 1.0F / kActivationScale;
  const float* scales = layer.mix.scales.data();
  const float* bias = layer.bias.data();
  for (std::size_t t = 0; t < count; ++t, sums += 2 * d, x += d) {
    for (std::size_t i = 0; i < d; ++i) {
      const float value = static_cast<float>(sums[i]) * (scales[i] * kUnit) + bias[i];
      const float gate = static_cast<float>(sums[d + i]) * (scales[d + i] * kUnit) + bias[d + i];
      x[i] += value * Gate(gate);
    }
  }
}

void Convolve(const Model::Layer& layer, const float* x, std::size_t count, std::size_t begin,
              std::size_t end, std::size_t d, float* h, std::int16_t* out) {
  ConvolveAnyhow(layer, x, count, begin, end, d, h, out);
}
void Add(const Model::Layer& layer, const std::int32_t* sums, std::size_t count, std::size_t d,
         float* x) {
  AddAnyhow(layer, sums, count, d, x);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void ConvolveWithAvx2(const Model::Layer& layer, const float* x,
                                                      std::size_t count, std::size_t begin,
                                                      std::size_t end, std::size_t d, float* h,
                                                      std::int16_t* out) {
  ConvolveAnyhow(layer, x, count, begin, end, d, h, out);
}
__attribute__((target("avx2"))) void AddWithAvx2(const Model::Layer& layer,
                                                 const std::int32_t* sums, std::size_t count,
                                                 std::size_t d, float* x) {
  AddAnyhow(layer, sums, count, d, x);
}
#endif

}  // namespace

struct Tagger::Way {
  decltype(&Convolve) convolve = &Convolve;
  decltype(&Add) add = &Add;
  void (PackedMatrix::*multiply)(const std::int16_t*, std::size_t,
                                 std::int32_t*) const = &PackedMatrix::MultiplyPortably;

  static Way Best() {
    Way way;
    way.multiply = &PackedMatrix::Multiply;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") != 0) {
      way.convolve = &ConvolveWithAvx2;
      way.add = &AddWithAvx2;
    }
#endif
    return way;
  }
};

Tagger::Tagger(const Model& model) : model_(model), project_(model.project) {
  for (const Model::Layer& layer : model.layers) mix_.emplace_back(layer.mix);
}

void Tagger::Tag(const Features* features, std::size_t size, std::size_t begin, std::size_t end,
                 Workspace* workspace, float* scores) const {
  static const Way best = Way::Best();
  TagBy(best, features, size, begin, end, workspace, scores);
}

void Tagger::TagPortably(const Features* features, std::size_t size, std::size_t begin,
                         std::size_t end, Workspace* workspace, float* scores) const {
  TagBy({}, features, size, begin, end, workspace, scores);
}

void Tagger::TagBy(const Way& way, const Features* features, std::size_t size, std::size_t begin,
                   std::size_t end, Workspace* workspace, float* scores) const {
  if (begin >= end) return;
  const Shape& shape = model_.shape;
  const std::size_t d = shape.d;
  const std::size_t e = shape.e;
  const std::size_t reach = Reach(shape);
  const std::size_t from = begin - std::min(begin, reach);
  const std::size_t to = std::min(size, end + reach);
  const std::size_t count = to - from;

  auto& whole = workspace->whole_;
  auto& sums = workspace->sums_;
  auto& x = workspace->x_;
  auto& h = workspace->h_;
  whole.resize(count * std::max(d, e));
  sums.resize(count * 2 * d);
  x.resize(count * d);
  h.resize(d);

  for (std::size_t t = 0; t < count; ++t) {
    const Features& f = features[from + t];
    const std::int8_t* word = &model_.words[f.word * e];
    const std::int8_t* first = &model_.affixes[f.begin * e];
    const std::int8_t* last = &model_.affixes[f.end * e];
    const std::int8_t* pair = &model_.pairs[f.pair * e];
    std::int16_t* out = &whole[t * e];
    for (std::size_t i = 0; i < e; ++i) {
      out[i] = static_cast<std::int16_t>(word[i] + first[i] + last[i] + pair[i]);
    }
  }
  (project_.*way.multiply)(whole.data(), count, sums.data());
  for (std::size_t t = 0; t < count; ++t) {
    const float* ends = &model_.ends[static_cast<std::size_t>(features[from + t].ends) * d];
    for (std::size_t i = 0; i < d; ++i) {
      const float scale = model_.embedding_scale * model_.project.scales[i];
      x[t * d + i] = static_cast<float>(sums[t * d + i]) * scale + (model_.start[i] + ends[i]);
    }
  }
  for (std::size_t l = 0; l < model_.layers.size(); ++l) {
    const Model::Layer& layer = model_.layers[l];
    // Only the words that the layers after this one look at.
    const std::size_t seen = (model_.layers.size() - 1 - l) * (kWidth / 2);
    const std::size_t first = begin - from - std::min(begin - from, seen);
    const std::size_t last = std::min(count, end - from + seen);
    way.convolve(layer, x.data(), count, first, last, d, h.data(), whole.data());
    (mix_[l].*way.multiply)(whole.data(), last - first, sums.data());
    way.add(layer, sums.data(), last - first, d, x.data() + first * d);
  }
  for (std::size_t t = begin; t < end; ++t) {
    for (std::size_t k = 0; k < kScores; ++k) {
      scores[(t - begin) * kScores + k] =
          Dot(&x[(t - from) * d], &model_.head[k * d], d) + model_.head_bias[k];
    }
  }
}

}  // namespace cxscribe::punctuation
