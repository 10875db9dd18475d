#include "plugins/redaction/language.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "plugins/redaction/vocabulary.h"
#include "plugins/redaction/word_table.h"

namespace cxscribe::redaction {
namespace {

class EnglishLanguage final : public Language {
 public:
  EnglishLanguage() : Language("en", "English", Grammar::kEnglish, EntitySet::All()) {}

  Lexeme LexemeOf(std::string_view word) const override { return redaction::LexemeOf(word); }
  std::size_t SplitNumber(std::string_view, std::size_t*) const override { return 0; }
  bool IsCopula(std::string_view word) const override { return word == "is"; }
  bool IsNumberWord(std::string_view word) const override {
    return word == "number" || word == "numbers" || word == "no" || word == "id" ||
           word == "code" || word == "num";
  }
  const std::vector<Cue>& cues() const override { return Cues(); }
  const std::vector<Phrase>& phrases() const override { return Phrases(); }
};

// The types whose detectors go by check digits, by form, or by what the cues of a vocabulary say.
EntitySet OfVocabularies() {
  EntitySet set;
  for (const Entity entity :
       {Entity::kCreditCard, Entity::kCardCode, Entity::kCardExpiry, Entity::kPhone, Entity::kEmail,
        Entity::kBirthDate, Entity::kIpAddress, Entity::kPin, Entity::kBankAccount, Entity::kIban,
        Entity::kSwiftCode, Entity::kNumberSequence}) {
    set.Add(entity);
  }
  return set;
}

// Calls `take` with each of the words between blanks.
template <typename Take>
void ForEach(std::string_view words, const Take& take) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (end > 0) take(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

bool Has(std::string_view words, std::string_view word) {
  bool has = false;
  ForEach(words, [&](std::string_view one) { has = has || one == word; });
  return has;
}

class OtherLanguage final : public Language {
 public:
  explicit OtherLanguage(Vocabulary vocabulary)
      : Language(vocabulary.tag, vocabulary.name, vocabulary.grammar, OfVocabularies()),
        vocabulary_(std::move(vocabulary)),
        cues_(MakeCues(vocabulary_.cues)),
        phrases_(MakePhrases(vocabulary_.pauses, vocabulary_.corrections)) {
    joiner_ = vocabulary_.joiner;
    bound_one_ = vocabulary_.bound_one;
    joins_hundreds_ = vocabulary_.joins_hundreds;
    compounds_ = vocabulary_.compounds;
    FillTable();
  }

  Lexeme LexemeOf(std::string_view word) const override {
    if (word.size() > Table::kLongest) {
      const auto found = long_words_.find(word);
      return found != long_words_.end() ? found->second : Lexeme{};
    }
    const Lexeme* const known = table_.Find(word);
    return known != nullptr ? *known : Lexeme{};
  }

  std::size_t SplitNumber(std::string_view word, std::size_t* sizes) const override {
    if (!compounds_ || !MayBeCompound(word)) return 0;
    std::size_t parts = 0;
    while (!word.empty()) {
      std::size_t size = std::min(word.size(), Table::kLongest);
      while (size > 0 && !IsPart(word.substr(0, size))) --size;
      if (size == 0 || parts == kMostParts) return 0;
      sizes[parts++] = size;
      word.remove_prefix(size);
    }
    return parts;
  }

  bool IsCopula(std::string_view word) const override { return Has(vocabulary_.copulas, word); }
  bool IsNumberWord(std::string_view word) const override {
    return Has(vocabulary_.number_words, word);
  }
  const std::vector<Cue>& cues() const override { return cues_; }
  const std::vector<Phrase>& phrases() const override { return phrases_; }

 private:
  using Table = WordTable<Lexeme, 2048>;

  // `word` lives as long as the vocabulary's literals.
  Lexeme& Word(std::string_view word) {
    return word.size() > Table::kLongest ? long_words_[word] : table_[word];
  }

  void FillTable() {
    for (const auto& [kind, words] : vocabulary_.talk) {
      ForEach(words, [this, kind = kind](std::string_view word) { Word(word).kind = kind; });
    }
    for (const Vocabulary::Numbers& numbers : vocabulary_.numbers) {
      std::uint8_t value = numbers.first;
      ForEach(numbers.words, [&](std::string_view word) {
        Word(word).kind = numbers.kind;
        Word(word).value = value;
        value = static_cast<std::uint8_t>(value + numbers.step);
      });
    }
    for (const Vocabulary::Hints& hints : vocabulary_.hints) {
      std::uint8_t value = hints.first;
      ForEach(hints.words, [&](std::string_view word) {
        Lexeme& lexeme = Word(word);
        lexeme.hints = static_cast<std::uint8_t>(lexeme.hints | hints.hint);
        if (value > 0) lexeme.value = value;
        value = static_cast<std::uint8_t>(value + hints.step);
      });
    }
    for (const auto& [sign, words] : vocabulary_.signs) {
      ForEach(words, [this, sign = sign](std::string_view word) { Word(word).sign = sign; });
    }
    for (std::size_t i = cues_.size(); i-- > 0;) {
      Word(cues_[i].words[0]).cue = static_cast<std::uint16_t>(i + 1);
    }
    for (std::size_t i = phrases_.size(); i-- > 0;) {
      Word(phrases_[i].words[0]).phrase = static_cast<std::uint16_t>(i + 1);
    }
  }

  static bool MayBeCompound(std::string_view word) {
    constexpr std::size_t kShortest = 8;
    if (word.size() < kShortest || word.size() > kMostParts * Table::kLongest) return false;
    for (const std::string_view sign : {"und", "tausend", "doppel"}) {
      if (word.find(sign) != std::string_view::npos) return true;
    }
    return false;
  }

  bool IsPart(std::string_view word) const {
    const Lexeme* const known = table_.Find(word);
    return word == vocabulary_.joiner || (known != nullptr && known->kind >= LexemeKind::kDigit &&
                                          known->kind <= LexemeKind::kRepeat);
  }

  Vocabulary vocabulary_;
  std::vector<Cue> cues_;
  std::vector<Phrase> phrases_;
  Table table_;
  std::unordered_map<std::string_view, Lexeme> long_words_;
};

}  // namespace

const Language& Language::English() {
  static const Language* const english = new EnglishLanguage();  // never freed
  return *english;
}

const std::vector<const Language*>& Language::All() {
  static const auto* const all = new std::vector<const Language*>{
      &English(), new OtherLanguage(Spanish()), new OtherLanguage(French()),
      new OtherLanguage(German()), new OtherLanguage(Portuguese())};
  return *all;
}

}  // namespace cxscribe::redaction
