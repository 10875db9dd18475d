#include "plugins/punctuation/writer.h"

#include <algorithm>
#include <utf8proc.h>

#include "plugins/punctuation/cohesion.h"

namespace cxscribe::punctuation {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
char Upper(char c) { return IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

// Everything that is no mark and no space can be a letter of some script.
bool IsWordByte(char c) {
  return IsUpper(c) || IsLower(c) || IsDigit(c) || static_cast<unsigned char>(c) >= 0x80;
}

// The character at `at`, and its bytes; 0 bytes where it is no UTF-8.
struct Character {
  utf8proc_int32_t code = 0;
  std::size_t size = 0;
};
Character CharacterAt(std::string_view text, std::size_t at) {
  Character character;
  const auto size =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                       static_cast<utf8proc_ssize_t>(text.size() - at), &character.code);
  character.size = size > 0 ? static_cast<std::size_t>(size) : 0;
  return character;
}

bool IsLetterOrNumber(utf8proc_int32_t code) {
  const utf8proc_category_t category = utf8proc_category(code);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

// Its capital, but for the few that would not become this letter again ("\u0131" is no small "I").
void Capitalise(std::string* word, std::size_t at, const Character& character) {
  const utf8proc_int32_t capital = utf8proc_totitle(character.code);
  if (capital == character.code || utf8proc_tolower(capital) != character.code) return;
  utf8proc_uint8_t bytes[4];
  const auto size = static_cast<std::size_t>(utf8proc_encode_char(capital, bytes));
  word->replace(at, character.size, reinterpret_cast<const char*>(bytes), size);
}

// The first letter of [begin, end); none where a number comes before it.
void CapitaliseFirst(std::string* word, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end;) {
    const Character character = CharacterAt(*word, i);
    if (character.size == 0) return;
    if (IsLetterOrNumber(character.code)) {
      Capitalise(word, i, character);
      return;
    }
    i += character.size;
  }
}

// "smith-jones": every part of it.
void CapitaliseParts(std::string* word) {
  std::size_t begin = 0;
  while (begin < word->size()) {
    const std::size_t end = std::min(word->find('-', begin), word->size());
    CapitaliseFirst(word, begin, end);
    begin = end + 1;
  }
}

// "ceo's": all but the s of a possessive.
void CapitaliseAll(std::string* word) {
  std::size_t end = word->size();
  while (end > 0 && !IsWordByte((*word)[end - 1])) --end;
  const std::size_t apostrophe = word->rfind('\'', end);
  if (apostrophe != word->npos && apostrophe + 2 == end && (*word)[end - 1] == 's' &&
      apostrophe > 0) {
    end = apostrophe;
  }
  for (std::size_t i = 0; i < end;) {
    const Character character = CharacterAt(*word, i);
    if (character.size == 0) return;
    const std::size_t before = word->size();
    Capitalise(word, i, character);
    end = end + word->size() - before;
    i += CharacterAt(*word, i).size;
  }
}

// As `form` is written, letter by letter; false where it is another word.
bool TakeForm(std::string* word, std::string_view form) {
  const auto same = [](char a, char b) { return a == b || a == Upper(b) || Upper(a) == b; };
  const auto at = std::search(word->begin(), word->end(), form.begin(), form.end(), same);
  if (form.empty() || at == word->end()) return false;
  std::transform(form.begin(), form.end(), at, at, [](char wanted, char is) {
    return IsUpper(wanted) ? wanted : is;  // letters become upper case, never lower
  });
  return true;
}

void WriteCase(const Decision& decision, std::string* word) {
  switch (decision.letters) {
    case Case::kLower:
      break;
    case Case::kFirst:
      CapitaliseFirst(word, 0, word->size());
      break;
    case Case::kUpper:
      CapitaliseAll(word);
      break;
    case Case::kMixed:
      if (!TakeForm(word, decision.form)) CapitaliseParts(word);
      break;
  }
}

char CharacterOf(Mark mark) {
  constexpr char kCharacters[] = {0, ',', '.', '?'};
  return kCharacters[static_cast<std::size_t>(mark)];
}

// An address or a path is not prose: "jane.doe@example.com", "www.example.com".
bool IsAddress(std::string_view written) {
  return written.find_first_of("@/\\_") != written.npos ||
         (written.find('.') != written.npos && written.find('.') + 1 < written.size() &&
          IsLower(written[written.find('.') + 1]));
}

// Whether a word of the text, which has become `written`, is this word of the source.
bool IsSame(const Word& in_text, std::string_view written, const Word& in_source,
            std::string_view source) {
  if (in_text.mask) return written.substr(0, source.size()) == source;
  return !in_source.mask && in_text.core == in_source.core &&
         (!in_source.core.empty() || in_text.marks == in_source.marks);
}

}  // namespace

Punctuated Write(std::string_view text, const std::vector<Word>& words,
                 const std::vector<Decision>& decisions) {
  Punctuated result;
  result.words.reserve(words.size());
  std::size_t copied = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words[i];
    std::string written(text.substr(word.begin, word.end - word.begin));
    WriteCase(decisions[i], &written);
    if (const char mark = CharacterOf(decisions[i].mark); mark != 0) written += mark;
    result.text.append(text, copied, word.begin - copied);
    result.text += written;
    copied = word.end;
    result.words.push_back(std::move(written));
  }
  result.text.append(text, copied);
  return result;
}

bool HasMark(const Word& word) { return word.marks.find_first_of(".?!,;:-") != word.marks.npos; }

bool IsProse(std::string_view text, const Word& word) {
  return !word.mask && !word.core.empty() &&
         (IsInitials(word) || !IsAddress(text.substr(word.begin, word.end - word.begin)));
}

bool WritesCapitals(std::string_view text, const std::vector<Word>& words) {
  return std::any_of(words.begin(), words.end(), [text](const Word& word) {
    if (word.mask || word.core == "i" || word.core.substr(0, 2) == "i'") return false;
    const std::string_view written = text.substr(word.begin, word.end - word.begin);
    return std::any_of(written.begin(), written.end(), IsUpper);
  });
}

std::vector<std::string> FollowText(const std::vector<Word>& text_words, const Punctuated& result,
                                    const std::vector<std::string_view>& source) {
  // Sources cut words differently now and then ("t mobile"); look a little ahead, then give the
  // word up.
  constexpr std::size_t kLookAhead = 4;
  std::vector<std::string> followed;
  followed.reserve(source.size());
  std::size_t next = 0;
  for (const std::string_view word : source) {
    std::string text(word);
    const std::vector<Word> parts = SplitWords(word);
    if (parts.size() == 1 && parts[0].begin == 0 && parts[0].end == word.size()) {
      const std::size_t limit = std::min(text_words.size(), next + kLookAhead);
      for (std::size_t k = next; k < limit; ++k) {
        if (IsSame(text_words[k], result.words[k], parts[0], word)) {
          text = result.words[k];
          next = k + 1;
          break;
        }
      }
    }
    followed.push_back(std::move(text));
  }
  return followed;
}

}  // namespace cxscribe::punctuation
