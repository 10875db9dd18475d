// names-train: from names and from ordinary words to a name model.
//
//   names-train --data DIR --lists plugins/redaction/train --out model/en.cxnames
//
// Logistic regression over distinct words; a frequent word weighs more. One seed gives one file. ../model/README.md says where the
// words come from.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "plugins/redaction/name_model.h"
#include "plugins/training/dialogues.h"
#include "plugins/training/logistic.h"

namespace cxscribe::redaction {
namespace {

struct Arguments {
  std::string data;
  std::string lists;
  std::string out;
  std::uint32_t buckets = 1U << 17;
  int epochs = 60;
  float rate = 0.3F;
  float decay = 3e-3F;
  float name_weight = 3;       // what a name counts against an ordinary word of the same frequency
  std::uint32_t hold_out = 0;  // leaves out every so manieth name of the identities, to measure on
  std::uint64_t seed = 1;
};

// How often a word is a name, and how often it is not.
struct Counts {
  double name = 0;
  double other = 0;
};
using Words = std::map<std::string, Counts>;

bool IsLetter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Calls `take(word, first)`; `first` of a sentence, where a capital says nothing.
template <typename Take>
void EachWord(std::string_view text, Take take) {
  bool first = true;
  for (std::size_t i = 0; i < text.size();) {
    if (!IsLetter(text[i])) {
      if (text[i] != ' ' && text[i] != ',' && text[i] != '\'') first = true;
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() &&
           (IsLetter(text[end]) ||
            (text[end] == '\'' && end + 1 < text.size() && IsLetter(text[end + 1])))) {
      ++end;
    }
    take(text.substr(i, end - i), first);
    first = false;
    i = end;
  }
}

bool LeftOut(const Arguments& arguments, const std::string& word) {
  std::uint32_t hash = 7;
  for (const char c : word) hash = hash * 31 + static_cast<unsigned char>(c);
  return arguments.hold_out > 0 && hash % arguments.hold_out == 0;
}

void ReadList(const std::string& path, double count, double Counts::*side, Words* words) {
  training::ReadLines(path, [&](std::string_view line) {
    if (line.empty() || line[0] == '#') return;
    std::size_t begin = 0;
    while (begin < line.size()) {
      const std::size_t end = std::min(line.find(' ', begin), line.size());
      if (end > begin) (*words)[std::string(line.substr(begin, end - begin))].*side += count;
      begin = end + 1;
    }
  });
}

// Text with capitals where English has them: what stands in lower case is no name.
void ReadCased(const std::string& path, Words* words) {
  std::map<std::string, std::pair<int, int>> seen;  // in lower case; with a capital within
  training::ReadDialogues(path, [&](const training::DialogueTurn& turn) {
    EachWord(turn.text, [&](std::string_view word, bool first) {
      auto& [lower, capital] = seen[Lower(word)];
      if (word[0] >= 'a' && word[0] <= 'z') {
        ++lower;
      } else if (!first) {
        ++capital;
      }
    });
  });
  for (const auto& [word, count] : seen) {
    if (count.first >= 2 && count.first > count.second / 2) (*words)[word].other += count.first;
  }
}

// Talk without capitals: what is frequent is no name, unless it is known as one and nothing else.
void ReadUncased(const std::string& path, Words* words) {
  constexpr int kFrequent = 40;
  std::map<std::string, int> seen;
  training::ReadDialogues(path, [&](const training::DialogueTurn& turn) {
    EachWord(turn.text, [&](std::string_view word, bool) { ++seen[Lower(word)]; });
  });
  for (const auto& [word, count] : seen) {
    Counts& counts = (*words)[word];
    if (count >= kFrequent && (counts.name == 0 || counts.other > 0)) counts.other += count;
  }
}

void ReadChats(const std::string& path, Words* words) {
  Words chats;
  training::ReadLines(path, [&](std::string_view line) {
    if (line.empty()) return;
    const nlohmann::json chat = nlohmann::json::parse(line);
    const std::string text = chat.at("text");
    std::vector<char> is_name(text.size(), 0);
    for (const nlohmann::json& entity : chat.at("entities")) {
      const char mark = entity.at("label") == "PERSON" ? 1 : 2;
      for (std::size_t i = entity.at("start"); i < entity.at("end") && i < text.size(); ++i) {
        is_name[i] = mark;
      }
    }
    EachWord(text, [&](std::string_view word, bool) {
      const char mark = is_name[static_cast<std::size_t>(word.data() - text.data())];
      if (mark == 1) chats[Lower(word)].name += 1;
      if (mark == 0) chats[Lower(word)].other += 1;
    });
  });
  // Labels are noisy: a word counts on the side where it mostly stands.
  for (const auto& [word, count] : chats) {
    if (count.name >= 2 && count.name > count.other) (*words)[word].name += count.name;
    if (count.other >= 4 && count.other > 4 * count.name) (*words)[word].other += count.other;
  }
}

void ReadIdentities(const Arguments& arguments, const std::string& path, Words* words) {
  std::vector<std::string> names;
  training::ReadLines(path, [&](std::string_view line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    if (names.empty()) {
      names = fields;
      return;
    }
    for (std::size_t i = 0; i < std::min(fields.size(), names.size()); ++i) {
      const bool person = names[i] == "GivenName" || names[i] == "Surname";
      const bool place = names[i] == "City" || names[i] == "StateFull" || names[i] == "CountryFull";
      if (!person && !place) continue;
      EachWord(fields[i], [&](std::string_view word, bool) {
        const std::string lower = Lower(word);
        if (person && !LeftOut(arguments, lower)) (*words)[lower].name += 1;
        if (place) (*words)[lower].other += 0.3;
      });
    }
  });
}

std::vector<training::Example> MakeExamples(const Arguments& arguments) {
  Words words;
  ReadList(arguments.lists + "/names.txt", 30, &Counts::name, &words);
  ReadList(arguments.lists + "/not_names.txt", 300, &Counts::other, &words);
  const std::string talk = arguments.data + "/punctuation/train/";
  for (const char* file : {"sgd.train", "earnings22", "rev16_verbatim", "qmsum_committee"}) {
    ReadCased(talk + file + ".tsv.gz", &words);
  }
  for (const char* file : {"mrda.train", "star", "tm3_bc", "tm4"}) {
    ReadUncased(talk + file + ".tsv.gz", &words);
  }
  const std::string labelled = arguments.data + "/redaction/train/";
  ReadChats(labelled + "multidogo_train.jsonl", &words);
  ReadIdentities(arguments, labelled + "presidio_FakeNameGenerator.com_3000.csv", &words);

  std::vector<training::Example> examples;
  std::size_t names = 0;
  for (const auto& [word, count] : words) {
    if (word.size() < 2 || word.size() > NameModel::kLongestWord) continue;
    training::Example example;
    ForEachNameFeature(word, arguments.buckets,
                       [&](std::uint32_t f) { example.features.push_back(f); });
    const auto weight = [](double n) {
      return n > 0 ? static_cast<float>(std::log2(1 + n)) : 0.0F;
    };
    // An ordinary word that is somebody's name as well proves nothing.
    constexpr double kOrdinary = 5;
    const float name_weight = count.other >= kOrdinary ? 1 : arguments.name_weight;
    example.yes = name_weight * weight(count.name);
    example.no = weight(count.other);
    names += example.yes > example.no ? 1 : 0;
    examples.push_back(std::move(example));
  }
  std::printf("%zu words, %zu of them mostly names\n", examples.size(), names);
  return examples;
}

NameModel Train(const Arguments& arguments, std::vector<training::Example> examples) {
  training::LogisticSettings settings;
  settings.buckets = arguments.buckets;
  settings.epochs = arguments.epochs;
  settings.rate = arguments.rate;
  settings.decay = arguments.decay;
  settings.first_square = 1e-4F;
  settings.seed = arguments.seed;
  training::Logistic model = training::TrainLogistic(
      settings, std::move(examples), [](int epoch, double loss, double right) {
        if (epoch % 5 == 0) {
          std::printf("epoch %d: loss %.4f, right %.2f %%\n", epoch, loss, 100.0 * right);
        }
      });
  return {static_cast<std::int32_t>(std::lround(model.bias / model.scale)), model.scale,
          std::move(model.weights)};
}

}  // namespace
}  // namespace cxscribe::redaction

int main(int argc, char** argv) {
  using namespace cxscribe::redaction;
  Arguments arguments;
  bool ask = false;
  CLI::App cli("names-train: from names and from ordinary words to a name model");
  cli.add_option("--data", arguments.data, "folder of the corpora");
  cli.add_option("--lists", arguments.lists, "folder of names.txt and not_names.txt");
  cli.add_option("--out", arguments.out, "the model file");
  cli.add_option("--buckets", arguments.buckets, "a power of two")->capture_default_str();
  cli.add_option("--epochs", arguments.epochs)->capture_default_str();
  cli.add_option("--rate", arguments.rate)->capture_default_str();
  cli.add_option("--decay", arguments.decay)->capture_default_str();
  cli.add_option("--name-weight", arguments.name_weight)->capture_default_str();
  cli.add_option("--hold-out", arguments.hold_out)->capture_default_str();
  cli.add_option("--seed", arguments.seed)->capture_default_str();
  cli.add_flag("--ask", ask,
               "train nothing; print what --out or the built-in model says of each line");
  CLI11_PARSE(cli, argc, argv);
  try {
    if (ask) {
      std::string bytes;
      if (!arguments.out.empty()) {
        std::ifstream file(arguments.out, std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(file), {});
      }
      const auto own = NameModel::Read(bytes);
      const NameModel& model = own ? *own : NameModel::English();
      cxscribe::training::ReadLines("/dev/stdin", [&model](std::string_view word) {
        std::printf("%6.2f %.*s\n", static_cast<double>(model.LogOdds(word)),
                    static_cast<int>(word.size()), word.data());
      });
      return 0;
    }
    const NameModel model = Train(arguments, MakeExamples(arguments));
    std::ofstream file(arguments.out, std::ios::binary);
    file << model.Write();
    file.close();
    if (!file) throw std::runtime_error(arguments.out + " cannot be written");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "names-train: %s\n", error.what());
    return 1;
  }
  return 0;
}
