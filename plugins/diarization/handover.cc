#include "plugins/diarization/handover.h"

#include "plugins/diarization/phrases.h"

namespace cxscribe::diarization {
namespace {

enum class Sign { kAnnounces, kIntroduces, kGreets };

constexpr Phrases<Sign>::Row kPhrases[] = {
    {"transfer you", Sign::kAnnounces},
    {"transferring you", Sign::kAnnounces},
    {"transfer this call", Sign::kAnnounces},
    {"transfer your call", Sign::kAnnounces},
    {"put you through", Sign::kAnnounces},
    {"putting you through", Sign::kAnnounces},
    {"pass you over", Sign::kAnnounces},
    {"pass you on", Sign::kAnnounces},
    {"pass you through", Sign::kAnnounces},
    {"connect you", Sign::kAnnounces},
    {"connecting you", Sign::kAnnounces},
    {"get you over to", Sign::kAnnounces},
    {"bring in someone", Sign::kAnnounces},

    {"this is", Sign::kIntroduces},
    {"my name is", Sign::kIntroduces},
    {"my name's", Sign::kIntroduces},
    {"you're speaking with", Sign::kIntroduces},
    {"you're speaking to", Sign::kIntroduces},
    {"you're through to", Sign::kIntroduces},
    {"you are speaking with", Sign::kIntroduces},
    {"you are speaking to", Sign::kIntroduces},
    {"you are through to", Sign::kIntroduces},

    {"how can i help", Sign::kGreets},
    {"how may i help", Sign::kGreets},
    {"how can i assist", Sign::kGreets},
    {"how may i assist", Sign::kGreets},
    {"thank you for holding", Sign::kGreets},
    {"thanks for holding", Sign::kGreets},
    {"thank you for calling", Sign::kGreets},
    {"thanks for calling", Sign::kGreets},
};

}  // namespace

Handover HandoverIn(WordSpan words) {
  static const auto* const table = new Phrases<Sign>(kPhrases);
  bool announces = false;
  bool introduces = false;
  bool greets = false;
  table->ForEach(words, [&](std::size_t, std::size_t, Sign sign) {
    announces |= sign == Sign::kAnnounces;
    introduces |= sign == Sign::kIntroduces;
    greets |= sign == Sign::kGreets;
  });
  if (introduces && greets) return Handover::kTakesOver;
  return announces ? Handover::kAnnounced : Handover::kNone;
}

}  // namespace cxscribe::diarization
