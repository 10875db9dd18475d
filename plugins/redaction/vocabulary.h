// The words of one language as data. All are plain text (see fold.h): lower case, no accents, no
// apostrophes. A list of words has blanks between them.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/redaction/cues.h"
#include "plugins/redaction/language.h"
#include "plugins/redaction/lexicon.h"

namespace cxscribe::redaction {

struct Vocabulary {
  // Words of one kind: the first has the value `first`, each further one `step` more.
  struct Numbers {
    LexemeKind kind = LexemeKind::kDigit;
    std::uint8_t first = 0;
    std::uint8_t step = 0;
    std::string_view words;
  };
  struct Hints {
    LexemeHint hint = kMonth;
    std::uint8_t first = 0;
    std::uint8_t step = 0;
    std::string_view words;
  };
  struct Talk {
    LexemeKind kind = LexemeKind::kFiller;
    std::string_view words;
  };
  // What is said for a sign of an e-mail or IP address: '@', '.', '_', '-', '+'.
  struct Sign {
    char sign = 0;
    std::string_view words;
  };

  std::string_view tag;
  std::string_view name;
  Grammar grammar = Grammar::kJoined;
  std::string_view joiner;
  bool joins_hundreds = false;
  std::string_view bound_one;
  bool compounds = false;  // writes numbers in one word

  std::vector<Numbers> numbers;
  std::vector<Talk> talk;
  std::vector<Hints> hints;
  std::vector<Sign> signs;
  std::string_view copulas;       // "es"
  std::string_view number_words;  // "numero"
  std::vector<std::string_view> pauses;
  std::vector<std::string_view> corrections;
  std::vector<CueGroup> cues;
};

Vocabulary Spanish();
Vocabulary French();
Vocabulary German();
Vocabulary Portuguese();

}  // namespace cxscribe::redaction
