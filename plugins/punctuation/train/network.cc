#include "plugins/punctuation/train/network.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <Eigen/Core>

namespace cxscribe::punctuation {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Map = Eigen::Map<Matrix>;
using ConstMap = Eigen::Map<const Matrix>;
using RowVector = Eigen::Map<Eigen::RowVectorXf>;
using ConstRowVector = Eigen::Map<const Eigen::RowVectorXf>;

constexpr float kEpsilon = 1e-5F;

// The loss of one word and its gradient by the scores: minus the logarithm of the probability that
// falls on the allowed classes.
double ClassLoss(const float* scores, int classes, ClassSet allowed, float weight,
                 float* gradient) {
  const float highest = *std::max_element(scores, scores + classes);
  double all = 0;
  double right = 0;
  double p[8];
  for (int k = 0; k < classes; ++k) {
    p[k] = std::exp(static_cast<double>(scores[k] - highest));
    all += p[k];
    if ((allowed >> k & 1) != 0) right += p[k];
  }
  right = std::max(right, 1e-12);
  for (int k = 0; k < classes; ++k) {
    const double wanted = (allowed >> k & 1) != 0 ? p[k] / right : 0.0;
    gradient[k] = static_cast<float>(weight * (p[k] / all - wanted));
  }
  return -weight * std::log(right / all);
}

}  // namespace

Layout::Layout(const Shape& shape) {
  const std::size_t d = shape.d;
  std::size_t at = 0;
  const auto take = [&at](std::size_t count) {
    const std::size_t begin = at;
    at += count;
    return begin;
  };
  project = take(d * static_cast<std::size_t>(shape.e));
  start = take(d);
  ends = take(kEndsCount * d);
  for (std::uint32_t i = 0; i < shape.layers; ++i) {
    Layer layer{};
    layer.kernel = take(kWidth * d);
    layer.offset = take(d);
    layer.gain = take(d);
    layer.mix = take(2 * d * d);
    layer.bias = take(2 * d);
    layers.push_back(layer);
  }
  head = take(kScores * d);
  head_bias = take(kScores);
  size = at;
}

Parameters::Parameters(const Shape& the_shape, std::uint64_t seed)
    : shape(the_shape), layout(the_shape), dense(layout.size, 0.0F) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  const auto fill = [&](float* begin, std::size_t count, float deviation) {
    for (std::size_t i = 0; i < count; ++i) begin[i] = deviation * normal(random);
  };
  const std::size_t d = shape.d;
  const std::size_t e = shape.e;
  fill(&dense[layout.project], d * e, 1.0F / std::sqrt(static_cast<float>(e)));
  fill(&dense[layout.ends], kEndsCount * d, 0.3F);
  for (const Layout::Layer& layer : layout.layers) {
    fill(&dense[layer.kernel], kWidth * d, 0.33F);
    std::fill_n(&dense[layer.gain], d, 1.0F);
    fill(&dense[layer.mix], 2 * d * d, 1.0F / std::sqrt(static_cast<float>(d)));
  }
  fill(&dense[layout.head], kScores * d, 0.5F / std::sqrt(static_cast<float>(d)));
  tables.words.resize(shape.words * e);
  tables.affixes.resize(shape.buckets.affixes * e);
  tables.pairs.resize(shape.buckets.pairs * e);
  fill(tables.words.data(), tables.words.size(), 0.3F);
  fill(tables.affixes.data(), tables.affixes.size(), 0.2F);
  fill(tables.pairs.data(), tables.pairs.size(), 0.02F);
}

Pass::Pass(const Parameters& parameters, int max_words) : parameters_(parameters) {
  const auto t = static_cast<std::size_t>(max_words);
  const std::size_t d = parameters.shape.d;
  const std::size_t e = parameters.shape.e;
  for (auto* values : {&e_, &keep_, &de_}) values->resize(t * e);
  for (auto* values : {&x_, &dx_, &dn_, &dh_}) values->resize(t * d);
  dmixed_.resize(t * 2 * d);
  scores_.resize(t * kScores);
  ends_.resize(t);
  layers_.resize(parameters.shape.layers);
  for (LayerState& layer : layers_) {
    for (auto* values : {&layer.x, &layer.h, &layer.n, &layer.gate}) values->resize(t * d);
    layer.mixed.resize(t * 2 * d);
    layer.scale.resize(t);
  }
}

const float* Pass::Forward(const Features* features, int words, const Dropout& dropout) {
  const Shape& shape = parameters_.shape;
  const Layout& layout = parameters_.layout;
  const float* dense = parameters_.dense.data();
  const auto d = static_cast<int>(shape.d);
  const auto e = static_cast<int>(shape.e);
  words_ = words;

  std::minstd_rand random(static_cast<unsigned>(dropout.seed));
  const auto draw = [&random](float share, float* keeps, std::size_t count) {
    const float grow = 1.0F / (1.0F - share);
    const auto limit = static_cast<unsigned>(share * 2147483646.0F);
    for (std::size_t i = 0; i < count; ++i) keeps[i] = share > 0 && random() < limit ? 0.0F : grow;
  };
  for (int t = 0; t < words; ++t) {
    const Features& f = features[t];
    ends_[static_cast<std::size_t>(t)] = f.ends;
    const float* rows[] = {&parameters_.tables.words[std::size_t{f.word} * e],
                           &parameters_.tables.affixes[std::size_t{f.begin} * e],
                           &parameters_.tables.affixes[std::size_t{f.end} * e],
                           &parameters_.tables.pairs[std::size_t{f.pair} * e]};
    float* keeps = keep_.data() + std::ptrdiff_t{t} * e;
    float* sums = e_.data() + std::ptrdiff_t{t} * e;
    draw(dropout.embedded, keeps, shape.e);
    for (int i = 0; i < e; ++i) {
      sums[i] = keeps[i] * (rows[0][i] + rows[1][i] + rows[2][i] + rows[3][i]);
    }
  }
  Map x(x_.data(), words, d);
  x.noalias() = ConstMap(e_.data(), words, e) * ConstMap(dense + layout.project, d, e).transpose();
  x.rowwise() += ConstRowVector(dense + layout.start, d);
  for (int t = 0; t < words; ++t) {
    x.row(t) += ConstRowVector(dense + layout.ends + static_cast<int>(features[t].ends) * d, d);
  }
  for (std::size_t l = 0; l < shape.layers; ++l) {
    const Layout::Layer& at = layout.layers[l];
    LayerState& state = layers_[l];
    Map in(state.x.data(), words, d);
    Map h(state.h.data(), words, d);
    Map n(state.n.data(), words, d);
    Map gate(state.gate.data(), words, d);
    Map mixed(state.mixed.data(), words, 2 * d);
    in = x;
    for (int t = 0; t < words; ++t) {
      h.row(t) = ConstRowVector(dense + at.offset, d);
      for (int k = std::max(0, kWidth / 2 - t); k < std::min(kWidth, words - t + kWidth / 2); ++k) {
        h.row(t).array() += in.row(t + k - kWidth / 2).array() *
                            ConstRowVector(dense + at.kernel + k * d, d).array();
      }
      const float scale =
          1.0F / std::sqrt(h.row(t).squaredNorm() / static_cast<float>(d) + kEpsilon);
      state.scale[static_cast<std::size_t>(t)] = scale;
      n.row(t) = scale * h.row(t);
    }
    h = n.array().rowwise() * ConstRowVector(dense + at.gain, d).array();
    state.keep.resize(dropout.inside > 0 ? state.h.size() : 0);
    if (!state.keep.empty()) {
      draw(dropout.inside, state.keep.data(), static_cast<std::size_t>(words) * shape.d);
      h.array() *= Map(state.keep.data(), words, d).array();
    }
    mixed.noalias() = h * ConstMap(dense + at.mix, 2 * d, d).transpose();
    mixed.rowwise() += ConstRowVector(dense + at.bias, 2 * d);
    gate = 0.5F + 0.5F * mixed.rightCols(d).array() / (1.0F + mixed.rightCols(d).array().abs());
    x.array() += mixed.leftCols(d).array() * gate.array();
  }
  Map scores(scores_.data(), words, kScores);
  scores.noalias() = x * ConstMap(dense + layout.head, kScores, d).transpose();
  scores.rowwise() += ConstRowVector(dense + layout.head_bias, kScores);
  return scores_.data();
}

double Pass::Backward(const Target* targets, float case_weight,
                      std::vector<float>* dense_gradient) {
  const Shape& shape = parameters_.shape;
  const Layout& layout = parameters_.layout;
  const float* dense = parameters_.dense.data();
  float* gradient = dense_gradient->data();
  const auto d = static_cast<int>(shape.d);
  const auto e = static_cast<int>(shape.e);
  const int words = words_;

  double loss = 0;
  Matrix dscores(words, kScores);
  for (int t = 0; t < words; ++t) {
    const float* scores = scores_.data() + std::ptrdiff_t{t} * kScores;
    loss += ClassLoss(scores, kMarks, targets[t].marks, 1, &dscores(t, 0));
    loss += ClassLoss(scores + kMarks, kCases, targets[t].cases, case_weight, &dscores(t, kMarks));
  }
  Map x(x_.data(), words, d);
  Map dx(dx_.data(), words, d);
  Map(gradient + layout.head, kScores, d).noalias() += dscores.transpose() * x;
  RowVector(gradient + layout.head_bias, kScores) += dscores.colwise().sum();
  dx.noalias() = dscores * ConstMap(dense + layout.head, kScores, d);

  for (std::size_t l = shape.layers; l-- > 0;) {
    const Layout::Layer& at = layout.layers[l];
    LayerState& state = layers_[l];
    Map in(state.x.data(), words, d);
    Map gained(state.h.data(), words, d);
    Map n(state.n.data(), words, d);
    Map gate(state.gate.data(), words, d);
    Map mixed(state.mixed.data(), words, 2 * d);
    Map dmixed(dmixed_.data(), words, 2 * d);
    Map dn(dn_.data(), words, d);
    Map dh(dh_.data(), words, d);
    dmixed.leftCols(d) = dx.array() * gate.array();
    // The gate's slope is half of 1 / (1 + |b|) squared.
    dmixed.rightCols(d) = 0.5F * dx.array() * mixed.leftCols(d).array() /
                          (1.0F + mixed.rightCols(d).array().abs()).square();
    Map(gradient + at.mix, 2 * d, d).noalias() += dmixed.transpose() * gained;
    RowVector(gradient + at.bias, 2 * d) += dmixed.colwise().sum();
    dn.noalias() = dmixed * ConstMap(dense + at.mix, 2 * d, d);
    if (!state.keep.empty()) dn.array() *= Map(state.keep.data(), words, d).array();
    RowVector(gradient + at.gain, d) += (dn.array() * n.array()).matrix().colwise().sum();
    dn.array().rowwise() *= ConstRowVector(dense + at.gain, d).array();
    for (int t = 0; t < words; ++t) {
      const float along = dn.row(t).dot(n.row(t)) / static_cast<float>(d);
      dh.row(t) = state.scale[static_cast<std::size_t>(t)] * (dn.row(t) - along * n.row(t));
    }
    RowVector(gradient + at.offset, d) += dh.colwise().sum();
    for (int t = 0; t < words; ++t) {
      for (int k = std::max(0, kWidth / 2 - t); k < std::min(kWidth, words - t + kWidth / 2); ++k) {
        const int source = t + k - kWidth / 2;
        RowVector(gradient + at.kernel + k * d, d).array() +=
            dh.row(t).array() * in.row(source).array();
        dx.row(source).array() +=
            dh.row(t).array() * ConstRowVector(dense + at.kernel + k * d, d).array();
      }
    }
  }
  Map de(de_.data(), words, e);
  Map(gradient + layout.project, d, e).noalias() += dx.transpose() * ConstMap(e_.data(), words, e);
  RowVector(gradient + layout.start, d) += dx.colwise().sum();
  for (int t = 0; t < words; ++t) {
    RowVector(gradient + layout.ends + static_cast<int>(ends_[static_cast<std::size_t>(t)]) * d,
              d) += dx.row(t);
  }
  de.noalias() = dx * ConstMap(dense + layout.project, d, e);
  de.array() *= ConstMap(keep_.data(), words, e).array();
  return loss;
}

}  // namespace cxscribe::punctuation
