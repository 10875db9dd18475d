#include "tests/plugins_redaction/generator/script.h"

namespace cxscribe::calls {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

std::string Lower(std::string text) {
  for (char& c : text) {
    if (IsUpper(c)) c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// A user name or an address keeps its case at the start of a sentence.
bool IsPlainWord(std::string_view text) {
  for (const char c : text) {
    if (!IsLower(c) && !IsUpper(c) && c != '\'') return false;
  }
  return true;
}

std::string Capital(std::string text) {
  if (IsLower(text[0]) && IsPlainWord(text)) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

Call Write(const Script& script, bool with_marks) {
  Call call;
  for (const Line& line : script.lines) {
    if (line.words.empty()) continue;
    const std::size_t segment = call.segments.size();
    const std::size_t first_gold = call.gold.size();
    std::vector<int> owners;  // the entity of each gold span of this line
    std::string text;
    bool sentence_start = true;
    for (const Word& word : line.words) {
      if (!text.empty()) text += ' ';
      const std::size_t begin = text.size();
      if (!with_marks) {
        text += Lower(word.text);
      } else {
        text += sentence_start ? Capital(word.text) : word.text;
      }
      if (word.entity >= 0) {
        std::size_t known = 0;
        while (known < owners.size() && owners[known] != word.entity) ++known;
        if (known == owners.size()) {
          const Entity& entity = script.entities[static_cast<std::size_t>(word.entity)];
          owners.push_back(word.entity);
          call.gold.push_back({segment, begin, text.size(), entity.type, entity.keep});
        }
        call.gold[first_gold + known].end = text.size();
      }
      if (with_marks) text += word.after;
      sentence_start = word.after == "." || word.after == "?" || word.after == "!";
    }
    call.segments.push_back({line.speaker, std::move(text)});
  }
  return call;
}

}  // namespace cxscribe::calls
