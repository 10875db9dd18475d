#include "plugins/inverse_text_normalisation/words.h"

#include <algorithm>

namespace cxscribe::itn {
namespace {

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// Not a mark at a word's edge. The signs are those of what is written in figures already.
bool IsCore(char c) {
  return (c >= 'a' && c <= 'z') || IsDigit(c) || static_cast<unsigned char>(c) >= 0x80 ||
         c == '$' || c == '%' || c == '+';
}

// Whether each part between the hyphens of `core` is a number word.
bool IsCompound(std::string_view core) {
  while (true) {
    const std::size_t hyphen = core.find('-');
    if (!IsNumber(LexemeOf(core.substr(0, hyphen)))) return false;
    if (hyphen == core.npos) return true;
    core.remove_prefix(hyphen + 1);
  }
}

// A mask of more words is none: somebody forgot a bracket.
constexpr std::size_t kLongestMask = 8;

// "[card number]": where the mask ends that the word [begin, end) opens and does not close; `end`
// where it opens none. "<" alone is an arithmetic sign.
std::size_t EndOfMask(std::string_view text, std::size_t begin, std::size_t end) {
  constexpr std::string_view kBrackets = "[]<>{}";
  const std::string_view word = text.substr(begin, end - begin);
  const std::size_t last = word.find_last_of(kBrackets);
  if (last == word.npos || word == "<") return end;
  const std::size_t kind = kBrackets.find(word[last]);
  if (kind % 2 != 0) return end;  // it closes
  std::size_t at = end;
  for (std::size_t words = 1; words < kLongestMask; ++words) {
    while (at < text.size() && IsSpace(text[at])) ++at;
    for (; at < text.size() && !IsSpace(text[at]); ++at) {
      if (kBrackets.find(text[at]) == kBrackets.npos) continue;
      if (text[at] != kBrackets[kind + 1]) return end;
      while (at < text.size() && !IsSpace(text[at])) ++at;
      return at;
    }
  }
  return end;
}

}  // namespace

Words::Words(std::string_view text) : text_(text), lower_(text) {
  for (char& c : lower_) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  bool marks = true;  // between the word before and the next
  for (std::size_t i = 0; i < lower_.size();) {
    if (IsSpace(lower_[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < lower_.size() && !IsSpace(lower_[i])) ++i;
    i = EndOfMask(lower_, begin, i);
    AddChunk(begin, i, &marks);
  }
  FindRuns();
}

void Words::AddChunk(std::size_t begin, std::size_t end, bool* marks) {
  const std::string_view chunk = std::string_view(lower_).substr(begin, end - begin);
  const auto add = [this, marks](std::size_t from, std::size_t to, Lexeme lexeme) {
    words_.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), lexeme,
                      /*joined=*/!*marks, /*in_run=*/false});
    *marks = false;
  };
  if (chunk.find_first_of("[]<>{}*#@") != chunk.npos) {
    add(begin, end, {});
    *marks = !IsCore(chunk.back());
    return;
  }
  auto first =
      static_cast<std::size_t>(std::find_if(chunk.begin(), chunk.end(), IsCore) - chunk.begin());
  const bool negative = first == 1 && chunk[0] == '-' && IsDigit(chunk[1]);
  if (negative) first = 0;
  if (first == chunk.size()) {  // marks alone
    *marks = true;
    return;
  }
  const auto past = static_cast<std::size_t>(
      std::find_if(chunk.rbegin(), chunk.rend(), IsCore).base() - chunk.begin());
  const std::string_view core = chunk.substr(first, past - first);
  if (first > 0) *marks = true;
  if (core.find('-') != core.npos && IsCompound(core)) {
    for (std::size_t at = 0; at < core.size();) {
      const std::size_t hyphen = std::min(core.find('-', at), core.size());
      add(begin + first + at, begin + first + hyphen, LexemeOf(core.substr(at, hyphen - at)));
      at = hyphen + 1;
    }
  } else {
    // "twenty-" is a word that was broken off.
    const bool broken = past < chunk.size() && chunk[past] == '-';
    add(begin + first, begin + past, broken ? Lexeme{} : LexemeOf(core));
  }
  if (past < chunk.size()) *marks = true;
}

// The words before `i` are known; of those after it, only what they are alone matters.
bool Words::Runs(std::size_t i) const {
  const bool after = Joined(i) && words_[i - 1].in_run;
  const Kind next = Next(i + 1).kind;
  switch (words_[i].lexeme.kind) {
    case Kind::kOh:
      return after || next == Kind::kDigit;
    case Kind::kRepeat:
      return next == Kind::kDigit || next == Kind::kOh;
    case Kind::kOther: {
      if (!after) return false;
      const bool number_follows = IsNumber(Next(i + 1)) || next == Kind::kOh;
      const Kind before = words_[i - 1].lexeme.kind;
      if (Lower(i) == "point") return number_follows;
      return Lower(i) == "and" && IsNumber(Next(i + 1)) &&
             (before == Kind::kHundred || before == Kind::kScale);
    }
    default:
      return IsNumber(words_[i].lexeme);
  }
}

void Words::FindRuns() {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i].in_run = Runs(i);
  run_end_.resize(words_.size());
  for (std::size_t i = words_.size(); i-- > 0;) {
    const bool goes_on = Joined(i + 1) && InRun(i + 1);
    run_end_[i] = goes_on ? run_end_[i + 1] : static_cast<std::uint32_t>(i + 1);
  }
}

bool Words::AfterComma(std::size_t i) const {
  if (i == 0 || i >= size()) return false;
  const std::string_view between =
      text_.substr(words_[i - 1].end, words_[i].begin - words_[i - 1].end);
  return between.size() > 1 && between[0] == ',' &&
         std::all_of(between.begin() + 1, between.end(), IsSpace);
}

bool Words::HasFigure(std::size_t i) const {
  if (i >= size()) return false;
  const std::string_view word = Written(i);
  return std::any_of(word.begin(), word.end(), IsDigit);
}

}  // namespace cxscribe::itn
