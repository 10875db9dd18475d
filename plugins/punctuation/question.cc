#include "plugins/punctuation/question.h"

#include <unordered_set>

namespace cxscribe::punctuation {
namespace {

using WordSet = std::unordered_set<std::string_view>;

bool In(const WordSet& set, std::string_view word) { return set.count(word) != 0; }

// What may stand before a question without changing that it is one.
const WordSet& Openers() {
  static const WordSet* const set =
      new WordSet{"okay",    "ok",       "so",   "and",     "but",    "well",  "um",    "uh",
                  "er",      "oh",       "ah",   "yeah",    "yes",    "no",    "right", "sure",
                  "great",   "alright",  "hi",   "hello",   "hey",    "sorry", "now",   "then",
                  "perfect", "thanks",   "also", "or",      "hmm",    "mm",    "sir",   "ma'am",
                  "wait",    "actually", "like", "because", "please", "good",  "again"};
  return *set;
}

const WordSet& Subjects() {
  static const WordSet* const set = new WordSet{
      "i",        "you",     "he",      "she",      "it",       "we",         "they",
      "there",    "this",    "that",    "these",    "those",    "the",        "your",
      "my",       "our",     "his",     "her",      "their",    "a",          "an",
      "anyone",   "anybody", "someone", "somebody", "anything", "everything", "something",
      "everyone", "all",     "any",     "both",     "either",   "y'all"};
  return *set;
}

const WordSet& Pronouns() {
  static const WordSet* const set = new WordSet{
      "i", "you", "he", "she", "it", "we", "they", "there", "that", "this", "anyone", "anything"};
  return *set;
}

// Verbs that stand before their subject in a question.
const WordSet& Auxiliaries() {
  static const WordSet* const set = new WordSet{
      "is",      "are",     "was",    "were",  "am",       "do",     "does",     "did",
      "can",     "could",   "will",   "would", "should",   "shall",  "may",      "might",
      "must",    "have",    "has",    "had",   "isn't",    "aren't", "wasn't",   "weren't",
      "don't",   "doesn't", "didn't", "can't", "couldn't", "won't",  "wouldn't", "shouldn't",
      "haven't", "hasn't",  "hadn't", "ain't"};
  return *set;
}

class Sentence {
 public:
  Sentence(const std::vector<Word>& words, std::size_t begin, std::size_t end)
      : words_(words), begin_(begin), end_(end) {}

  std::string_view At(std::size_t i) const {
    return begin_ + i < end_ ? std::string_view(words_[begin_ + i].core) : std::string_view();
  }
  std::string_view FromEnd(std::size_t i) const {
    return i < size() ? std::string_view(words_[end_ - 1 - i].core) : std::string_view();
  }
  std::size_t size() const { return end_ - begin_; }

 private:
  const std::vector<Word>& words_;
  std::size_t begin_;
  std::size_t end_;
};

// "can i", "do you", "is there", "are the".
bool IsInversion(std::string_view verb, std::string_view subject) {
  if (!In(Auxiliaries(), verb)) return false;
  // "do it again", "do the dishes", "have a good day", "may the ..." are not asked.
  if (verb == "do" || verb == "have" || verb == "may" || verb == "might" || verb == "must" ||
      verb == "don't") {
    return subject == "i" || subject == "you" || subject == "we" || subject == "they" ||
           (verb != "have" && verb != "don't" && (subject == "he" || subject == "she")) ||
           (verb == "do" && (subject == "the" || subject == "my" || subject == "your" ||
                             subject == "any" || subject == "those" || subject == "these"));
  }
  return In(Subjects(), subject);
}

bool IsContractedIs(std::string_view word, std::string_view stem) {
  return word.size() == stem.size() + 2 && word.substr(0, stem.size()) == stem &&
         (word.substr(stem.size()) == "'s" || word.substr(stem.size()) == "'d");
}

// Whether the sentence asks from word i on.
bool AsksAt(const Sentence& s, std::size_t i) {
  const std::string_view word = s.At(i);
  const std::string_view next = s.At(i + 1);
  const bool verb_next = In(Auxiliaries(), next);
  if (word == "what" || word == "who" || word == "whom" || word == "whose" || word == "why") {
    if (word == "what" && (next == "a" || next == "an" || next == "the")) {
      return false;  // "what a day", "what the ..."
    }
    if (word == "why" && next == "not") return true;
    if (word == "what" && next == "happened" && (s.At(i + 2) == "was" || s.At(i + 2) == "is")) {
      return false;
    }
    // "what i want is", "who i spoke to", "why i called": a clause, not a question.
    return !In(Pronouns(), next) || next == "that" || next == "this";
  }
  if (word == "when" || word == "where") {
    return verb_next || next == "about" || next == "exactly" || next.empty() || next == "else";
  }
  if (word == "how") {
    return verb_next || next == "about" || next == "much" || next == "many" || next == "long" ||
           next == "far" || next == "often" || next == "old" || next == "come" || next == "soon" ||
           next == "big" || next == "so" || next == "else" || next == "exactly" || next.empty() ||
           next == "early" || next == "late" || next == "high" || next == "low";
  }
  if (word == "which") {
    // "which is fine" goes on about what was said before.
    return !verb_next && !In(Pronouns(), next) && next != "means" && next != "makes" &&
           !next.empty();
  }
  for (const std::string_view stem : {"what", "who", "where", "how", "when", "why"}) {
    if (IsContractedIs(word, stem)) return true;
  }
  if (word == "what're" || word == "what'll" || word == "where're") return true;
  if (word == "any" && (next == "other" || next == "idea" || next == "chance" ||
                        next == "questions" || next == "more")) {
    return true;
  }
  if (word == "anything" && next == "else") return true;
  if (In(Auxiliaries(), word)) {
    if (IsInversion(word, next)) return true;
    // "is john there", "does friday work", "did somebody call": with nobody named before, it is
    // asked.
    const bool strong = word == "is" || word == "are" || word == "does" || word == "did" ||
                        word == "was" || word == "were" || word == "isn't" || word == "doesn't" ||
                        word == "can" || word == "could" || word == "will" || word == "would" ||
                        word == "should";
    return strong && !next.empty() && next != "not" && next != "be" && next != "do" && i == 0;
  }
  return false;
}

// "..., right", "..., isn't it", "..., is that correct".
bool EndsInTag(const Sentence& s) {
  const std::string_view last = s.FromEnd(0);
  const std::string_view before = s.FromEnd(1);
  if (In(Pronouns(), last) && In(Auxiliaries(), before) && before.size() > 3 &&
      before.substr(before.size() - 3) == "n't") {
    return true;
  }
  if (last == "right" || last == "correct") {
    if (before == "that" && (s.FromEnd(2) == "is")) return true;
    constexpr std::size_t kFewest = 5;
    return last == "right" && s.size() >= kFewest && before != "all" && before != "that's" &&
           before != "you're" && before != "is" && before != "the" && before != "it" &&
           before != "was" && before != "quite" && before != "not" && before != "yeah" &&
           before != "right" && before != "are" && before != "it's" && before != "on" &&
           before != "to" && before != "your" && before != "my" && before != "be" &&
           before != "got";
  }
  return false;
}

// A request at the end of a longer sentence: "thank you for calling how can i help you".
bool AsksLater(const Sentence& s) {
  for (std::size_t i = 1; i + 1 < s.size(); ++i) {
    const std::string_view before = s.At(i - 1);
    const std::string_view word = s.At(i);
    const std::string_view next = s.At(i + 1);
    const bool polite =
        (word == "can" || word == "could" || word == "may" || word == "would" || word == "do" ||
         word == "did" || word == "are" || word == "will" || word == "have") &&
        (next == "you" || (next == "i" && word != "do" && word != "did"));
    const bool asked_thing =
        (word == "what" && (next == "is" || next == "was")) || word == "what's";
    if (polite) {
      if (before == "how" || before == "what" || before == "where" || before == "when" ||
          before == "why" || before == "who") {
        return true;
      }
      // "as you can i ...", "all they do you ...": the verb belongs to what stands before.
      static const WordSet* const kOwners =
          new WordSet{"i",  "you",    "he",   "she", "it", "we",      "they", "who", "as",  "than",
                      "if", "people", "what", "not", "to", "neither", "nor",  "so",  "all", "only"};
      if (!In(*kOwners, before)) return true;
    }
    if (asked_thing && (s.At(i + 2) == "your" || next == "your")) {
      // "tell me what your ..." is not inverted; "that's what is your" does not occur.
      return before != "know" && before != "see" && before != "that's";
    }
  }
  return false;
}

}  // namespace

bool IsQuestion(const std::vector<Word>& words, std::size_t begin, std::size_t end) {
  while (begin < end && words[begin].core.empty()) ++begin;
  const Sentence whole(words, begin, end);
  if (whole.size() == 0) return false;
  if (AsksAt(whole, 0)) return true;
  std::size_t first = 0;
  while (first + 1 < whole.size() &&
         (In(Openers(), whole.At(first)) ||
          (whole.At(first) == "thank" && whole.At(first + 1) == "you") ||
          (first > 0 && whole.At(first) == "you" && whole.At(first - 1) == "thank"))) {
    ++first;
  }
  if (first > 0 && AsksAt(Sentence(words, begin + first, end), 0)) return true;
  return EndsInTag(whole) || AsksLater(whole);
}

}  // namespace cxscribe::punctuation
