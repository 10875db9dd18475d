// Two people on the telephone: puts phrases and values together to the lines of a script.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "tests/plugins_redaction/generator/dice.h"
#include "tests/plugins_redaction/generator/phrases.h"
#include "tests/plugins_redaction/generator/script.h"
#include "tests/plugins_redaction/generator/speech.h"

namespace cxscribe::calls {

class Talk {
 public:
  // Both outlive this object.
  Talk(Dice* dice, Script* script) : dice_(*dice), script_(*script) {}

  void Greet();
  // One of the exchanges, its slots filled.
  void Have(std::span<const Exchange> exchanges);
  // The agent asks, or the customer begins by himself; the answer comes in one breath, with pauses,
  // over up to four segments, with the agent's "mm hmm" or repeats in between, now and then with a
  // slip of the tongue; then the agent thanks, or repeats all of it or a part.
  void Give(const Request& request);

 private:
  using Words = std::vector<Word>;

  void Say(std::string_view speaker, std::string_view phrase);
  void Say(std::string_view speaker, std::string_view phrase, const Said& said, int entity);
  void SayInOneBreath(const Request& request, std::string_view phrase, const Said& said,
                      int entity);
  void SayWithPauses(std::string_view phrase, const Said& said, int entity);
  void SayOverSegments(std::string_view phrase, const Said& said, int entity,
                       const std::function<void(const Said&)>& interrupt);
  void Deliver(const Request& request, std::string_view phrase, const Said& said);
  void Confirm(const Request& request, const Value& value, const Said& said);
  void AskForTheRest(const Request& request, const Said& said);

  Words Fill(std::string_view phrase, const Words& value);
  Words Slot(std::string_view name);
  int NewEntity(std::string_view type, Keep keep);
  void AddSlip(const Breath& breath, int entity, Words* out);

  Dice& dice_;
  Script& script_;
};

}  // namespace cxscribe::calls
