// The words of a text with where they stand, what they mean, and whether marks separate them.
//
//   const Words words(text);
//   if (words.Is(i, "dollars") && words.Joined(i)) ...
//
// A word is what stands between white space, without the marks at its edges; "twenty-three" is two,
// a mask is one.
// Masks ("[PHONE]", "[card number]", "****") and whatever else holds brackets or symbols are words
// that mean nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/inverse_text_normalisation/lexicon.h"

namespace cxscribe::itn {

struct Word {
  std::uint32_t begin = 0;  // bytes into the text, marks excluded
  std::uint32_t end = 0;
  Lexeme lexeme;
  bool joined = false;  // white space or a hyphen alone stands between it and the word before
  bool in_run = false;  // see RunEnd
};

class Words {
 public:
  // `text`: any bytes, below 4 GiB; must outlive this. Linear.
  explicit Words(std::string_view text);

  std::size_t size() const { return words_.size(); }
  const Word& operator[](std::size_t i) const { return words_[i]; }
  // As written, and in ASCII lower case.
  std::string_view Written(std::size_t i) const { return Cut(text_, i); }
  std::string_view Lower(std::size_t i) const { return Cut(lower_, i); }

  // Below: false, or kOther, for an `i` that is out of range, so that a reader may look over an edge.
  bool Is(std::size_t i, std::string_view lower) const { return i < size() && Lower(i) == lower; }
  bool Joined(std::size_t i) const { return i < size() && words_[i].joined; }
  // Joined to the word before, and `lower`.
  bool Then(std::size_t i, std::string_view lower) const { return Joined(i) && Lower(i) == lower; }
  Lexeme At(std::size_t i) const { return i < size() ? words_[i].lexeme : Lexeme{}; }
  // The lexeme of a word that is joined to the one before.
  Lexeme Next(std::size_t i) const { return Joined(i) ? words_[i].lexeme : Lexeme{}; }
  // Whether only a comma stands between it and the word before.
  bool AfterComma(std::size_t i) const;
  // Whether it holds a figure: written already.
  bool HasFigure(std::size_t i) const;

  // A number, said or written.
  bool IsNumberAt(std::size_t i) const { return InRun(i) || HasFigure(i); }

  // Number words that are joined to each other, with the "oh", "double", "point" and "and" among
  // them, are one run: one number, several, or something that is not understood.
  bool InRun(std::size_t i) const { return i < size() && words_[i].in_run; }
  // One past the run's last word; `i` where no run is.
  std::size_t RunEnd(std::size_t i) const { return InRun(i) ? run_end_[i] : i; }
  // Whether the run that `i` may be in has a word before `i`.
  bool RunGoesBack(std::size_t i) const { return Joined(i) && InRun(i) && InRun(i - 1); }

 private:
  std::string_view Cut(std::string_view from, std::size_t i) const {
    return from.substr(words_[i].begin, words_[i].end - words_[i].begin);
  }
  void AddChunk(std::size_t begin, std::size_t end, bool* marks);
  bool Runs(std::size_t i) const;
  void FindRuns();

  std::string_view text_;
  std::string lower_;  // same length
  std::vector<Word> words_;
  std::vector<std::uint32_t> run_end_;
};

}  // namespace cxscribe::itn
