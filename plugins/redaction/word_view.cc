#include "plugins/redaction/word_view.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>
#include <unordered_map>
#include <utf8proc.h>

#include "plugins/redaction/name_model.h"

namespace cxscribe::redaction {
namespace {

using CueTable = std::unordered_map<std::string_view, NameCue>;

CueTable MakeCues() {
  CueTable cues;
  const auto add = [&cues](NameCue cue, std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) {
      [[maybe_unused]] const bool added = cues.emplace(word, cue).second;
      assert(added && "a word is one cue");
    }
  };
  add(NameCue::kOpener,
      {"yes",    "yeah", "yep",  "sure",   "it's",      "its",        "it",     "is",
       "okay",   "ok",   "of",   "course", "that",      "that's",     "thats",  "would",
       "be",     "so",   "well", "oh",     "certainly", "absolutely", "right",  "alright",
       "the",    "um",   "uh",   "was",    "and",       "under",      "should", "no",
       "please", "ya",   "here", "hmm",    "correct",   "sorry"});
  add(NameCue::kName, {"name", "names", "name's", "surname", "surnames", "nickname", "forename",
                       "beneficiary", "payee", "cardholder"});
  add(NameCue::kTitle, {"mister", "mr", "mrs", "ms", "missus", "mx"});
  add(NameCue::kRank, {"dr", "doctor", "miss", "professor", "prof", "sir", "madam", "madame",
                       "ma'am", "sister", "father", "reverend", "captain", "nurse"});
  add(NameCue::kIntro, {"this", "i", "i'm", "im", "am", "myself", "speaking", "i'am"});
  add(NameCue::kContact, {"speak", "talk", "spoke", "talked", "reach", "contact", "ask",
                          "attention", "attn", "met", "behalf", "holder", "sincerely", "spoken"});
  add(NameCue::kGreeting,
      {"hi", "hello", "hey", "thanks", "you", "dear", "goodbye", "welcome", "morning", "afternoon",
       "evening", "hiya", "cheers", "hai", "regards", "congratulations"});
  add(NameCue::kCalled, {"called", "named", "nicknamed", "said", "says", "told", "asked", "add"});
  // Never part of a name, whatever stands before them.
  add(NameCue::kNever,
      {"a",       "an",      "my",      "your",     "his",        "her",     "our",
       "their",   "me",      "he",      "she",      "we",         "they",    "him",
       "them",    "us",      "or",      "but",      "if",         "as",      "at",
       "in",      "on",      "to",      "for",      "from",       "with",    "by",
       "not",     "are",     "were",    "been",     "being",      "has",     "have",
       "had",     "do",      "does",    "did",      "can",        "could",   "may",
       "might",   "must",    "shall",   "there",    "where",      "when",    "who",
       "what",    "which",   "why",     "how",      "these",      "those",   "because",
       "just",    "very",    "too",     "also",     "about",      "into",    "out",
       "up",      "down",    "over",    "than",     "again",      "pardon",  "byebye",
       "love",    "darling", "mate",    "rang",     "bye",        "going",   "calling",
       "trying",  "looking", "having",  "getting",  "interested", "afraid",  "ready",
       "done",    "good",    "fine",    "great",    "available",  "trouble", "online",
       "first",   "last",    "full",    "middle",   "wrong",      "really",  "still",
       "now",     "only",    "even",    "any",      "some",       "all",     "every",
       "don't",   "can't",   "won't",   "i've",     "i'll",       "i'd",     "you're",
       "we're",   "they're", "he's",    "she's",    "what's",     "there's", "where's",
       "who's",   "let",     "let's",   "get",      "got",        "give",    "take",
       "want",    "need",    "like",    "know",     "think",      "san",     "santa",
       "los",     "las",     "fort",    "saint",    "new",        "north",   "south",
       "east",    "west",    "near",    "around",   "behind",     "after",   "before",
       "until",   "since",   "then",    "plus",     "visiting",   "during",  "away",
       "per",     "off",     "through", "across",   "along",      "between", "customer",
       "thing",   "problem", "issue",   "account",  "number",     "card",    "email",
       "address", "phone",   "reason",  "question", "help",       "moment",  "minute",
       "back",    "more"});
  add(NameCue::kParticle, {"van", "von", "de", "der", "den", "da", "di", "du",  "del", "la", "le",
                           "bin", "al",  "el", "mc",  "mac", "o",  "st", "dos", "ter", "ibn"});
  add(NameCue::kPlaceOrFirm,
      {"street",     "road",      "rd",        "avenue",    "ave",         "lane",
       "drive",      "boulevard", "county",    "city",      "university",  "college",
       "hospital",   "school",    "bank",      "hotel",     "inc",         "llc",
       "ltd",        "corp",      "group",     "company",   "sons",        "park",
       "airport",    "station",   "river",     "lake",      "mountain",    "center",
       "centre",     "square",    "court",     "terrace",   "estate",      "trail",
       "highway",    "bridge",    "library",   "institute", "church",      "hall",
       "mall",       "plc",       "gmbh",      "clinic",    "corporation", "limited",
       "airlines",   "insurance", "services",  "solutions", "systems",     "motors",
       "foundation", "beach",     "valley",    "island",    "bay",         "republic",
       "state",      "states",    "department"});
  add(NameCue::kSpelling, {"spelled", "spelt", "spelling", "spell", "spells"});
  return cues;
}

// An upper-case letter of ASCII, Latin-1 or Latin Extended-A at byte `i`.
bool IsCapital(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) {
    return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U;
  };
  if (byte(i) >= 'A' && byte(i) <= 'Z') return true;
  if (byte(i) == 0xC3) return byte(i + 1) >= 0x80 && byte(i + 1) <= 0x9E;
  if (byte(i) != 0xC4 && byte(i) != 0xC5) return false;
  const unsigned point = ((byte(i) & 0x1FU) << 6U) | (byte(i + 1) & 0x3FU);
  const bool odd_is_upper = (point >= 0x139 && point <= 0x148) || point >= 0x179;
  return (point % 2 == 1) == odd_is_upper;
}

// "john's" is judged as "john".
std::string_view WithoutPossessive(std::string_view word) {
  constexpr std::string_view kEnding = "'s";
  const bool possessive =
      word.size() > kEnding.size() + 1 && word.substr(word.size() - kEnding.size()) == kEnding;
  return possessive ? word.substr(0, word.size() - kEnding.size()) : word;
}

// Of any script. Digits of other scripts are parts of words, too.
bool StartsWithALetter(std::string_view word) {
  utf8proc_int32_t code = 0;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(word.data());
  if (utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(word.size()), &code) <= 0) return false;
  return utf8proc_category(code) <= UTF8PROC_CATEGORY_LO &&
         utf8proc_category(code) != UTF8PROC_CATEGORY_CN;
}

// Remembers what was found out about a word. Speech has few different ones.
class Memory {
 public:
  const WordInfo& Of(std::string_view word, const Lexeme& lexeme) {
    std::uint32_t hash = 0x811C9DC5U;
    for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
    Entry& entry = entries_[(hash ^ (hash >> 15)) % entries_.size()];
    if (entry.word != word) {
      entry.word = word;
      entry.info = {};
      static const CueTable* const cues = new CueTable(MakeCues());
      if (const auto cue = cues->find(word); cue != cues->end()) entry.info.cue = cue->second;
      entry.info.place = PlaceCueOf(word);
      entry.info.secret = SecretCueOf(word);
      const bool never = lexeme.Is(kOrdinal) || entry.info.cue == NameCue::kNever ||
                         entry.info.cue == NameCue::kTitle || entry.info.cue == NameCue::kOpener ||
                         entry.info.cue == NameCue::kIntro;
      if (lexeme.kind == LexemeKind::kOther && !never && StartsWithALetter(word)) {
        entry.info.name = NameModel::English().LogOdds(WithoutPossessive(word));
      }
    }
    return entry.info;
  }

 private:
  struct Entry {
    std::string_view word;
    WordInfo info;
  };
  std::array<Entry, 4096> entries_;
};

// White space between two words that is looked at for the end of a line.
constexpr std::size_t kLongestGap = 16;  // bytes

bool EndsSentence(const Token& token) {
  return token.kind == TokenKind::kMark &&
         (token.mark == '.' || token.mark == '?' || token.mark == '!' || token.mark == ':' ||
          token.mark == '"' || token.mark == '>' || token.mark == '(' || token.mark == ';');
}

}  // namespace

WordView::WordView(const std::vector<Utterance>& utterances, const Tokens& tokens, Pulse* pulse) {
  words_.resize(tokens.size());
  const auto memory = std::make_unique<Memory>();
  std::size_t capitals = 0;
  std::size_t uppers = 0;
  std::size_t words = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    pulse->Tick();
    const Token& token = tokens.list[i];
    if (token.kind != TokenKind::kWord && token.kind != TokenKind::kDigits) continue;
    WordInfo& info = words_[i];
    if (token.kind == TokenKind::kWord) info = memory->Of(tokens.Text(i), token.lexeme);
    const std::string_view text = utterances[static_cast<std::size_t>(token.segment)].text;
    const auto begin = static_cast<std::size_t>(token.begin);
    const bool opens = i == 0 || tokens.list[i - 1].segment != token.segment;
    const std::size_t before = opens ? 0 : static_cast<std::size_t>(tokens.list[i - 1].end);
    info.line =
        opens ||
        (token.space_before &&
         text.substr(before, std::min<std::size_t>(begin - before, kLongestGap)).find('\n') !=
             std::string_view::npos);
    info.start = info.line || EndsSentence(tokens.list[i - 1]);
    if (token.kind != TokenKind::kWord) continue;
    const bool second = IsCapital(text, begin) && token.end - token.begin > 1 &&
                        IsCapital(text, static_cast<std::size_t>(token.end) - 1);
    info.capital = IsCapital(text, begin) && !second;
    info.upper = second;
    ++words;
    capitals += IsCapital(text, begin) ? 1U : 0U;
    uppers += second ? 1U : 0U;
  }
  // Many words with capitals are headlines, or a recogniser that shouts; few may be a list of names.
  constexpr std::size_t kFewWords = 40;
  cased_ = capitals > 0 && uppers * 2 < words && (words < kFewWords || capitals * 10 < words * 6);
}

}  // namespace cxscribe::redaction
