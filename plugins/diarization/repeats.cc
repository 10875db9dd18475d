#include "plugins/diarization/repeats.h"

#include <algorithm>

#include "plugins/diarization/log_linear.h"

namespace cxscribe::diarization {
namespace {

constexpr std::size_t kRow = 6;  // words
// Of the words of a repetition, those that are not dictated: numbers are read back as they are.
constexpr std::size_t kLeastTelling = 5;
constexpr std::size_t kMostWords = 2000;  // of a segment that is looked at
constexpr std::uint32_t kSlots = 1U << 12;
// Tries for one segment that turn out to be something else, so that no text takes long.
constexpr int kMostTries = 16;

std::uint32_t RowHash(const std::uint32_t* words) {
  std::uint32_t hash = 0;
  for (std::size_t i = 0; i < kRow; ++i) hash = Join(hash, words[i]);
  return hash;
}

}  // namespace

Repeats::Repeats() : anywhere_(kSlots), at_start_(kSlots) {}

bool Repeats::StandsIn(const std::vector<std::uint32_t>& part,
                       const std::vector<std::uint32_t>& whole, std::size_t position) {
  return part.size() <= whole.size() - position &&
         std::equal(part.begin(), part.end(),
                    whole.begin() + static_cast<std::ptrdiff_t>(position));
}

void Repeats::Add(WordSpan words, const std::function<void(std::size_t earlier)>& take) {
  std::vector<std::uint32_t>& hashes = words_[next_ % kNear];
  hashes.clear();
  const auto telling = static_cast<std::size_t>(std::count_if(
      words.begin(), words.end(), [](const std::string& word) { return !IsDictated(word); }));
  if (words.size() < kRow || words.size() > kMostWords || telling < kLeastTelling) {
    ++next_;
    return;
  }
  for (const std::string& word : words) hashes.push_back(HashOf(word));
  std::vector<std::uint32_t> rows(hashes.size() - kRow + 1);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = RowHash(&hashes[i]);

  std::size_t last = kNone;  // taken
  if (const Slot& slot = anywhere_[BucketOf(rows[0], kSlots)];
      Holds(slot, rows[0]) && StandsIn(hashes, words_[slot.segment % kNear], slot.position)) {
    last = slot.segment;
    take(last);
  }
  int tries = kMostTries;
  for (std::size_t i = 0; i < rows.size() && tries > 0; ++i) {
    const Slot& slot = at_start_[BucketOf(rows[i], kSlots)];
    if (!Holds(slot, rows[i]) || slot.segment == last) continue;
    if (StandsIn(words_[slot.segment % kNear], hashes, i)) {
      last = slot.segment;
      take(last);
    } else {
      --tries;
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    anywhere_[BucketOf(rows[i], kSlots)] = {rows[i], static_cast<std::uint32_t>(i), next_};
  }
  at_start_[BucketOf(rows[0], kSlots)] = {rows[0], 0, next_};
  ++next_;
}

}  // namespace cxscribe::diarization
