// Plain text for the tokeniser: what cannot be seen is left out, digits of every script are the
// ASCII ones, typographic spaces, dashes and quotation marks their ASCII relatives. So nothing that
// looks like a number on a screen hides from the detectors, and each of them knows ASCII only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::redaction {

// A place where plain text differs from the original in length: `kept` bytes at `at` stand for
// `taken` bytes at `origin`.
struct FoldEdit {
  std::int32_t at = 0;
  std::int32_t kept = 0;
  std::int32_t origin = 0;
  std::int32_t taken = 0;
};

struct PlainText {
  std::string text;             // in ASCII lower case, never longer than the original
  std::vector<FoldEdit> edits;  // in order
};

// Letters of English keep their accents, for those tell names from words. The other languages lose
// them, composed or not, because recognisers and callers' keyboards do; "ß" is "ss", and an
// apostrophe ends a word there ("l'iban").
enum class Accents : std::uint8_t { kKept, kFolded };

// Linear. Accepts any bytes; invalid UTF-8 stays as it is.
PlainText Fold(std::string_view original, Accents accents);

// Where bytes of the plain text stand in the original. Linear over all calls: positions must not
// decrease. Borrows the text.
class Origins {
 public:
  explicit Origins(const PlainText& plain) : edits_(plain.edits) {}

  // The first byte of the character at `at`, after what was left out there.
  std::int32_t Begin(std::int32_t at) {
    while (next_ < edits_.size() && edits_[next_].at + edits_[next_].kept <= at) Pass();
    const bool inside = next_ < edits_.size() && edits_[next_].at < at;
    return inside ? edits_[next_].origin : at + shift_;
  }
  // One past the last byte of the character before `at`; what was left out there is none of it.
  std::int32_t End(std::int32_t at) {
    while (next_ < edits_.size() && edits_[next_].at + edits_[next_].kept < at) Pass();
    const bool inside = next_ < edits_.size() && edits_[next_].kept > 0 && edits_[next_].at < at;
    return inside ? edits_[next_].origin + edits_[next_].taken : at + shift_;
  }

 private:
  void Pass() {
    const FoldEdit& edit = edits_[next_++];
    shift_ = edit.origin + edit.taken - edit.at - edit.kept;
  }

  const std::vector<FoldEdit>& edits_;
  std::size_t next_ = 0;
  std::int32_t shift_ = 0;
};

}  // namespace cxscribe::redaction
