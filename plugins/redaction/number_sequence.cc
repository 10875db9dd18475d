#include "plugins/redaction/number_sequence.h"

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kFewest = 9;
constexpr std::size_t kFewestInGroups = 12;

bool LooksLikeYear(std::string_view digits) {
  return digits.size() == 4 && (digits.substr(0, 2) == "19" || digits.substr(0, 2) == "20");
}

// Whether the digits were said or written as an identifier is.
bool IsIdentifier(const DigitRun& run) {
  std::size_t spelt = 0;
  bool one_piece = false;
  bool year = false;
  bool written = true;
  for (std::size_t i = 0; i < run.items.size(); ++i) {
    const DigitItem& item = run.items[i];
    if (item.digit_count == 1) ++spelt;
    one_piece = one_piece || (item.written && item.digit_count >= kFewest);
    year = year || LooksLikeYear(run.Window(i, i + 1));
    written = written && item.written;
  }
  if (one_piece) return true;
  if (written) return !year && run.digits.size() >= kFewestInGroups;
  return spelt * 10 >= run.items.size() * 7 && !IsCounting(run.digits);
}

}  // namespace

void FindNumberSequences(const DigitRun& run, std::vector<Candidate>* out) {
  // "hjp 936748216" is some firm's code.
  const std::size_t fewest = run.after_word ? kFewest + 1 : kFewest;
  if (run.topic == Topic::kOther || run.digits.size() < fewest || !IsIdentifier(run)) return;
  out->push_back({0,
                  static_cast<std::uint32_t>(run.items.size()),
                  {Entity::kNumberSequence, 0.3, "digits",
                   "nine digits or more that nothing tells the kind of"}});
}

}  // namespace cxscribe::redaction
