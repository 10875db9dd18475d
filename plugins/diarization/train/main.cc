// role-train: from dialogues whose sides are known to a role model.
//
//   role-train --data DIR/train --out model/en.cxroles
//
// Logistic regression by Adagrad (Duchi, Hazan and Singer 2011) with weight decay. One seed gives
// one file. README.md says where the corpora come from.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "plugins/diarization/role_model.h"
#include "plugins/diarization/words.h"
#include "plugins/training/dialogues.h"

namespace cxscribe::diarization {
namespace {

struct Source {
  const char* file;
  const char* agent;  // the speaker who serves
  int every;          // every so manieth dialog: large corpora repeat themselves
};
constexpr Source kSources[] = {
    {"sgd.train", "SYSTEM", 3}, {"tm3_bc", "A", 1}, {"tm4", "assistant", 1}, {"star", "Wizard", 1}};

struct Arguments {
  std::string data;
  std::string out;
  std::uint32_t buckets = 1U << 18;
  int epochs = 6;
  float rate = 0.1F;
  float decay = 3e-4F;
  std::uint64_t seed = 1;
};

struct Example {
  std::vector<std::uint32_t> runs;
  bool agent = false;
  float weight = 1;
};

std::vector<Example> ReadExamples(const Arguments& arguments) {
  std::vector<Example> examples;
  for (const Source& source : kSources) {
    std::string dialogue;
    int index = 0;
    std::size_t sides[2] = {0, 0};
    const std::size_t begin = examples.size();
    const std::string path = arguments.data + "/" + source.file + ".tsv.gz";
    training::ReadDialogues(path, [&](const training::DialogueTurn& turn) {
      if (turn.dialogue != dialogue) {
        dialogue = turn.dialogue;
        ++index;
      }
      if (index % source.every != 0) return;
      Example example;
      example.agent = turn.speaker == source.agent;
      ForEachRun(SpokenWords(turn.text), arguments.buckets,
                 [&](std::uint32_t run) { example.runs.push_back(run); });
      if (example.runs.empty()) return;
      ++sides[example.agent ? 1 : 0];
      examples.push_back(std::move(example));
    });
    // Each corpus gives both sides the same weight, so that the model has no opinion to start with.
    for (std::size_t i = begin; i < examples.size(); ++i) {
      examples[i].weight = static_cast<float>(examples.size() - begin) /
                           (2.0F * static_cast<float>(sides[examples[i].agent ? 1 : 0]));
    }
    std::printf("%s: %zu of customers, %zu of agents\n", source.file, sides[0], sides[1]);
  }
  return examples;
}

RoleModel Train(const Arguments& arguments, std::vector<Example> examples) {
  std::mt19937_64 random(arguments.seed);
  std::vector<float> weights(arguments.buckets);
  std::vector<float> squares(arguments.buckets, 1e-6F);
  float bias = 0;
  float bias_square = 1e-6F;
  for (int epoch = 0; epoch < arguments.epochs; ++epoch) {
    std::shuffle(examples.begin(), examples.end(), random);
    double loss = 0;
    std::size_t right = 0;
    for (const Example& example : examples) {
      float score = bias;
      for (const std::uint32_t run : example.runs) score += weights[run];
      const float p = 1.0F / (1.0F + std::exp(-score));
      const float wanted = example.agent ? 1.0F : 0.0F;
      loss -= example.weight * std::log(std::max(1e-7F, example.agent ? p : 1 - p));
      right += (score > 0) == example.agent ? 1 : 0;
      // A long line is one example, not many.
      const float slope =
          example.weight * (p - wanted) / std::sqrt(static_cast<float>(example.runs.size()));
      bias_square += slope * slope;
      bias -= arguments.rate * slope / std::sqrt(bias_square);
      for (const std::uint32_t run : example.runs) {
        const float gradient = slope + arguments.decay * weights[run];
        squares[run] += gradient * gradient;
        weights[run] -= arguments.rate * gradient / std::sqrt(squares[run]);
      }
    }
    std::printf("epoch %d: loss %.4f, right %.2f %%\n", epoch + 1,
                loss / static_cast<double>(examples.size()),
                100.0 * static_cast<double>(right) / static_cast<double>(examples.size()));
  }
  float highest = 1e-6F;
  for (const float weight : weights) highest = std::max(highest, std::fabs(weight));
  const float scale = highest / 127.0F;
  std::vector<std::int8_t> rounded;
  rounded.reserve(weights.size());
  for (const float weight : weights) {
    rounded.push_back(static_cast<std::int8_t>(std::lround(weight / scale)));
  }
  return RoleModel(bias, scale, std::move(rounded));
}

}  // namespace
}  // namespace cxscribe::diarization

int main(int argc, char** argv) {
  using namespace cxscribe::diarization;
  Arguments arguments;
  CLI::App cli("role-train: from dialogues whose sides are known to a role model");
  cli.add_option("--data", arguments.data, "folder of the training corpora")->required();
  cli.add_option("--out", arguments.out, "the model file")->required();
  cli.add_option("--buckets", arguments.buckets, "a power of two")->capture_default_str();
  cli.add_option("--epochs", arguments.epochs)->capture_default_str();
  cli.add_option("--rate", arguments.rate)->capture_default_str();
  cli.add_option("--decay", arguments.decay)->capture_default_str();
  cli.add_option("--seed", arguments.seed)->capture_default_str();
  CLI11_PARSE(cli, argc, argv);
  try {
    const RoleModel model = Train(arguments, ReadExamples(arguments));
    std::ofstream file(arguments.out, std::ios::binary);
    file << model.Write();
    file.close();
    if (!file) throw std::runtime_error(arguments.out + " cannot be written");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "role-train: %s\n", error.what());
    return 1;
  }
  return 0;
}
