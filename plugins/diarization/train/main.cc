// diarization-train: from dialogues whose speakers are known to a speech model.
//
//   diarization-train --data DIR/train --out model/en.cxroles
//
// Logistic regression by Adagrad (Duchi, Hazan and Singer 2011) with weight decay, once for the
// sides and once for the turns. One seed gives one file. README.md of the punctuation stage's
// trainer says where the corpora come from.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "plugins/diarization/speech_model.h"
#include "plugins/diarization/words.h"
#include "plugins/training/dialogues.h"

namespace cxscribe::diarization {
namespace {

struct Source {
  const char* file;
  const char* agent;  // the speaker who serves
  int every;          // every so manieth dialogue: large corpora repeat themselves
};
constexpr Source kSources[] = {
    {"sgd.train", "SYSTEM", 3}, {"tm3_bc", "A", 1}, {"tm4", "assistant", 1}, {"star", "Wizard", 1}};
// Real speech, in which people go on, nod and break off.
constexpr const char* kTurns = "mrda.train";
// What fewer of the sources know is their subject, not a side.
constexpr int kLeastSources = 3;

struct Arguments {
  std::string data;
  std::string out;
  std::uint32_t role_buckets = 1U << 18;
  std::uint32_t turn_buckets = 1U << 16;
  int epochs = 3;
  float rate = 0.1F;
  float decay = 3e-4F;
  std::uint64_t seed = 1;
};

struct Example {
  std::vector<std::uint32_t> features;
  bool yes = false;
  float weight = 1;
};

// Typed turns are longer than what a recogniser cuts at pauses: as a whole and, if it has several,
// sentence by sentence.
template <typename Take>
void ForEachPart(std::string_view turn, Take take) {
  take(turn);
  std::size_t begin = 0;
  for (std::size_t at = turn.find_first_of(".?!,"); at != turn.npos;
       at = turn.find_first_of(".?!,", at + 1)) {
    const bool last = turn.find_first_not_of(" .?!,", at) == turn.npos;
    if (last && begin == 0) return;
    if (!last && turn[at + 1] != ' ') continue;  // "3.5"
    take(turn.substr(begin, at - begin));
    begin = at + 1;
    if (last) return;
  }
  if (begin > 0) take(turn.substr(begin));
}

std::vector<Example> ReadSides(const Arguments& arguments) {
  std::vector<Example> examples;
  std::vector<unsigned> known(arguments.role_buckets);  // for each bucket, a bit for each source
  for (std::size_t number = 0; number < std::size(kSources); ++number) {
    const Source& source = kSources[number];
    std::string dialogue;
    int index = 0;
    std::size_t sides[2] = {0, 0};
    const std::size_t begin = examples.size();
    const auto add = [&](std::string_view text, bool agent) {
      Example example;
      example.yes = agent;
      ForEachRun(SpokenWords(text), arguments.role_buckets, [&](std::uint32_t run) {
        example.features.push_back(run);
        known[run] |= 1U << number;
      });
      if (example.features.empty()) return;
      ++sides[agent ? 1 : 0];
      examples.push_back(std::move(example));
    };
    const std::string path = arguments.data + "/" + source.file + ".tsv.gz";
    training::ReadDialogues(path, [&](const training::DialogueTurn& turn) {
      if (turn.dialogue != dialogue) {
        dialogue = turn.dialogue;
        ++index;
      }
      if (index % source.every != 0) return;
      ForEachPart(turn.text,
                  [&](std::string_view part) { add(part, turn.speaker == source.agent); });
    });
    // Each corpus gives both sides the same weight, so that the model has no opinion to start with.
    for (std::size_t i = begin; i < examples.size(); ++i) {
      examples[i].weight = static_cast<float>(examples.size() - begin) /
                           (2.0F * static_cast<float>(sides[examples[i].yes ? 1 : 0]));
    }
    std::printf("%s: %zu of customers, %zu of agents\n", source.file, sides[0], sides[1]);
  }
  for (Example& example : examples) {
    std::erase_if(example.features,
                  [&](std::uint32_t run) { return std::popcount(known[run]) < kLeastSources; });
  }
  std::erase_if(examples, [](const Example& example) { return example.features.empty(); });
  return examples;
}

std::vector<Example> ReadTurns(const Arguments& arguments) {
  std::vector<Example> examples;
  std::string dialogue;
  std::string speaker;
  std::vector<std::string> before;
  training::ReadDialogues(
      arguments.data + "/" + kTurns + ".tsv.gz", [&](const training::DialogueTurn& turn) {
        std::vector<std::string> words = SpokenWords(turn.text);
        if (words.empty()) return;
        if (turn.dialogue == dialogue) {
          Example example;
          example.yes = turn.speaker == speaker;
          ForEachSeam(before, words, arguments.turn_buckets,
                      [&](std::uint32_t seam) { example.features.push_back(seam); });
          examples.push_back(std::move(example));
        }
        dialogue = turn.dialogue;
        speaker = turn.speaker;
        before = std::move(words);
      });
  std::printf("%s: %zu pairs\n", kTurns, examples.size());
  return examples;
}

LogLinear Train(std::vector<Example> examples, std::uint32_t buckets, const Arguments& arguments) {
  std::mt19937_64 random(arguments.seed);
  std::vector<float> weights(buckets);
  std::vector<float> squares(buckets, 1e-6F);
  float bias = 0;
  float bias_square = 1e-6F;
  for (int epoch = 0; epoch < arguments.epochs; ++epoch) {
    std::shuffle(examples.begin(), examples.end(), random);
    double loss = 0;
    std::size_t right = 0;
    for (const Example& example : examples) {
      float score = bias;
      for (const std::uint32_t feature : example.features) score += weights[feature];
      const float p = 1.0F / (1.0F + std::exp(-score));
      const float wanted = example.yes ? 1.0F : 0.0F;
      loss -= example.weight * std::log(std::max(1e-7F, example.yes ? p : 1 - p));
      right += (score > 0) == example.yes ? 1 : 0;
      // A long line is one example, not many.
      const float slope =
          example.weight * (p - wanted) / std::sqrt(static_cast<float>(example.features.size()));
      bias_square += slope * slope;
      bias -= arguments.rate * slope / std::sqrt(bias_square);
      for (const std::uint32_t feature : example.features) {
        const float gradient = slope + arguments.decay * weights[feature];
        squares[feature] += gradient * gradient;
        weights[feature] -= arguments.rate * gradient / std::sqrt(squares[feature]);
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
  return LogLinear(static_cast<MilliOdds>(std::lround(bias * 1e3F)),
                   static_cast<std::int32_t>(std::lround(scale * 1e6F)), std::move(rounded));
}

}  // namespace
}  // namespace cxscribe::diarization

int main(int argc, char** argv) {
  using namespace cxscribe::diarization;
  Arguments arguments;
  CLI::App cli("diarization-train: from dialogues whose speakers are known to a speech model");
  cli.add_option("--data", arguments.data, "folder of the training corpora")->required();
  cli.add_option("--out", arguments.out, "the model file")->required();
  cli.add_option("--epochs", arguments.epochs)->capture_default_str();
  cli.add_option("--rate", arguments.rate)->capture_default_str();
  cli.add_option("--decay", arguments.decay)->capture_default_str();
  cli.add_option("--seed", arguments.seed)->capture_default_str();
  CLI11_PARSE(cli, argc, argv);
  try {
    LogLinear role = Train(ReadSides(arguments), arguments.role_buckets, arguments);
    LogLinear turn = Train(ReadTurns(arguments), arguments.turn_buckets, arguments);
    std::ofstream file(arguments.out, std::ios::binary);
    file << SpeechModel(std::move(role), std::move(turn)).Write();
    file.close();
    if (!file) throw std::runtime_error(arguments.out + " cannot be written");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "diarization-train: %s\n", error.what());
    return 1;
  }
  return 0;
}
