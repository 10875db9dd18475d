#include "tests/plugins_redaction/generator/noise.h"

#include <utility>

namespace cxscribe::calls {
namespace {

struct Heard {
  std::string_view said;
  std::string_view heard;
};

// The same sounds.
constexpr Heard kHomophones[] = {
    {"one", "won"},     {"two", "to"},      {"two", "too"},     {"four", "for"},
    {"eight", "ate"},   {"oh", "owe"},      {"A", "ay"},        {"B", "be"},
    {"C", "see"},       {"I", "eye"},       {"J", "jay"},       {"K", "kay"},
    {"P", "pea"},       {"Q", "queue"},     {"R", "are"},       {"T", "tea"},
    {"U", "you"},       {"Y", "why"},       {"for", "four"},    {"to", "two"},
    {"your", "you're"}, {"there", "their"}, {"right", "write"}, {"we", "wee"},
    {"know", "no"},     {"no", "know"},     {"see", "sea"},     {"here", "hear"},
    {"birth", "berth"}, {"mail", "male"}};

// Nearly the same sounds; what was said is lost.
constexpr Heard kNearWords[] = {
    {"five", "nine"},       {"nine", "five"},       {"fifteen", "fifty"},  {"fifty", "fifteen"},
    {"thirteen", "thirty"}, {"thirty", "thirteen"}, {"seven", "eleven"},   {"six", "sick"},
    {"card", "car"},        {"number", "numbers"},  {"phone", "foam"},     {"social", "so"},
    {"date", "day"},        {"code", "coat"},       {"account", "count"},  {"routing", "rooting"},
    {"email", "mail"},      {"address", "dress"},   {"expire", "inspire"}, {"security", "secure"},
    {"zip", "sip"},         {"pin", "pen"},         {"name", "same"},      {"my", "by"},
    {"is", "his"},          {"the", "a"},           {"and", "in"},         {"it's", "is"},
    {"please", "plea"},     {"would", "good"},      {"dot", "got"},        {"at", "and"}};

constexpr std::string_view kDigitWords[] = {"one", "two",   "three", "four", "five",
                                            "six", "seven", "eight", "nine", "zero"};
constexpr std::string_view kAnyWords[] = {"the",  "a",   "that", "so",   "we",   "then",
                                          "they", "all", "some", "when", "what", "there"};
constexpr std::string_view kFillers[] = {"uh", "um", "like", "so", "well", "okay"};

std::string_view PickHeard(const Heard* begin, const Heard* end, std::string_view said,
                           Dice& dice) {
  std::vector<std::string_view> heard;
  for (const Heard* entry = begin; entry != end; ++entry) {
    if (entry->said == said) heard.push_back(entry->heard);
  }
  return heard.empty() ? std::string_view() : dice.Pick(heard);
}

bool IsFigures(std::string_view text) {
  return text.find_first_of("0123456789") != std::string_view::npos;
}

bool IsDigitWord(std::string_view text) {
  for (const std::string_view word : kDigitWords) {
    if (word == text) return true;
  }
  return false;
}

// Another word, and whether the listener still knows what was said.
bool Mishear(Dice& dice, std::string* text) {
  const std::string_view same =
      PickHeard(std::begin(kHomophones), std::end(kHomophones), *text, dice);
  if (!same.empty() && dice.Chance(60)) {
    *text = same;
    return true;
  }
  const std::string_view near =
      PickHeard(std::begin(kNearWords), std::end(kNearWords), *text, dice);
  if (!near.empty()) {
    *text = near;
    return false;
  }
  if (IsFigures(*text)) {
    char& figure = (*text)[text->find_first_of("0123456789")];
    figure = figure == '9' ? '0' : static_cast<char>(figure + 1);
    return false;
  }
  const std::string before = *text;
  while (*text == before)
    *text = IsDigitWord(before) ? dice.Pick(kDigitWords) : dice.Pick(kAnyWords);
  return false;
}

}  // namespace

void AddNoise(const Noise& noise, Dice& dice, Script* script) {
  if (noise.percent == 0) return;
  const auto damage = [script](int entity) {
    if (entity < 0) return;
    Keep& keep = script->entities[static_cast<std::size_t>(entity)].keep;
    if (keep == Keep::kWhole) keep = Keep::kDamaged;
  };
  for (Line& line : script->lines) {
    std::vector<Word> heard;
    for (std::size_t i = 0; i < line.words.size(); ++i) {
      Word word = std::move(line.words[i]);
      const int mistake = dice.Between(0, 3);
      const bool skipped = word.entity >= 0 && !noise.inside;
      if (skipped || !dice.Chance(noise.percent)) {
        heard.push_back(std::move(word));
        continue;
      }
      if (mistake == 0) {
        damage(word.entity);
        continue;
      }
      if (mistake == 1) {
        heard.push_back(std::move(word));
        heard.push_back({std::string(dice.Pick(kFillers)), "", -1});
        continue;
      }
      if (!Mishear(dice, &word.text)) damage(word.entity);
      heard.push_back(std::move(word));
    }
    line.words = std::move(heard);
  }
}

}  // namespace cxscribe::calls
