#include "plugins/diarization/handover.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "plugins/diarization/phrases.h"

namespace cxscribe::diarization {
namespace {

enum class Sign {
  kAnnounces,
  kIntroduces,
  kMayIntroduce,  // by what comes after it
  kGreets,
};

constexpr Phrases<Sign>::Row kPhrases[] = {
    {"transfer you", Sign::kAnnounces},
    {"transferring you", Sign::kAnnounces},
    {"transfer this call", Sign::kAnnounces},
    {"transfer your call", Sign::kAnnounces},
    {"put you through", Sign::kAnnounces},
    {"putting you through", Sign::kAnnounces},
    {"pass you over", Sign::kAnnounces},
    {"pass you on", Sign::kAnnounces},
    {"pass you through", Sign::kAnnounces},
    {"connect you", Sign::kAnnounces},
    {"connecting you", Sign::kAnnounces},
    {"get you over to", Sign::kAnnounces},
    {"bring in someone", Sign::kAnnounces},

    {"this is", Sign::kMayIntroduce},
    {"my name is", Sign::kIntroduces},
    {"my name's", Sign::kIntroduces},
    {"you're speaking with", Sign::kIntroduces},
    {"you're speaking to", Sign::kIntroduces},
    {"you're through to", Sign::kIntroduces},
    {"you are speaking with", Sign::kIntroduces},
    {"you are speaking to", Sign::kIntroduces},
    {"you are through to", Sign::kIntroduces},

    {"how can i help", Sign::kGreets},
    {"how may i help", Sign::kGreets},
    {"how can i assist", Sign::kGreets},
    {"how may i assist", Sign::kGreets},
    {"thank you for holding", Sign::kGreets},
    {"thanks for holding", Sign::kGreets},
    {"thank you for calling", Sign::kGreets},
    {"thanks for calling", Sign::kGreets},
};

// With these nobody's name begins: "this is what i found", "this is still kyle".
bool OpensNoName(const std::string& word) {
  static const auto* const kWords = new WordSet{
      "a",        "about",   "absolutely", "actually", "all",      "also",      "always",
      "an",       "and",     "another",    "as",       "at",       "basically", "because",
      "being",    "but",     "by",         "common",   "correct",  "different", "done",
      "due",      "easy",    "either",     "exactly",  "fine",     "for",       "free",
      "from",     "getting", "going",      "gonna",    "good",     "great",     "happening",
      "he",       "her",     "here",       "his",      "how",      "i",         "i'll",
      "i'm",      "if",      "important",  "in",       "included", "it",        "it's",
      "just",     "kind",    "like",       "maybe",    "more",     "mostly",    "my",
      "never",    "no",      "normal",     "not",      "now",      "of",        "okay",
      "on",       "one",     "only",       "or",       "our",      "part",      "perfect",
      "possible", "pretty",  "probably",   "quite",    "ready",    "really",    "regarding",
      "right",    "she",     "showing",    "so",       "some",     "something", "sort",
      "standard", "still",   "such",       "taking",   "that",     "their",     "them",
      "then",     "these",   "they",       "this",     "those",    "to",        "too",
      "true",     "under",   "until",      "urgent",   "usually",  "very",      "we",
      "what",     "what's",  "when",       "where",    "whether",  "which",     "who",
      "why",      "with",    "working",    "wrong",    "you",      "you're",    "your"};
  return IsDictated(word) || kWords->Has(word);
}

bool IsFiller(const std::string& word) { return word == "uh" || word == "um" || word == "er"; }

// "The billing department", of which the article has been said.
bool NamesATeam(WordSpan words) {
  constexpr std::size_t kMostWords = 4;
  static const auto* const kTeams =
      new WordSet{"branch", "centre", "center",  "department", "desk", "group", "helpdesk",
                  "line",   "office", "service", "services",   "team", "unit"};
  for (const std::string& word : words.first(std::min(words.size(), kMostWords))) {
    if (kTeams->Has(word)) return true;
  }
  return false;
}

// Of what follows "this is".
bool IsAName(WordSpan words) {
  while (!words.empty() && IsFiller(words.front())) words = words.subspan(1);
  if (words.empty()) return false;
  if (words.front() == "the") return NamesATeam(words.subspan(1));
  return !OpensNoName(words.front());
}

}  // namespace

Handover HandoverIn(WordSpan words) {
  static const auto* const table = new Phrases<Sign>(kPhrases);
  bool announces = false;
  bool introduces = false;
  bool greets = false;
  table->ForEach(words, [&](std::size_t, std::size_t end, Sign sign) {
    announces |= sign == Sign::kAnnounces;
    introduces |=
        sign == Sign::kIntroduces || (sign == Sign::kMayIntroduce && IsAName(words.subspan(end)));
    greets |= sign == Sign::kGreets;
  });
  if (introduces && greets) return Handover::kTakesOver;
  return announces ? Handover::kAnnounced : Handover::kNone;
}

}  // namespace cxscribe::diarization
