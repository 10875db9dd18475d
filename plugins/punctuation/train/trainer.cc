#include "plugins/punctuation/train/trainer.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <thread>
#include <unordered_map>

#include "plugins/punctuation/train/adam.h"

namespace cxscribe::punctuation {
namespace {

constexpr int kStepsPerCut = 400;  // how long segments stay as they were cut

// Where one thread adds up what its sequences ask for.
struct Gradients {
  explicit Gradients(const Shape& shape) : dense(Layout(shape).size) {}
  std::vector<float> dense;
  // Row of a table -> its gradient.
  using Rows = std::unordered_map<std::uint32_t, std::vector<float>>;
  Rows words, affixes, pairs;
  double loss = 0;

  void Clear() {
    std::fill(dense.begin(), dense.end(), 0.0F);
    words.clear();
    affixes.clear();
    pairs.clear();
    loss = 0;
  }
};

// Before these a speaker draws breath, whether a sentence ends there or not.
bool IsConjunction(std::string_view form) {
  return form == "and" || form == "but" || form == "so" || form == "or" || form == "because";
}

void AddRow(Gradients::Rows* rows, std::uint32_t row, const float* gradient, int e) {
  auto& sum = rows->try_emplace(row, static_cast<std::size_t>(e), 0.0F).first->second;
  for (int i = 0; i < e; ++i) sum[static_cast<std::size_t>(i)] += gradient[i];
}

void Merge(const Gradients::Rows& from, Gradients::Rows* to, int e) {
  for (const auto& [row, gradient] : from) AddRow(to, row, gradient.data(), e);
}

}  // namespace

void Material::Add(const Dialog& dialog, const Vocabulary& vocabulary, const Buckets& buckets) {
  for (std::size_t i = 0; i < dialog.words.size(); ++i) {
    const TrainingWord& word = dialog.words[i];
    Features f = FeaturesOf(word.form, vocabulary, buckets);
    const std::string_view next = i + 1 < dialog.words.size()
                                      ? std::string_view(dialog.words[i + 1].form)
                                      : std::string_view();
    f.pair = PairBucket(word.form, next, buckets);
    if (word.speaker_end) f.ends = Ends::kSpeaker;
    features.push_back(f);
    targets.push_back({word.marks, word.cases});
    written.push_back(CaseOf(word.written));
    line_end.push_back(word.line_end);
    joins.push_back(IsConjunction(word.form));
  }
}

std::vector<Features> CutSegments(const Material& material, Cut cut, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> uniform;
  std::uniform_int_distribution<int> length(8, 25);
  std::vector<Features> features = material.features;
  int left = length(random);
  for (std::size_t i = 0; i < features.size(); ++i) {
    bool ends = material.line_end[i];
    if (cut == Cut::kBlind) {
      ends = --left == 0;
      if (ends || features[i].ends == Ends::kSpeaker) left = length(random);
    } else if (cut == Cut::kBreaths) {
      const ClassSet marks = material.targets[i].marks;
      float chance = 0.02F;
      if (marks == 0b0010) chance = 0.3F;
      if (marks == 0b0100 || marks == 0b1000) chance = 0.75F;
      if (i + 1 < features.size() && material.joins[i + 1]) chance = std::max(chance, 0.35F);
      if (material.line_end[i]) chance = std::max(chance, 0.9F);
      ends = uniform(random) < chance;
    }
    if (ends && features[i].ends == Ends::kNothing) features[i].ends = Ends::kSegment;
  }
  return features;
}

void Train(const TrainingSettings& settings, const Material& material, Parameters* parameters,
           const std::function<void(int step, double loss)>& report) {
  const Shape& shape = parameters->shape;
  const auto threads = static_cast<std::size_t>(settings.threads);
  const auto sequence = static_cast<std::size_t>(settings.sequence);
  const auto e = static_cast<int>(shape.e);
  std::mt19937_64 random(settings.seed);
  std::vector<Pass> passes;
  std::vector<Gradients> gradients;
  for (std::size_t i = 0; i < threads; ++i) {
    passes.emplace_back(*parameters, settings.sequence);
    gradients.emplace_back(shape);
  }
  Adam dense(parameters->dense.size());
  Adam words(parameters->tables.words.size());
  Adam affixes(parameters->tables.affixes.size());
  Adam pairs(parameters->tables.pairs.size());
  std::vector<Features> cuts[3];

  std::vector<Material::Part> parts = material.parts;
  if (parts.empty()) parts.push_back({0, material.features.size(), 1});
  std::erase_if(parts, [&](const auto& part) { return part.end - part.begin < sequence; });
  std::vector<double> weights;
  weights.reserve(parts.size());
  for (const auto& part : parts) {
    weights.push_back(part.weight * static_cast<double>(part.end - part.begin));
  }
  std::discrete_distribution<std::size_t> choose_part(weights.begin(), weights.end());

  struct Task {
    std::size_t begin;
    Cut cut;
    std::uint64_t seed;
  };
  for (int step = 1; step <= settings.steps; ++step) {
    if (step % kStepsPerCut == 1) {
      for (const Cut cut : {Cut::kLines, Cut::kBlind, Cut::kBreaths}) {
        cuts[static_cast<int>(cut)] = CutSegments(material, cut, random());
      }
    }
    std::vector<Task> tasks;
    for (int i = 0; i < settings.batch; ++i) {
      const Material::Part& part = parts[choose_part(random)];
      std::uniform_int_distribution<std::size_t> place(part.begin, part.end - sequence);
      std::discrete_distribution<int> cut({0.35, 0.35, 0.3});
      const std::size_t begin = place(random);
      const Cut chosen = static_cast<Cut>(cut(random));
      tasks.push_back({begin, chosen, random()});
    }
    const auto work = [&](std::size_t thread) {
      Gradients& mine = gradients[thread];
      mine.Clear();
      std::vector<Features> features(sequence);
      std::vector<Target> targets(sequence);
      for (std::size_t i = thread; i < tasks.size(); i += threads) {
        const Task& task = tasks[i];
        std::mt19937_64 noise(task.seed);
        std::uniform_real_distribution<float> uniform;
        const auto& cut = cuts[static_cast<int>(task.cut)];
        for (std::size_t t = 0; t < sequence; ++t) {
          features[t] = cut[task.begin + t];
          targets[t] = material.targets[task.begin + t];
          const float drawn = uniform(noise);
          if (drawn < settings.forget) features[t].word = kUnknownWord;
          if (uniform(noise) < settings.forget_pair) features[t].pair = 0;
          if (drawn > 1.0F - settings.mask) {
            const Ends ends = features[t].ends;
            features[t] = FeaturesOfMask();
            features[t].ends = ends;
            targets[t].cases = kAnyClass;
            if (t > 0) features[t - 1].pair = 0;
          }
        }
        passes[thread].Forward(features.data(), settings.sequence,
                               {settings.dropout, settings.inner_dropout, noise()});
        mine.loss += passes[thread].Backward(targets.data(), settings.case_weight, &mine.dense);
        const float* de = passes[thread].embedding_gradient();
        for (std::size_t t = 0; t < sequence; ++t, de += e) {
          AddRow(&mine.words, features[t].word, de, e);
          AddRow(&mine.affixes, features[t].begin, de, e);
          AddRow(&mine.affixes, features[t].end, de, e);
          AddRow(&mine.pairs, features[t].pair, de, e);
        }
      }
    };
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work, i);
    work(0);
    for (std::thread& other : others) other.join();

    Gradients& sum = gradients[0];
    for (std::size_t i = 1; i < threads; ++i) {
      for (std::size_t k = 0; k < sum.dense.size(); ++k) sum.dense[k] += gradients[i].dense[k];
      Merge(gradients[i].words, &sum.words, e);
      Merge(gradients[i].affixes, &sum.affixes, e);
      Merge(gradients[i].pairs, &sum.pairs, e);
      sum.loss += gradients[i].loss;
    }
    const float mean = 1.0F / static_cast<float>(settings.batch * settings.sequence);
    double norm = 0;
    for (float& value : sum.dense) {
      value *= mean;
      norm += static_cast<double>(value) * value;
    }
    const float clip = norm > 1.0 ? static_cast<float>(1.0 / std::sqrt(norm)) : 1.0F;
    for (float& value : sum.dense) value *= clip;

    // Warm up for a twentieth of the steps, then half a cosine down to nothing.
    const double done = static_cast<double>(step) / settings.steps;
    AdamSettings adam;
    adam.rate = settings.rate *
                static_cast<float>(
                    done < 0.05 ? done / 0.05
                                : 0.5 + 0.5 * std::cos(std::numbers::pi * (done - 0.05) / 0.95));
    dense.Update(adam, step, 0, sum.dense.size(), sum.dense.data(), parameters->dense.data());
    const auto update = [&](Adam* table, Gradients::Rows* rows, std::vector<float>* values) {
      for (auto& [row, gradient] : *rows) {
        for (float& value : gradient) value *= mean * clip;
        // Moments of a row start with its first gradient, but `step` is what all rows share: the
        // first steps of a rare row are smaller for it, which does no harm.
        table->Update(adam, step, std::size_t{row} * shape.e, gradient.size(), gradient.data(),
                      values->data());
      }
    };
    update(&words, &sum.words, &parameters->tables.words);
    update(&affixes, &sum.affixes, &parameters->tables.affixes);
    update(&pairs, &sum.pairs, &parameters->tables.pairs);
    report(step, sum.loss * mean);
  }
}

}  // namespace cxscribe::punctuation
