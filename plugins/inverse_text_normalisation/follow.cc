#include "plugins/inverse_text_normalisation/follow.h"

#include <utility>

#include <cxscribe/align.hpp>

namespace cxscribe::itn {
namespace {

// A place in the words.
struct Place {
  std::size_t word = 0;
  std::size_t offset = 0;
};

}  // namespace

std::optional<std::vector<Followed>> FollowEdits(std::string_view text,
                                                 const std::vector<Edit>& edits,
                                                 const std::vector<std::string_view>& words) {
  plugin::LetterWalk walk(text, words);
  std::vector<Followed> followed;
  Followed current;  // what became of the words up to, and of a part of, words[at.word]
  Place at;
  const auto close = [&] {  // ends `current` with the rest of its last word
    current.text += words[at.word].substr(at.offset);
    current.end = at.word + 1;
    followed.push_back(std::exchange(current, {}));
    at = {at.word + 1, 0};
    current.begin = at.word;
  };
  for (const Edit& edit : edits) {
    while (walk.AtLetter() && walk.text() < edit.begin) walk.Next();
    if (!walk.AtLetter()) return std::nullopt;
    const Place begin = {walk.word(), walk.offset()};
    Place end = begin;
    for (; walk.AtLetter() && walk.text() < edit.end; walk.Next()) {
      end = {walk.word(), walk.offset() + 1};
    }
    while (at.word < begin.word) close();
    current.text += words[at.word].substr(at.offset, begin.offset - at.offset);
    current.text += edit.written;
    at = end;
  }
  while (walk.AtLetter()) walk.Next();
  if (walk.Differs()) return std::nullopt;
  while (at.word < words.size()) close();
  return followed;
}

}  // namespace cxscribe::itn
