#include "plugins/punctuation/train/evaluation.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>

namespace cxscribe::punctuation {
namespace {

constexpr std::size_t kPiece = 1024;
constexpr std::uint64_t kSeed = 3;

template <typename Class>
Class Best(const float* scores, int count) {
  return static_cast<Class>(std::max_element(scores, scores + count) - scores);
}

// Minus the logarithm of the probability that falls on the allowed marks.
double MarkLoss(const float* scores, ClassSet allowed) {
  double all = 0;
  double right = 0;
  for (int k = 0; k < kMarks; ++k) {
    const double p = std::exp(static_cast<double>(scores[k]));
    all += p;
    if ((allowed >> k & 1) != 0) right += p;
  }
  return std::log(all) - std::log(std::max(right, 1e-30));
}

void Count(bool is, bool said, bool same, Tally* tally) {
  if (is && said && same) {
    ++tally->right;
    return;
  }
  tally->wrong += said ? 1 : 0;
  tally->missed += is ? 1 : 0;
}

}  // namespace

double Tally::F1() const {
  const long all = 2 * right + wrong + missed;
  return all == 0 ? 0 : 200.0 * static_cast<double>(right) / static_cast<double>(all);
}

Quality Evaluate(const Parameters& parameters, const Material& material, Cut cut) {
  const std::vector<Features> features = CutSegments(material, cut, kSeed);
  const std::size_t reach = Reach(parameters.shape);
  Pass pass(parameters, static_cast<int>(kPiece + 2 * reach));
  Quality quality;
  bool start = true;
  for (std::size_t begin = 0; begin < features.size(); begin += kPiece) {
    const std::size_t end = std::min(features.size(), begin + kPiece);
    const std::size_t from = begin - std::min(begin, reach);
    const std::size_t to = std::min(features.size(), end + reach);
    const float* scores = pass.Forward(&features[from], static_cast<int>(to - from));
    for (std::size_t t = begin; t < end; ++t) {
      const float* score = scores + (t - from) * kScores;
      const Target& target = material.targets[t];
      const Mark mark = Best<Mark>(score, kMarks);
      quality.loss += MarkLoss(score, target.marks);
      ++quality.words;
      if (std::has_single_bit(target.marks)) {
        const auto right = static_cast<Mark>(std::countr_zero(target.marks));
        for (const Mark each : {Mark::kComma, Mark::kPeriod, Mark::kQuestion}) {
          Count(right == each, mark == each, true, &quality.marks[static_cast<std::size_t>(each)]);
        }
        Count(right != Mark::kNone, mark != Mark::kNone, right == mark, &quality.all_marks);
      }
      Case letters = Best<Case>(score + kMarks, kCases);
      if (start && letters == Case::kLower) letters = Case::kFirst;
      const Case written = material.written[t];
      Count(written != Case::kLower, letters != Case::kLower, written == letters,
            &quality.capitals);
      start =
          mark == Mark::kPeriod || mark == Mark::kQuestion || features[t].ends == Ends::kSpeaker;
    }
  }
  return quality;
}

std::string Describe(const Quality& quality) {
  char text[200];
  std::snprintf(text, sizeof(text),
                "all %5.1f   , %5.1f   . %5.1f   ? %5.1f   capitals %5.1f   loss %.4f",
                quality.all_marks.F1(), quality.marks[1].F1(), quality.marks[2].F1(),
                quality.marks[3].F1(), quality.capitals.F1(),
                quality.words == 0 ? 0.0 : quality.loss / static_cast<double>(quality.words));
  return text;
}

}  // namespace cxscribe::punctuation
