#include "plugins/redaction/phrase_set.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utf8proc.h>

namespace cxscribe::redaction {
namespace {

// A word as phrases know it, with the tokens that it is made of: one, unless characters that cannot
// be seen stand in the middle of it.
struct Unit {
  TokenRange range;
  std::string folded;
};

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Unicode's compatibility case folding, without marks over letters; what is not UTF-8 stays.
std::string FoldUnicode(std::string_view text) {
  utf8proc_uint8_t* raw = nullptr;
  const auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_CASEFOLD | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                     UTF8PROC_STRIPMARK | UTF8PROC_IGNORE | UTF8PROC_STABLE);
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &raw, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(raw, &std::free);
  if (size < 0) return std::string(text);
  return {reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size)};
}

// "Zoë's" and "zoe" are the same, and so are "O'Brien" and "O’Brien".
std::string Fold(std::string_view lower) {
  std::string word(lower);
  constexpr std::string_view kApostrophes[] = {"\xE2\x80\x99", "\xE2\x80\x98"};
  for (const std::string_view apostrophe : kApostrophes) {
    for (std::size_t at = word.find(apostrophe); at != std::string::npos;
         at = word.find(apostrophe, at)) {
      word.replace(at, apostrophe.size(), "'");
    }
  }
  if (word.size() > 2 && word.compare(word.size() - 2, 2, "'s") == 0) word.resize(word.size() - 2);
  word.erase(std::remove(word.begin(), word.end(), '\''), word.end());
  return IsAscii(word) ? word : FoldUnicode(word);
}

bool IsWordLike(const Token& token) {
  return token.kind == TokenKind::kWord || token.kind == TokenKind::kDigits;
}

// Whether only what cannot be seen stands between two tokens.
bool Unseen(const Token& before, const Token& after) {
  return before.kind == TokenKind::kWord && after.kind == TokenKind::kWord &&
         before.segment == after.segment && !after.space_before && after.begin > before.end;
}

// Whether folding leaves a word of lower case as it is.
bool IsFolded(std::string_view lower) {
  return std::all_of(lower.begin(), lower.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\''; });
}

// The word that begins at token i. `unit` is used again from call to call, so that most words cost no
// allocation.
void ReadUnit(const Tokens& tokens, std::size_t i, Unit* unit) {
  std::size_t end = i + 1;
  while (end < tokens.size() && Unseen(tokens.list[end - 1], tokens.list[end])) ++end;
  unit->range = {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end)};
  if (end == i + 1) {
    const std::string_view lower = tokens.Text(i);
    if (IsFolded(lower)) {
      unit->folded.assign(lower);
    } else {
      unit->folded = Fold(lower);
    }
    return;
  }
  std::string joined;
  for (std::size_t k = i; k < end; ++k) joined += tokens.Text(k);
  unit->folded = Fold(joined);
}

bool IsHesitation(const Token& token) {
  return token.kind == TokenKind::kWord && token.lexeme.kind == LexemeKind::kHesitation;
}

std::uint64_t EdgeKey(std::uint32_t node, std::uint32_t word) {
  return static_cast<std::uint64_t>(node) << 32 | word;
}

}  // namespace

PhraseSet::PhraseSet(const std::vector<std::string_view>& phrases,
                     std::vector<std::pair<std::size_t, std::string>>* problems)
    : PhraseSet() {
  // Read as the text will be, so that both are cut into the same words.
  std::vector<Utterance> utterances;
  utterances.reserve(phrases.size());
  for (const std::string_view phrase : phrases) utterances.push_back({"", phrase});
  Pulse no_pulse({});
  const Tokens tokens = Tokenise(utterances, &no_pulse);
  std::size_t i = 0;
  for (std::size_t phrase = 0; phrase < phrases.size(); ++phrase) {
    std::vector<std::string> words;
    const char* problem = nullptr;
    while (i < tokens.size() && tokens.list[i].segment == static_cast<std::int32_t>(phrase)) {
      if (tokens.list[i].kind == TokenKind::kMask) problem = "reads like a mask";
      if (!IsWordLike(tokens.list[i]) || IsHesitation(tokens.list[i])) {
        ++i;
        continue;
      }
      Unit unit;
      ReadUnit(tokens, i, &unit);
      i = unit.range.end;
      words.push_back(std::move(unit.folded));
    }
    if (words.empty() && problem == nullptr) problem = "has no word in it";
    if (words.size() > kMostWords) problem = "has more than 16 words";
    if (problem != nullptr) problems->emplace_back(phrase, problem);
    told_.push_back(problem != nullptr ? kNone : Insert(words, static_cast<std::uint32_t>(phrase)));
  }
  Link();
}

std::uint32_t PhraseSet::Child(std::uint32_t node, std::uint32_t word) const {
  const auto found = edges_.find(EdgeKey(node, word));
  return found == edges_.end() ? kNone : found->second;
}

std::uint32_t PhraseSet::Insert(const std::vector<std::string>& words, std::uint32_t phrase) {
  std::uint32_t node = 0;
  for (const std::string& spelling : words) {
    auto word = words_.find(spelling);
    if (word == words_.end()) {
      spellings_.push_back(spelling);
      word = words_.emplace(spellings_.back(), static_cast<std::uint32_t>(words_.size())).first;
    }
    const auto [edge, added] =
        edges_.emplace(EdgeKey(node, word->second), static_cast<std::uint32_t>(nodes_.size()));
    if (added) {
      nodes_.emplace_back();
      nodes_.back().depth = nodes_[node].depth + 1;
    }
    node = edge->second;
  }
  if (nodes_[node].phrase == kNone) nodes_[node].phrase = phrase;
  return nodes_[node].phrase;
}

// Where to go on when a node has no edge for the next word. By depth, since a node's link is
// shallower than the node.
void PhraseSet::Link() {
  struct Edge {
    std::uint32_t parent, word, child;
  };
  std::vector<Edge> edges;
  edges.reserve(edges_.size());
  for (const auto& [key, child] : edges_) {
    edges.push_back(
        {static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key), child});
  }
  std::sort(edges.begin(), edges.end(), [this](const Edge& a, const Edge& b) {
    return nodes_[a.child].depth < nodes_[b.child].depth;
  });
  for (const Edge& edge : edges) {
    Node& node = nodes_[edge.child];
    if (edge.parent != 0) node.fail = Step(nodes_[edge.parent].fail, edge.word);
    node.longest = node.phrase != kNone ? edge.child : nodes_[node.fail].longest;
  }
}

std::uint32_t PhraseSet::Step(std::uint32_t node, std::uint32_t word) const {
  while (true) {
    if (const std::uint32_t child = Child(node, word); child != kNone) return child;
    if (node == 0) return 0;
    node = nodes_[node].fail;
  }
}

std::vector<PhraseMatch> PhraseSet::Find(const Tokens& tokens, Across across, Pulse* pulse) const {
  std::vector<PhraseMatch> matches;
  if (Empty()) return matches;
  std::vector<std::uint32_t> begins;  // of the words that the node stands for, and of some before
  std::uint32_t node = 0;
  std::int32_t segment = -1;
  Unit unit;
  for (std::size_t i = 0; i < tokens.size();) {
    pulse->Tick();
    const Token& token = tokens.list[i];
    const bool cut =
        token.kind == TokenKind::kMask || (across == Across::kNothing && token.segment != segment);
    segment = token.segment;
    if (cut) {
      node = 0;
      begins.clear();
    }
    if (!IsWordLike(token) || IsHesitation(token)) {
      ++i;
      continue;
    }
    ReadUnit(tokens, i, &unit);
    i = unit.range.end;
    const auto word = words_.find(unit.folded);
    node = word == words_.end() ? 0 : Step(node, word->second);
    if (node == 0) {
      begins.clear();
      continue;
    }
    begins.push_back(unit.range.begin);
    const std::uint32_t found = nodes_[node].longest;
    if (found == kNone) continue;
    const PhraseMatch match{{begins[begins.size() - nodes_[found].depth], unit.range.end},
                            nodes_[found].phrase};
    while (!matches.empty() && matches.back().range.begin >= match.range.begin) matches.pop_back();
    matches.push_back(match);
  }
  return matches;
}

}  // namespace cxscribe::redaction
