// What a language gives to the detectors: what its words mean, the phrases that say what a number is,
// how its number words are put together, and which entity types are looked for in it.
//
// English has the detectors' own tables (lexicon, cues, phrases) and all types. The others have a
// Vocabulary, and the types whose detectors need no more than that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "plugins/redaction/cues.h"
#include "plugins/redaction/finding.h"
#include "plugins/redaction/fold.h"
#include "plugins/redaction/lexicon.h"
#include "plugins/redaction/phrases.h"

namespace cxscribe::redaction {

// How tens and ones make a number.
enum class Grammar : std::uint8_t {
  kEnglish,    // "forty one"
  kJoined,     // "cuarenta y uno": without the joiner they are two numbers
  kVigesimal,  // "quarante et un", "soixante-dix", "quatre-vingt-onze"
  kOnesFirst,  // "einundvierzig"
};

// Immutable, and one of each: lives until the program ends.
class Language {
 public:
  // Tokens that one word may be cut into: "neun tausend neun hundert neun und neunzig".
  static constexpr std::size_t kMostParts = 8;

  virtual ~Language() = default;
  Language(const Language&) = delete;
  Language& operator=(const Language&) = delete;

  static const Language& English();
  // All that are read, English first.
  static const std::vector<const Language*>& All();

  std::string_view tag() const { return tag_; }    // ISO 639-1: "es"
  std::string_view name() const { return name_; }  // in English: "Spanish"
  bool english() const { return grammar_ == Grammar::kEnglish; }
  Accents accents() const { return english() ? Accents::kKept : Accents::kFolded; }
  Grammar grammar() const { return grammar_; }
  // What stands between tens and ones, "y", and in some between hundreds and the rest.
  std::string_view joiner() const { return joiner_; }
  bool joins_hundreds() const { return joins_hundreds_; }
  // A word that is a one only within a number: "ein".
  std::string_view bound_one() const { return bound_one_; }
  // Whether it writes numbers in one word.
  bool compounds() const { return compounds_; }
  const EntitySet& looks_for() const { return looks_for_; }

  // `word` is plain text.
  virtual Lexeme LexemeOf(std::string_view word) const = 0;
  // Into how many parts a word for a number is cut, and their bytes; 0: it is not.
  virtual std::size_t SplitNumber(std::string_view word, std::size_t* sizes) const = 0;
  virtual bool IsCopula(std::string_view word) const = 0;
  virtual bool IsNumberWord(std::string_view word) const = 0;  // "number", "code"
  virtual const std::vector<Cue>& cues() const = 0;
  virtual const std::vector<Phrase>& phrases() const = 0;

 protected:
  Language(std::string_view tag, std::string_view name, Grammar grammar, EntitySet looks_for)
      : tag_(tag), name_(name), grammar_(grammar), looks_for_(looks_for) {}

  std::string_view joiner_;
  std::string_view bound_one_;
  bool joins_hundreds_ = false;
  bool compounds_ = false;

 private:
  std::string_view tag_;
  std::string_view name_;
  Grammar grammar_;
  EntitySet looks_for_;
};

}  // namespace cxscribe::redaction
