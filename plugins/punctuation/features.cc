#include "plugins/punctuation/features.h"

#include <algorithm>
#include <utility>

namespace cxscribe::punctuation {
namespace {

// FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/
class Hash {
 public:
  Hash& Add(std::string_view bytes) {
    for (const char c : bytes) {
      value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x01000193U;
    }
    return *this;
  }
  std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 0x811C9DC5U;
};

constexpr std::size_t kAffixBytes = 3;

}  // namespace

std::string LookupForm(std::string_view core) {
  std::string form(core);
  std::replace_if(
      form.begin(), form.end(), [](char c) { return c >= '0' && c <= '9'; }, '0');
  return form;
}

Vocabulary::Vocabulary(std::vector<std::string> words) : words_(std::move(words)) {
  ids_.reserve(words_.size());
  for (std::size_t i = 0; i < words_.size(); ++i) {
    ids_.emplace(words_[i], static_cast<std::uint32_t>(i) + kFirstKnownWord);
  }
}

std::uint32_t Vocabulary::IdOf(std::string_view lookup_form) const {
  const auto found = ids_.find(lookup_form);
  return found == ids_.end() ? kUnknownWord : found->second;
}

Features FeaturesOf(std::string_view lookup_form, const Vocabulary& vocabulary,
                    const Buckets& buckets) {
  const std::size_t affix = std::min(kAffixBytes, lookup_form.size());
  Features features;
  features.word = vocabulary.IdOf(lookup_form);
  features.begin = Hash().Add("<").Add(lookup_form.substr(0, affix)).value() % buckets.affixes;
  features.end =
      Hash().Add(lookup_form.substr(lookup_form.size() - affix)).Add(">").value() % buckets.affixes;
  return features;
}

Features FeaturesOfMask() {
  Features features;
  features.word = kMaskWord;
  return features;
}

std::uint32_t PairBucket(std::string_view first, std::string_view second, const Buckets& buckets) {
  return Hash().Add(first).Add(" ").Add(second).value() % buckets.pairs;
}

}  // namespace cxscribe::punctuation
