#include "plugins/punctuation/train/quantise.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cxscribe::punctuation {
namespace {

constexpr float kHighest = 127.0F;

std::int8_t Round(float value, float scale) {
  return static_cast<std::int8_t>(std::lround(std::clamp(value / scale, -kHighest, kHighest)));
}

QuantisedMatrix RoundRows(const float* values, std::uint32_t rows, std::uint32_t columns) {
  QuantisedMatrix matrix{rows, columns, {}, {}};
  for (std::uint32_t r = 0; r < rows; ++r, values += columns) {
    float highest = 1e-8F;
    for (std::uint32_t c = 0; c < columns; ++c) highest = std::max(highest, std::fabs(values[c]));
    const float scale = highest / kHighest;
    matrix.scales.push_back(scale);
    for (std::uint32_t c = 0; c < columns; ++c) matrix.values.push_back(Round(values[c], scale));
  }
  return matrix;
}

std::vector<std::int8_t> RoundAll(const std::vector<float>& values, float scale) {
  std::vector<std::int8_t> rounded;
  rounded.reserve(values.size());
  for (const float value : values) rounded.push_back(Round(value, scale));
  return rounded;
}

// A few numbers far out would cost all others their precision, so those are cut off.
float EmbeddingScale(const Tables& tables) {
  constexpr double kKept = 0.9999;
  std::vector<float> sizes;
  for (const auto* table : {&tables.words, &tables.affixes, &tables.pairs}) {
    for (const float value : *table) sizes.push_back(std::fabs(value));
  }
  const auto at =
      sizes.begin() + static_cast<std::ptrdiff_t>(kKept * static_cast<double>(sizes.size() - 1));
  std::nth_element(sizes.begin(), at, sizes.end());
  return std::max(*at, 1e-6F) / kHighest;
}

}  // namespace

Model Quantise(const Parameters& parameters, std::string name, std::vector<std::string> words,
               std::vector<std::string> mixed_forms) {
  const Shape& shape = parameters.shape;
  const Layout& layout = parameters.layout;
  const float* dense = parameters.dense.data();
  const auto copy = [dense](std::size_t begin, std::size_t count) {
    return std::vector<float>(dense + begin, dense + begin + count);
  };
  const std::size_t d = shape.d;
  Model model;
  model.name = std::move(name);
  model.shape = shape;
  model.embedding_scale = EmbeddingScale(parameters.tables);
  model.words = RoundAll(parameters.tables.words, model.embedding_scale);
  model.affixes = RoundAll(parameters.tables.affixes, model.embedding_scale);
  model.pairs = RoundAll(parameters.tables.pairs, model.embedding_scale);
  model.project = RoundRows(dense + layout.project, shape.d, shape.e);
  model.start = copy(layout.start, d);
  model.ends = copy(layout.ends, kEndsCount * d);
  for (const Layout::Layer& from : layout.layers) {
    Model::Layer& layer = model.layers.emplace_back();
    layer.kernel = copy(from.kernel, kWidth * d);
    layer.offset = copy(from.offset, d);
    layer.gain = copy(from.gain, d);
    layer.mix = RoundRows(dense + from.mix, 2 * shape.d, shape.d);
    layer.bias = copy(from.bias, 2 * d);
  }
  model.head = copy(layout.head, kScores * d);
  model.head_bias = copy(layout.head_bias, kScores);
  model.vocabulary = Vocabulary(std::move(words));
  model.mixed_forms = std::move(mixed_forms);
  return model;
}

}  // namespace cxscribe::punctuation
