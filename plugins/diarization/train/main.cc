// diarization-train: from dialogues whose speakers are known to a speech model.
//
//   diarization-train --data DIR/train --out model/en.cxroles
//
// Logistic regression, once for the sides and once for the turns. One seed gives one file. README.md
// says what the corpora are.
#include <bit>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "plugins/diarization/speech_model.h"
#include "plugins/diarization/words.h"
#include "plugins/training/dialogues.h"
#include "plugins/training/logistic.h"

namespace cxscribe::diarization {
namespace {

struct Source {
  const char* file;
  const char* agent;  // the speaker who serves
  int every;          // every so manieth dialogue: large corpora repeat themselves
};
constexpr Source kSources[] = {
    {"sgd.train", "SYSTEM", 3}, {"tm3_bc", "A", 1}, {"tm4", "assistant", 1}, {"star", "Wizard", 1}};
// Real speech, in which people go on, nod and break off; and dialogues of service, in which one asks
// and the other answers.
constexpr const char* kTurns[] = {"mrda.train", "tm3_bc", "tm4"};
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

// The examples of one corpus, from `begin` on, of which `counts` are a no and a yes: gives both the
// same weight, so that the model has no opinion to start with.
void WeighAlike(std::vector<training::Example>& examples, std::size_t begin,
                const std::size_t (&counts)[2]) {
  for (std::size_t i = begin; i < examples.size(); ++i) {
    const bool yes = examples[i].yes > 0;
    (yes ? examples[i].yes : examples[i].no) = static_cast<float>(examples.size() - begin) /
                                               (2.0F * static_cast<float>(counts[yes ? 1 : 0]));
  }
}

std::vector<training::Example> ReadSides(const Arguments& arguments) {
  std::vector<training::Example> examples;
  std::vector<unsigned> known(arguments.role_buckets);  // for each bucket, a bit for each source
  for (std::size_t number = 0; number < std::size(kSources); ++number) {
    const Source& source = kSources[number];
    std::string dialogue;
    int index = 0;
    std::size_t sides[2] = {0, 0};
    const std::size_t begin = examples.size();
    const auto add = [&](std::string_view text, bool agent) {
      training::Example example;
      (agent ? example.yes : example.no) = 1;
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
    WeighAlike(examples, begin, sides);
    std::printf("%s: %zu of customers, %zu of agents\n", source.file, sides[0], sides[1]);
  }
  for (training::Example& example : examples) {
    std::erase_if(example.features,
                  [&](std::uint32_t run) { return std::popcount(known[run]) < kLeastSources; });
  }
  std::erase_if(examples,
                [](const training::Example& example) { return example.features.empty(); });
  return examples;
}

// The same without the whole, cut only where a sentence ends.
template <typename Take>
void ForEachSentence(std::string_view turn, Take take) {
  std::size_t begin = 0;
  for (std::size_t at = turn.find_first_of(".?!"); at != turn.npos;
       at = turn.find_first_of(".?!", at + 1)) {
    if (at + 1 < turn.size() && turn[at + 1] != ' ') continue;
    take(turn.substr(begin, at - begin));
    begin = at + 1;
  }
  if (begin < turn.size()) take(turn.substr(begin));
}

void ReadTurnsOf(const char* file, const Arguments& arguments,
                 std::vector<training::Example>& examples) {
  const std::size_t begin = examples.size();
  std::size_t pairs[2] = {0, 0};  // another speaker's, the same one's
  std::string dialogue;
  std::string speaker;
  std::vector<std::string> before;
  const auto add = [&](const training::DialogueTurn& turn, std::string_view sentence) {
    std::vector<std::string> words = SpokenWords(sentence);
    if (words.empty()) return;
    if (turn.dialogue == dialogue) {
      const bool same = turn.speaker == speaker;
      training::Example example;
      (same ? example.yes : example.no) = 1;
      ForEachSeam(before, words, arguments.turn_buckets,
                  [&](std::uint32_t seam) { example.features.push_back(seam); });
      examples.push_back(std::move(example));
      ++pairs[same ? 1 : 0];
    }
    dialogue = turn.dialogue;
    speaker = turn.speaker;
    before = std::move(words);
  };
  training::ReadDialogues(
      arguments.data + "/" + file + ".tsv.gz", [&](const training::DialogueTurn& turn) {
        ForEachSentence(turn.text, [&](std::string_view sentence) { add(turn, sentence); });
      });
  WeighAlike(examples, begin, pairs);
  std::printf("%s: %zu pairs of two speakers, %zu of one\n", file, pairs[0], pairs[1]);
}

std::vector<training::Example> ReadTurns(const Arguments& arguments) {
  std::vector<training::Example> examples;
  for (const char* file : kTurns) ReadTurnsOf(file, arguments, examples);
  return examples;
}

LogLinear Train(std::vector<training::Example> examples, std::uint32_t buckets,
                const Arguments& arguments) {
  training::LogisticSettings settings;
  settings.buckets = buckets;
  settings.epochs = arguments.epochs;
  settings.rate = arguments.rate;
  settings.decay = arguments.decay;
  settings.damp = true;
  settings.seed = arguments.seed;
  training::Logistic model = training::TrainLogistic(
      settings, std::move(examples), [](int epoch, double loss, double right) {
        std::printf("epoch %d: loss %.4f, right %.2f %%\n", epoch, loss, 100.0 * right);
      });
  return LogLinear(static_cast<MilliOdds>(std::lround(model.bias * 1e3F)),
                   static_cast<std::int32_t>(std::lround(model.scale * 1e6F)),
                   std::move(model.weights));
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
