// A fixed set of short words, each with a value: one hash and, nearly always, one comparison of two
// machine words a look-up, and no allocation. Built once, then read by any number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace cxscribe::redaction {

// `kSlots` is a power of two and at least twice the number of words.
template <typename Value, std::size_t kSlots>
class WordTable {
 public:
  static_assert((kSlots & (kSlots - 1)) == 0);
  // Longer words are in no table.
  static constexpr std::size_t kLongest = 16;

  // The value of `word`, made if it is new. `word` has 1 to kLongest bytes.
  Value& operator[](std::string_view word) {
    const Key key = KeyOf(word);
    std::size_t at = SlotOf(key);
    while (slots_[at].key.size != 0 && !(slots_[at].key == key)) at = (at + 1) & (kSlots - 1);
    slots_[at].key = key;
    return slots_[at].value;
  }

  const Value* Find(std::string_view word) const {
    if (word.empty() || word.size() > kLongest) return nullptr;
    const Key key = KeyOf(word);
    for (std::size_t at = SlotOf(key);; at = (at + 1) & (kSlots - 1)) {
      if (slots_[at].key == key) return &slots_[at].value;
      if (slots_[at].key.size == 0) return nullptr;
    }
  }

 private:
  // Together with the size the two overlapping ends of a word are the word.
  struct Key {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::uint8_t size = 0;
    bool operator==(const Key& other) const {
      return head == other.head && tail == other.tail && size == other.size;
    }
  };
  struct Slot {
    Key key;
    Value value{};
  };

  template <typename Word>
  static std::uint64_t Load(const char* at) {
    Word word = 0;
    std::memcpy(&word, at, sizeof(word));
    return word;
  }

  static Key KeyOf(std::string_view word) {
    const char* const data = word.data();
    const std::size_t size = word.size();
    Key key;
    key.size = static_cast<std::uint8_t>(size);
    if (size >= sizeof(std::uint64_t)) {
      key.head = Load<std::uint64_t>(data);
      key.tail = Load<std::uint64_t>(data + size - sizeof(std::uint64_t));
    } else if (size >= sizeof(std::uint32_t)) {
      key.head = Load<std::uint32_t>(data);
      key.tail = Load<std::uint32_t>(data + size - sizeof(std::uint32_t));
    } else if (size >= sizeof(std::uint16_t)) {
      key.head = Load<std::uint16_t>(data);
      key.tail = Load<std::uint16_t>(data + size - sizeof(std::uint16_t));
    } else {
      key.head = Load<std::uint8_t>(data);
    }
    return key;
  }

  // Multiplicative hashing with two odd constants (Knuth, TAOCP 6.4; the golden ratio and another).
  static std::size_t SlotOf(const Key& key) {
    const std::uint64_t mixed =
        (key.head + key.size) * 0x9E3779B97F4A7C15U ^ key.tail * 0xC2B2AE3D27D4EB4FU;
    return static_cast<std::size_t>((mixed ^ (mixed >> 32U)) * 0x9E3779B97F4A7C15U >> 40U) &
           (kSlots - 1);
  }

  std::array<Slot, kSlots> slots_{};
};

}  // namespace cxscribe::redaction
