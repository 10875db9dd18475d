#include "plugins/inverse_text_normalisation/formatter.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "plugins/inverse_text_normalisation/words.h"

namespace cxscribe::itn {
namespace {

struct Candidate {
  Match match;
  Class kind = Class::kCardinal;
};

// The reading that understands most words; of equals the first.
class Reading {
 public:
  Reading(const Words& words, const Options& options) : words_(words), options_(options) {}

  std::optional<Candidate> Best(std::size_t at) const {
    std::optional<Candidate> best;
    const auto consider = [this, &best](Class kind, auto&& read) {
      if (!options_.classes.test(static_cast<std::size_t>(kind))) return;
      std::optional<Match> match = read();
      if (match && (!best || match->end > best->match.end)) best = {*std::move(match), kind};
    };
    consider(Class::kMoney, [&] { return ReadMoney(words_, at); });
    consider(Class::kDate, [&] { return ReadDate(words_, at); });
    consider(Class::kTime, [&] { return ReadTime(words_, at); });
    consider(Class::kMeasure, [&] { return ReadMeasure(words_, at); });
    consider(Class::kTelephone, [&] { return ReadTelephone(words_, at); });
    consider(Class::kDecimal, [&] { return ReadDecimals(words_, at); });
    consider(Class::kOrdinal, [&] { return ReadOrdinal(words_, at, options_.small_numbers); });
    consider(Class::kCardinal, [&] { return ReadCardinal(words_, at, options_.small_numbers); });
    return best;
  }

 private:
  const Words& words_;
  const Options& options_;
};

// Words that a reading may start with beside numbers.
bool MayStart(const Words& words, std::size_t at) {
  if (words.InRun(at)) return true;
  const Kind kind = words.At(at).kind;
  if (kind == Kind::kMonth || kind == Kind::kLetter) return true;
  if (kind != Kind::kOther) return false;
  constexpr std::string_view kStarts[] = {"the", "half", "quarter", "minus", "plus", "point"};
  const std::string_view word = words.Lower(at);
  return std::find(std::begin(kStarts), std::end(kStarts), word) != std::end(kStarts);
}

void AddEdits(const Words& words, std::vector<Rewrite> rewrites, std::vector<Edit>* edits) {
  for (Rewrite& rewrite : rewrites) {
    edits->push_back(
        {words[rewrite.begin].begin, words[rewrite.end - 1].end, std::move(rewrite.written)});
  }
}

std::string Apply(std::string_view text, const std::vector<Edit>& edits) {
  std::string result;
  result.reserve(text.size());
  std::size_t copied = 0;
  for (const Edit& edit : edits) {
    result += text.substr(copied, edit.begin - copied);
    result += edit.written;
    copied = edit.end;
  }
  result += text.substr(copied);
  return result;
}

}  // namespace

Formatted Format(std::string_view text, const Options& options,
                 const std::function<void()>& pulse) {
  constexpr std::size_t kPulse = 512;
  const Words words(text);
  const Reading reading(words, options);
  Formatted formatted;
  std::vector<Address> addresses;
  if (options.classes.test(static_cast<std::size_t>(Class::kElectronic))) {
    addresses = FindAddresses(words);
  }
  auto address = addresses.begin();
  std::size_t next_pulse = 0;
  for (std::size_t i = 0; i < words.size();) {
    if (pulse && i >= next_pulse) {
      pulse();
      next_pulse = i + kPulse;
    }
    if (address != addresses.end() && address->begin <= i) {
      i = std::max(i, address->end);
      if (!address->rewrites.empty()) {
        ++formatted.counts[static_cast<std::size_t>(Class::kElectronic)];
      }
      AddEdits(words, std::move(address->rewrites), &formatted.edits);
      ++address;
      continue;
    }
    if (!MayStart(words, i)) {
      ++i;
      continue;
    }
    auto best = reading.Best(i);
    const bool free = address == addresses.end() || (best && best->match.end <= address->begin);
    if (!best || !free) {
      i = std::max(i + 1, words.RunEnd(i));
      continue;
    }
    i = best->match.end;
    ++formatted.counts[static_cast<std::size_t>(best->kind)];
    AddEdits(words, std::move(best->match.rewrites), &formatted.edits);
  }
  // What would be written as it was said: "billion" of "two billion".
  formatted.edits.erase(std::remove_if(formatted.edits.begin(), formatted.edits.end(),
                                       [&text](const Edit& edit) {
                                         return text.substr(edit.begin, edit.end - edit.begin) ==
                                                edit.written;
                                       }),
                        formatted.edits.end());
  formatted.text = Apply(text, formatted.edits);
  return formatted;
}

}  // namespace cxscribe::itn
