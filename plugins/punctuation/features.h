// What the model knows of a word: numbers that stand for it, for how it begins and ends, and for it
// together with the next one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cxscribe::punctuation {

// What ends after a word.
enum class Ends : std::uint8_t { kNothing = 0, kSegment = 1, kSpeaker = 2 };
inline constexpr std::uint32_t kEndsCount = 3;

// Ids of words that are not in the vocabulary.
inline constexpr std::uint32_t kUnknownWord = 0;
inline constexpr std::uint32_t kMaskWord = 1;  // "[PII]", "####"
inline constexpr std::uint32_t kFirstKnownWord = 2;

struct Features {
  std::uint32_t word = kUnknownWord;
  std::uint32_t begin = 0;  // bucket of the first bytes
  std::uint32_t end = 0;    // bucket of the last bytes
  std::uint32_t pair = 0;   // bucket of the word and the next
  Ends ends = Ends::kNothing;
};

// The buckets that hashes fall into.
struct Buckets {
  std::uint32_t affixes = 0;
  std::uint32_t pairs = 0;
};

// `core` as the model looks it up: every ASCII digit a 0, so that all years are one word.
std::string LookupForm(std::string_view core);

// The words of a model, in the order of their ids.
class Vocabulary {
 public:
  Vocabulary() = default;
  Vocabulary(Vocabulary&&) = default;  // moved words stay where they are
  Vocabulary& operator=(Vocabulary&&) = default;
  // `words` in lookup form; the id of words[i] is i + kFirstKnownWord.
  explicit Vocabulary(std::vector<std::string> words);

  std::uint32_t IdOf(std::string_view lookup_form) const;
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::vector<std::string> words_;
  std::unordered_map<std::string_view, std::uint32_t> ids_;
};

// Everything but `pair` and `ends` of a word.
Features FeaturesOf(std::string_view lookup_form, const Vocabulary& vocabulary,
                    const Buckets& buckets);
// The features of a mask: the same for all.
Features FeaturesOfMask();

// The bucket of two words in lookup form, "[" for a mask.
std::uint32_t PairBucket(std::string_view first, std::string_view second, const Buckets& buckets);

}  // namespace cxscribe::punctuation
