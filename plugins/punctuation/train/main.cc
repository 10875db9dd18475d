// punctuation-train: from a folder of corpora to a model file.
//
//   punctuation-train --data DIR/train --dev DIR/dev --out model/en.cxpunct
//
// README.md says where the corpora come from. With one seed and one number of threads the file is
// the same each time on the same machine.
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "plugins/punctuation/train/corpus.h"
#include "plugins/punctuation/train/evaluation.h"
#include "plugins/punctuation/train/lexicon.h"
#include "plugins/punctuation/train/quantise.h"
#include "plugins/punctuation/train/trainer.h"

namespace cxscribe::punctuation {
namespace {

constexpr int kAtLeast = 3;       // a word of the vocabulary was seen so often
constexpr int kAtLeastMixed = 4;  // a spelling such as "McDonald"
constexpr int kHoldOut = 14;      // every so manieth call of earnings22 is measured, not trained on

struct Arguments {
  std::string data;
  std::string dev;
  std::string out;
  std::string name = "en-2";
  bool all = false;
  int every = 1000;
  Shape shape;
  TrainingSettings training;
};

struct Measured {
  std::string name;
  Material material;
  Cut cut;
};

struct Corpora {
  std::vector<std::pair<const CorpusStyle*, std::vector<Dialog>>> train;
  std::vector<Dialog> held_out;
};

Corpora ReadAll(const Arguments& arguments) {
  Corpora corpora;
  for (const CorpusStyle& style : TrainingCorpora()) {
    std::vector<Dialog> dialogs;
    int index = 0;
    ReadCorpus(arguments.data + "/" + style.name + ".tsv.gz", style, [&](Dialog dialog) {
      const bool hold = !arguments.all && style.name == "earnings22" && ++index % kHoldOut == 0;
      (hold ? corpora.held_out : dialogs).push_back(std::move(dialog));
    });
    corpora.train.emplace_back(&style, std::move(dialogs));
  }
  return corpora;
}

std::vector<Measured> ReadMeasured(const Arguments& arguments, const Corpora& corpora,
                                   const Vocabulary& vocabulary) {
  std::vector<Measured> measured;
  const auto add = [&](const std::string& name, const std::vector<Dialog>& dialogs, Cut cut) {
    if (dialogs.empty()) return;
    Material material;
    for (const Dialog& dialog : dialogs) {
      material.Add(dialog, vocabulary, arguments.shape.buckets);
    }
    measured.push_back({name, std::move(material), cut});
  };
  add("earnings calls, held out", corpora.held_out, Cut::kLines);
  add("the same, blind", corpora.held_out, Cut::kBlind);
  if (arguments.dev.empty()) return measured;
  for (const char* name : {"swda.val", "sgd.dev", "mrda.val"}) {
    const std::string path = arguments.dev + "/" + name + ".tsv.gz";
    std::vector<Dialog> dialogs;
    ReadCorpus(path, {}, [&](Dialog dialog) { dialogs.push_back(std::move(dialog)); });
    add(name, dialogs, Cut::kLines);
    if (std::string(name) == "swda.val") add("swda.val, blind", dialogs, Cut::kBlind);
  }
  add("iwslt_dev2012", {ReadLabelledWords(arguments.dev + "/iwslt_dev2012.tsv.gz")}, Cut::kBlind);
  return measured;
}

void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) throw std::runtime_error(path + " cannot be written");
}

void Run(Arguments arguments) {
  const Corpora corpora = ReadAll(arguments);
  Lexicon lexicon;
  Lexicon careful;  // people who type are careless with capitals
  for (const auto& [style, dialogs] : corpora.train) {
    for (const Dialog& dialog : dialogs) {
      lexicon.Add(dialog);
      if (!style->typed) careful.Add(dialog);
    }
  }
  const std::vector<std::string> words = lexicon.Words(kAtLeast);
  const std::vector<std::string> mixed = careful.MixedForms(kAtLeastMixed);
  const Vocabulary vocabulary(words);
  arguments.shape.words = static_cast<std::uint32_t>(words.size()) + kFirstKnownWord;

  Material material;
  for (const auto& [style, dialogs] : corpora.train) {
    const std::size_t begin = material.features.size();
    for (const Dialog& dialog : dialogs) {
      material.Add(dialog, vocabulary, arguments.shape.buckets);
    }
    material.parts.push_back({begin, material.features.size(), style->weight});
  }
  const std::vector<Measured> measured = ReadMeasured(arguments, corpora, vocabulary);
  std::printf("%zu words, %zu of the vocabulary, %zu mixed forms\n", material.features.size(),
              words.size(), mixed.size());

  Parameters parameters(arguments.shape, arguments.training.seed);
  const auto started = std::chrono::steady_clock::now();
  double mean = 0;
  Train(arguments.training, material, &parameters, [&](int step, double loss) {
    mean = step == 1 ? loss : 0.98 * mean + 0.02 * loss;
    if (step % arguments.every != 0 && step != arguments.training.steps) return;
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - started;
    std::printf("step %d, loss %.4f, %.0f s\n", step, mean, spent.count());
    for (const Measured& each : measured) {
      const Quality quality = Evaluate(parameters, each.material, each.cut);
      std::printf("  %-26s %s\n", each.name.c_str(), Describe(quality).c_str());
    }
    std::fflush(stdout);
    WriteFile(arguments.out, WriteModel(Quantise(parameters, arguments.name, words, mixed)));
  });
}

}  // namespace
}  // namespace cxscribe::punctuation

int main(int argc, char** argv) {
  cxscribe::punctuation::Arguments arguments;
  arguments.shape.buckets = {8192, 32768};
  arguments.shape.e = 96;
  arguments.shape.d = 128;
  arguments.shape.layers = 7;
  CLI::App cli("punctuation-train: from a folder of corpora to a model file");
  cli.add_option("--data", arguments.data, "folder of the training corpora")->required();
  cli.add_option("--dev", arguments.dev, "folder of the corpora to measure on");
  cli.add_option("--out", arguments.out, "the model file")->required();
  cli.add_option("--name", arguments.name, "of the model, for evidence")->capture_default_str();
  cli.add_flag("--all", arguments.all, "hold nothing out");
  cli.add_option("--every", arguments.every, "steps between measurements")->capture_default_str();
  cli.add_option("--pairs", arguments.shape.buckets.pairs, "buckets of word pairs")
      ->capture_default_str();
  cli.add_option("--looked-up", arguments.shape.e, "numbers a word as looked up")
      ->capture_default_str();
  cli.add_option("--inside", arguments.shape.d, "numbers a word inside")->capture_default_str();
  cli.add_option("--layers", arguments.shape.layers)->capture_default_str();
  auto& training = arguments.training;
  cli.add_option("--steps", training.steps)->capture_default_str();
  cli.add_option("--batch", training.batch, "sequences a step")->capture_default_str();
  cli.add_option("--sequence", training.sequence, "words a sequence")->capture_default_str();
  cli.add_option("--threads", training.threads)->capture_default_str();
  cli.add_option("--rate", training.rate)->capture_default_str();
  cli.add_option("--dropout", training.dropout)->capture_default_str();
  cli.add_option("--inner-dropout", training.inner_dropout)->capture_default_str();
  cli.add_option("--forget", training.forget, "share of words taken for unknown")
      ->capture_default_str();
  cli.add_option("--forget-pair", training.forget_pair, "share of pairs left out")
      ->capture_default_str();
  cli.add_option("--case-weight", training.case_weight)->capture_default_str();
  cli.add_option("--seed", training.seed)->capture_default_str();
  CLI11_PARSE(cli, argc, argv);
  try {
    cxscribe::punctuation::Run(arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "punctuation-train: %s\n", error.what());
    return 1;
  }
  return 0;
}
