#include "plugins/punctuation/train/lexicon.h"

#include <algorithm>
#include <utility>

namespace cxscribe::punctuation {
namespace {

std::string LowerCase(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool IsPlain(const std::string& written) {
  return std::all_of(written.begin(), written.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '\'';
  });
}

}  // namespace

void Lexicon::Add(const Dialog& dialog) {
  for (const TrainingWord& word : dialog.words) {
    ++forms_[word.form];
    // Where any case is right, a sentence starts or nobody cared.
    if (word.cases != kAnyClass && IsPlain(word.written)) {
      ++spellings_[LowerCase(word.written)][word.written];
    }
  }
}

std::vector<std::string> Lexicon::Words(int at_least) const {
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [form, count] : forms_) {
    if (count >= at_least) order.emplace_back(-count, form);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::string> words;
  words.reserve(order.size());
  for (auto& [count, form] : order) words.push_back(std::move(form));
  return words;
}

std::vector<std::string> Lexicon::MixedForms(int at_least) const {
  std::vector<std::string> forms;
  for (const auto& [lower, spellings] : spellings_) {
    const auto best =
        std::max_element(spellings.begin(), spellings.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (best->second >= at_least && CaseOf(best->first) == Case::kMixed) {
      forms.push_back(best->first);
    }
  }
  return forms;
}

}  // namespace cxscribe::punctuation
