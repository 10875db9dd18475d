#include "plugins/diarization/speech_model.h"

#include <utility>

#include "plugins/diarization/embedded_model.h"

// The file: "CXROLES2", the role's weights, the turn's weights.

namespace cxscribe::diarization {
namespace {

constexpr std::string_view kMagic = "CXROLES2";

template <typename Take>
void EachRun(WordSpan words, std::uint32_t buckets, Take take) {
  if (words.empty()) return;
  const std::uint32_t border = HashOf("\n");
  std::uint32_t before = border;
  std::uint32_t earlier = border;
  bool first = true;
  for (const std::string& word : words) {
    const std::uint32_t hash = HashOf(word);
    take(BucketOf(hash, buckets));
    take(BucketOf(Join(before, hash), buckets));
    if (!first) take(BucketOf(Join(Join(earlier, before), hash), buckets));
    first = false;
    earlier = before;
    before = hash;
  }
  take(BucketOf(Join(before, border), buckets));
  if (words.size() > 1) take(BucketOf(Join(Join(earlier, before), border), buckets));
}

std::uint32_t LengthClass(std::size_t words) {
  if (words < 4) return static_cast<std::uint32_t>(words);
  return words < 7 ? 4 : words < 13 ? 5 : 6;
}

template <typename Take>
void EachSeam(WordSpan before, WordSpan words, std::uint32_t buckets, Take take) {
  if (before.empty() || words.empty()) return;
  const auto feature = [&](std::uint32_t kind, std::uint32_t a, std::uint32_t b) {
    take(BucketOf(Join(Join(kind, a), b), buckets));
  };
  const std::uint32_t length_before = LengthClass(before.size());
  const std::uint32_t length = LengthClass(words.size());
  const std::uint32_t opened = HashOf(before.front());
  const std::uint32_t ended = HashOf(before.back());
  const std::uint32_t opens = HashOf(words.front());
  const std::uint32_t ends = HashOf(words.back());
  feature(1, ended, 0);
  feature(2, opens, 0);
  feature(3, ended, opens);
  feature(4, length_before, 0);
  feature(5, length, 0);
  feature(6, length_before, length);
  feature(7, opened, 0);
  feature(8, ends, 0);
  if (before.size() > 1) {
    feature(9, HashOf(before[before.size() - 2]), ended);
    feature(10, opened, HashOf(before[1]));
  }
  if (words.size() > 1) feature(11, opens, HashOf(words[1]));
  // A word or two alone are a nod, or an answer.
  if (before.size() <= 2) feature(12, Join(opened, ended), length);
  if (words.size() <= 2) feature(13, Join(opens, ends), length_before);
}

}  // namespace

void ForEachRun(WordSpan words, std::uint32_t buckets, const TakeBucket& take) {
  EachRun(words, buckets, take);
}

void ForEachSeam(WordSpan before, WordSpan words, std::uint32_t buckets, const TakeBucket& take) {
  EachSeam(before, words, buckets, take);
}

std::optional<SpeechModel> SpeechModel::Read(std::string_view bytes) {
  if (bytes.substr(0, kMagic.size()) != kMagic) return std::nullopt;
  bytes.remove_prefix(kMagic.size());
  auto role = LogLinear::Take(bytes);
  if (!role) return std::nullopt;
  auto turn = LogLinear::Take(bytes);
  if (!turn || !bytes.empty()) return std::nullopt;
  return SpeechModel(*std::move(role), *std::move(turn));
}

const SpeechModel& SpeechModel::English() {
  static const SpeechModel* const model = new SpeechModel(*Read(EmbeddedModel()));
  return *model;
}

SpeechModel::SpeechModel(LogLinear role, LogLinear turn)
    : role_(std::move(role)), turn_(std::move(turn)) {}

std::string SpeechModel::Write() const {
  std::string bytes(kMagic);
  role_.AppendTo(bytes);
  turn_.AppendTo(bytes);
  return bytes;
}

MilliOdds SpeechModel::Agent(WordSpan words) const {
  if (words.empty()) return 0;
  std::int64_t sum = 0;
  EachRun(words, role_.buckets(), [&](std::uint32_t bucket) { sum += role_.Weight(bucket); });
  return role_.OddsOf(sum);
}

MilliOdds SpeechModel::GoesOn(WordSpan before, WordSpan words) const {
  if (before.empty() || words.empty()) return 0;
  std::int64_t sum = 0;
  EachSeam(before, words, turn_.buckets(),
           [&](std::uint32_t bucket) { sum += turn_.Weight(bucket); });
  return turn_.OddsOf(sum);
}

}  // namespace cxscribe::diarization
