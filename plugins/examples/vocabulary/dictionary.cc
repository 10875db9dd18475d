#include "dictionary.h"

#include <algorithm>
#include <utility>

namespace vocabulary {
namespace {

bool IsWord(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::vector<Dictionary::Word> Dictionary::Split(std::string_view text) const {
  std::vector<Word> words;
  for (std::size_t i = 0; i < text.size();) {
    if (!IsWord(text[i])) {
      ++i;
      continue;
    }
    Word word = {"", i, i};
    for (; i < text.size() && IsWord(text[i]); ++i) {
      word.text.push_back(case_sensitive_ ? text[i] : Lower(text[i]));
    }
    word.end = i;
    words.push_back(std::move(word));
  }
  return words;
}

Dictionary Dictionary::Parse(std::string_view text, bool case_sensitive) {
  Dictionary dictionary;
  dictionary.case_sensitive_ = case_sensitive;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t tab = line.find('\t');
    std::vector<Word> words = dictionary.Split(line.substr(0, tab));
    if (tab == std::string_view::npos || tab + 1 == line.size() || words.empty()) {
      throw std::invalid_argument("line " + std::to_string(number) +
                                  " is not a term, a tab and a tag");
    }
    Term term;
    for (std::size_t i = 1; i < words.size(); ++i) term.rest.push_back(std::move(words[i].text));
    term.tag = std::string(line.substr(tab + 1));
    dictionary.terms_[words.front().text].push_back(std::move(term));
    ++dictionary.size_;
  }
  for (auto& entry : dictionary.terms_) {
    std::stable_sort(entry.second.begin(), entry.second.end(),
                     [](const Term& a, const Term& b) { return a.rest.size() > b.rest.size(); });
  }
  return dictionary;
}

std::vector<Match> Dictionary::Find(std::string_view text) const {
  const std::vector<Word> words = Split(text);
  std::vector<Match> matches;
  for (std::size_t i = 0; i < words.size();) {
    std::size_t taken = 1;
    const auto found = terms_.find(words[i].text);
    if (found != terms_.end()) {
      for (const Term& term : found->second) {
        const std::size_t left = words.size() - i - 1;
        if (term.rest.size() > left) continue;
        const auto same = [&](std::size_t k) { return term.rest[k] == words[i + 1 + k].text; };
        std::size_t k = 0;
        while (k < term.rest.size() && same(k)) ++k;
        if (k < term.rest.size()) continue;
        taken = 1 + term.rest.size();
        matches.push_back({words[i].begin, words[i + taken - 1].end, term.tag});
        break;
      }
    }
    i += taken;
  }
  return matches;
}

}  // namespace vocabulary
