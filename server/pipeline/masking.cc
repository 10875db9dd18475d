// See masking.h.
#include "server/pipeline/masking.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_set>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "server/pipeline/word_alignment.h"

namespace cxscribe {
namespace {

// A masked value shorter than this is too common for its reappearance to mean anything.
constexpr size_t kLeastRepeated = 3;
constexpr int kSuspiciousDigits = 4;
// Beyond so many comparisons of values with masked texts, annotations are dropped unread.
constexpr size_t kMostComparisons = 10'000'000;

// One mask in one segment.
struct Mask {
  int32_t begin = 0;  // in the text before
  int32_t end = 0;
  int32_t new_begin = 0;  // in the text after
  int32_t new_end = 0;
  std::string label;
  // Of the span that gave the label.
  double score = 0;
  int32_t length = 0;
};

// The masks of one segment, in order, without overlaps.
using Masks = std::vector<Mask>;
using MasksBySegment = std::map<int32_t, Masks>;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The span cut to the text and widened to whole characters; empty when nothing is left.
std::pair<int32_t, int32_t> Snap(const v1::Span& span, std::string_view text) {
  const auto size = static_cast<int32_t>(text.size());
  int32_t begin = std::clamp(span.begin(), 0, size);
  int32_t end = std::clamp(span.end(), begin, size);
  if (begin == end) return {begin, end};
  while (begin > 0 && IsContinuation(text[static_cast<size_t>(begin)])) --begin;
  while (end < size && IsContinuation(text[static_cast<size_t>(end)])) ++end;
  return {begin, end};
}

// Sorted masks with those that overlap merged.
Masks Merge(Masks masks) {
  std::sort(masks.begin(), masks.end(), [](const Mask& a, const Mask& b) {
    return std::tie(a.begin, a.end, a.label) < std::tie(b.begin, b.end, b.label);
  });
  Masks merged;
  for (Mask& mask : masks) {
    if (merged.empty() || mask.begin >= merged.back().end) {
      merged.push_back(std::move(mask));
      continue;
    }
    Mask& last = merged.back();
    last.end = std::max(last.end, mask.end);
    const bool better =
        std::tie(mask.score, mask.length) > std::tie(last.score, last.length) ||
        (mask.score == last.score && mask.length == last.length && mask.label < last.label);
    if (better) {
      last.label = std::move(mask.label);
      last.score = mask.score;
      last.length = mask.length;
    }
  }
  return merged;
}

MasksBySegment PlanMasks(const v1::Transcript& transcript, const std::vector<bool>& masked) {
  MasksBySegment by_segment;
  for (int i = 0; i < transcript.findings_size(); ++i) {
    if (!masked[static_cast<size_t>(i)]) continue;
    const v1::Finding& finding = transcript.findings(i);
    for (const v1::Span& span : finding.spans()) {
      if (span.segment_index() < 0 || span.segment_index() >= transcript.segments_size()) continue;
      const auto [begin, end] = Snap(span, transcript.segments(span.segment_index()).text());
      if (begin == end) continue;
      Mask mask;
      mask.begin = begin;
      mask.end = end;
      mask.label = absl::StrCat("[", finding.entity_type(), "]");
      mask.score = finding.score();
      mask.length = end - begin;
      by_segment[span.segment_index()].push_back(std::move(mask));
    }
  }
  for (auto& [index, masks] : by_segment) masks = Merge(std::move(masks));
  return by_segment;
}

// The masked text; fills in where each mask is in it.
std::string MaskText(const std::string& text, Masks& masks) {
  std::string result;
  size_t copied = 0;
  for (Mask& mask : masks) {
    result.append(text, copied, static_cast<size_t>(mask.begin) - copied);
    mask.new_begin = static_cast<int32_t>(result.size());
    result += mask.label;
    mask.new_end = static_cast<int32_t>(result.size());
    copied = static_cast<size_t>(mask.end);
  }
  result.append(text, copied);
  return result;
}

// The first mask that ends after `position`, or at it if `inclusive`; masks.end() when none does.
Masks::const_iterator FirstEndingAfter(const Masks& masks, int32_t position, bool inclusive) {
  return std::partition_point(masks.begin(), masks.end(), [&](const Mask& mask) {
    return inclusive ? mask.end < position : mask.end <= position;
  });
}

// The mask that a word falls under; null: none.
const Mask* MaskOf(const WordRange& word, const Masks& masks) {
  const auto mask = FirstEndingAfter(masks, word.begin, false);
  return mask != masks.end() && mask->begin < word.end ? &*mask : nullptr;
}

// Takes a word that falls under the same mask as the one before it into that one.
void Absorb(const v1::Word& word, v1::Word& before) {
  before.set_end_ms(std::max(before.end_ms(), word.end_ms()));
  if (word.has_confidence() && before.has_confidence()) {
    before.set_confidence(std::min(before.confidence(), word.confidence()));
  } else {
    before.clear_confidence();
  }
}

// How many words a mask hides would tell how long a PIN or a password is, so they become one.
void MaskWords(v1::Segment& segment, const Masks& masks) {
  const auto ranges = AlignWords(segment);
  const Mask* before = nullptr;
  int kept = 0;
  for (int i = 0; i < segment.words_size(); ++i) {
    const Mask* mask = ranges ? MaskOf((*ranges)[static_cast<size_t>(i)], masks) : &masks.front();
    if (mask != nullptr && mask == before) {
      Absorb(segment.words(i), *segment.mutable_words(kept - 1));
      continue;
    }
    before = mask;
    if (mask != nullptr) segment.mutable_words(i)->set_text(mask->label);
    if (kept != i) segment.mutable_words()->SwapElements(kept, i);
    ++kept;
  }
  segment.mutable_words()->DeleteSubrange(kept, segment.words_size() - kept);
}

// How far text moves that stands between the mask before `next` and `next`.
int32_t ShiftBefore(const Masks& masks, Masks::const_iterator next) {
  return next == masks.begin() ? 0 : std::prev(next)->new_end - std::prev(next)->end;
}

// Rewrites a span of the text before to one of the text after.
void MoveSpan(const Masks& masks, v1::Span& span) {
  const auto first = FirstEndingAfter(masks, span.begin(), false);
  const auto last = FirstEndingAfter(masks, span.end(), true);
  const bool begin_inside = first != masks.end() && first->begin <= span.begin();
  const bool end_inside = last != masks.end() && last->begin < span.end();
  const int32_t end = end_inside ? last->new_end : span.end() + ShiftBefore(masks, last);
  span.set_begin(begin_inside ? first->new_begin : span.begin() + ShiftBefore(masks, first));
  span.set_end(end);
}

bool Covered(const Masks& masks, int32_t begin, int32_t end) {
  const auto mask = FirstEndingAfter(masks, begin, false);
  return mask != masks.end() && mask->begin <= begin && end <= mask->end;
}

bool Overlapped(const Masks& masks, int32_t begin, int32_t end) {
  const auto mask = FirstEndingAfter(masks, begin, false);
  return mask != masks.end() && mask->begin < end;
}

void MoveFinding(const MasksBySegment& by_segment, v1::Finding& finding) {
  bool all_covered = finding.spans_size() > 0;
  google::protobuf::RepeatedPtrField<v1::Span> spans;
  std::set<std::tuple<int32_t, int32_t, int32_t>> seen;
  for (v1::Span& span : *finding.mutable_spans()) {
    const auto masks = by_segment.find(span.segment_index());
    if (masks == by_segment.end()) {
      all_covered = false;
    } else {
      all_covered = all_covered && Covered(masks->second, span.begin(), span.end());
      MoveSpan(masks->second, span);
    }
    // Two spans in one mask have become the same.
    if (seen.insert({span.segment_index(), span.begin(), span.end()}).second) {
      *spans.Add() = std::move(span);
    }
  }
  finding.mutable_spans()->Swap(&spans);
  finding.set_masked(all_covered);
}

// The words of a text: runs of letters and digits, in lower case; other bytes of UTF-8 count as
// letters.
std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = byte >= 0x80 || absl::ascii_isalnum(byte);
    if (letter && !in_word) words.emplace_back();
    if (letter) words.back() += static_cast<char>(absl::ascii_tolower(byte));
    in_word = letter;
  }
  return words;
}

// What the masks hide, in the forms in which annotations are searched for it.
struct Hidden {
  std::set<std::string> texts;            // each without what stands between its words
  std::unordered_set<std::string> words;  // of all of them
};

Hidden HiddenBy(const v1::Transcript& transcript, const MasksBySegment& by_segment) {
  Hidden hidden;
  for (const auto& [index, masks] : by_segment) {
    const std::string_view text = transcript.segments(index).text();
    for (const Mask& mask : masks) {
      std::string joined;
      for (std::string& word : WordsOf(text.substr(static_cast<size_t>(mask.begin),
                                                   static_cast<size_t>(mask.end - mask.begin)))) {
        joined += word;
        if (word.size() >= kLeastRepeated) hidden.words.insert(std::move(word));
      }
      if (joined.size() >= kLeastRepeated) hidden.texts.insert(std::move(joined));
    }
  }
  return hidden;
}

// How many digits the words hold or spell.
int CountDigits(const std::vector<std::string>& words) {
  static const auto& spelled = *new std::unordered_set<std::string>{
      "zero",     "oh",       "one",      "two",     "three",     "four",     "five",
      "six",      "seven",    "eight",    "nine",    "ten",       "eleven",   "twelve",
      "thirteen", "fourteen", "fifteen",  "sixteen", "seventeen", "eighteen", "nineteen",
      "twenty",   "thirty",   "forty",    "fifty",   "sixty",     "seventy",  "eighty",
      "ninety",   "hundred",  "thousand", "double",  "triple"};
  int digits = 0;
  for (const std::string& word : words) {
    digits += static_cast<int>(std::count_if(
        word.begin(), word.end(), [](unsigned char c) { return absl::ascii_isdigit(c); }));
    if (spelled.count(word) != 0) ++digits;
  }
  return digits;
}

// Whether a text of an annotation may be what was masked, in this form or another.
bool MayRepeat(const Hidden& hidden, const std::string& text) {
  if (text.find('@') != std::string::npos) return true;
  const std::vector<std::string> words = WordsOf(text);
  if (CountDigits(words) >= kSuspiciousDigits) return true;
  std::string joined;
  for (const std::string& word : words) {
    if (hidden.words.count(word) != 0) return true;
    joined += word;
  }
  return std::any_of(hidden.texts.begin(), hidden.texts.end(), [&](const std::string& masked) {
    return joined.find(masked) != std::string::npos;
  });
}

// Moves the annotation's span; false: it has to go.
bool MoveAnnotation(const MasksBySegment& by_segment, const Hidden& hidden,
                    v1::Annotation& annotation) {
  if (MayRepeat(hidden, annotation.key()) || MayRepeat(hidden, annotation.value())) return false;
  if (!annotation.has_span()) return true;
  const auto masks = by_segment.find(annotation.span().segment_index());
  if (masks == by_segment.end()) return true;
  v1::Span& span = *annotation.mutable_span();
  if (Overlapped(masks->second, span.begin(), span.end())) return false;
  MoveSpan(masks->second, span);
  return true;
}

}  // namespace

void MaskTranscript(v1::Transcript& transcript, const std::vector<bool>& masked) {
  MasksBySegment by_segment = PlanMasks(transcript, masked);
  const Hidden hidden = HiddenBy(transcript, by_segment);
  for (auto& [index, masks] : by_segment) {
    v1::Segment& segment = *transcript.mutable_segments(index);
    std::string text = MaskText(segment.text(), masks);
    MaskWords(segment, masks);  // aligns with the text before
    segment.set_text(std::move(text));
  }
  for (v1::Finding& finding : *transcript.mutable_findings()) MoveFinding(by_segment, finding);
  if (by_segment.empty()) return;
  const auto annotations = static_cast<size_t>(transcript.annotations_size());
  if (hidden.texts.size() * annotations > kMostComparisons) transcript.clear_annotations();
  google::protobuf::RepeatedPtrField<v1::Annotation> kept;
  for (v1::Annotation& annotation : *transcript.mutable_annotations()) {
    if (MoveAnnotation(by_segment, hidden, annotation)) *kept.Add() = std::move(annotation);
  }
  transcript.mutable_annotations()->Swap(&kept);
}

void WithholdText(v1::Transcript& transcript) {
  for (v1::Segment& segment : *transcript.mutable_segments()) {
    segment.clear_text();
    for (v1::Word& word : *segment.mutable_words()) word.clear_text();
  }
  transcript.clear_annotations();
}

}  // namespace cxscribe
