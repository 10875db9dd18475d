#include "plugins/redaction/phrases.h"

#include <algorithm>
#include <initializer_list>

namespace cxscribe::redaction {
namespace {

void Add(bool corrects, const std::vector<std::string_view>& texts, std::vector<Phrase>* out) {
  for (const std::string_view text : texts) {
    Phrase phrase;
    phrase.size = SplitWords(text, &phrase.words);
    phrase.corrects = corrects;
    out->push_back(phrase);
  }
}

std::vector<std::string_view> Pauses() {
  return {"got it",
          "got that",
          "got you",
          "go ahead",
          "go on",
          "all right",
          "thank you",
          "of course",
          "hold on",
          "hang on",
          "let me see",
          "you know",
          "i think",
          "i believe",
          "i see",
          "one second",
          "one moment",
          "one sec",
          "just a second",
          "just a moment",
          "just a sec",
          "just a minute",
          "a second",
          "keep going",
          "carry on",
          "take your time",
          "no problem",
          "followed by",
          "i'm ready",
          "i'm listening",
          "what's next",
          "that is",
          "i got it",
          "i got that",
          "i have that",
          "one more time",
          "with you",
          "let me check",
          "let me look",
          "let me get it",
          "let me get that",
          "let me find it",
          "give me a second",
          "give me a moment",
          "bear with me",
          "let's see",
          "got all that",
          "the next one is",
          "do you have that",
          "you got that",
          "i've got that",
          "i have it",
          "uh huh",
          "mm hmm",
          "if i can read it",
          "it says",
          "a moment",
          "a sec",
          "hold on a second",
          "hang on a second",
          "wait a second",
          "say again",
          "you ready",
          "are you ready",
          "my glasses",
          "yes that's right",
          "that's right",
          "that's correct",
          "the rest is",
          "the last is",
          "the last one is",
          "the rest"};
}

std::vector<std::string_view> Corrections() {
  return {"no",
          "no wait",
          "wait",
          "wait no",
          "no no",
          "no sorry",
          "sorry",
          "sorry no",
          "scratch that",
          "strike that",
          "correction",
          "make that",
          "i mean",
          "i meant",
          "oops",
          "my mistake",
          "my bad",
          "actually",
          "actually no",
          "start over",
          "let me start over",
          "let me start again",
          "let me repeat that",
          "let me try again",
          "let me try that again",
          "it should be",
          "should be",
          "rather",
          "excuse me",
          "that's not right",
          "that's wrong",
          "i said that wrong",
          "not that",
          "pardon me",
          "whoops",
          "no hang on",
          "no hold on",
          "wait wait",
          "sorry that's",
          "i misspoke",
          "i misread that",
          "i'm sorry",
          "oh sorry",
          "oh wait",
          "no i'm sorry",
          "wait sorry",
          "sorry wait",
          "wait a minute",
          "was it",
          "let me correct that",
          "let me say that again",
          "no make that"};
}

}  // namespace

std::vector<Phrase> MakePhrases(const std::vector<std::string_view>& pauses,
                                const std::vector<std::string_view>& corrections) {
  std::vector<Phrase> phrases;
  Add(false, pauses, &phrases);
  Add(true, corrections, &phrases);
  std::stable_sort(phrases.begin(), phrases.end(), [](const Phrase& a, const Phrase& b) {
    return a.words[0] != b.words[0] ? a.words[0] < b.words[0] : a.size > b.size;
  });
  for (std::size_t i = 0; i + 1 < phrases.size(); ++i) {
    phrases[i].more = phrases[i].words[0] == phrases[i + 1].words[0];
  }
  return phrases;
}

const std::vector<Phrase>& Phrases() {
  static const std::vector<Phrase>* const phrases =
      new std::vector<Phrase>(MakePhrases(Pauses(), Corrections()));
  return *phrases;  // never freed
}

}  // namespace cxscribe::redaction
