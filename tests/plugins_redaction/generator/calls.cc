#include "tests/plugins_redaction/generator/calls.h"

#include <nlohmann/json.hpp>

#include "tests/plugins_redaction/generator/phrases.h"
#include "tests/plugins_redaction/generator/talk.h"

namespace cxscribe::calls {
namespace {

// splitmix64 (public domain, Sebastiano Vigna): seeds of neighbouring calls that share nothing.
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

const Request& PickRequest(Dice& dice) {
  int all = 0;
  for (const Request& request : Requests()) all += request.weight;
  int thrown = dice.Between(0, all - 1);
  for (const Request& request : Requests()) {
    thrown -= request.weight;
    if (thrown < 0) return request;
  }
  return Requests().front();
}

const Request& RequestFor(std::string_view type) {
  for (const Request& request : Requests()) {
    if (request.type == type) return request;
  }
  return Requests().front();
}

Script MakeScript(bool with_data, Dice& dice) {
  Script script;
  Talk talk(&dice, &script);
  talk.Greet();
  const int parts = dice.Between(3, 8);
  for (int part = 0; part < parts; ++part) {
    const int kind = dice.Between(0, 99);
    if (kind < 25) {
      talk.Have(SmallTalk());
    } else if (kind < 50 || !with_data) {
      talk.Have(Distractors());
    } else {
      const Request& request = PickRequest(dice);
      talk.Give(request);
      if (request.type == "CREDIT_CARD" && dice.Chance(50)) {
        talk.Give(RequestFor("CARD_EXPIRY"));
        talk.Give(RequestFor("CARD_CVV"));
      }
    }
  }
  talk.Have(Farewells());
  return script;
}

std::size_t Characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

}  // namespace

std::vector<Call> MakeCalls(const CallOptions& options) {
  std::vector<Call> calls;
  for (int i = 0; i < options.count; ++i) {
    const std::uint64_t seed = Mix(Mix(options.seed) + static_cast<std::uint64_t>(i));
    Dice dice(seed);
    Script script = MakeScript(options.with_data, dice);
    const bool with_marks = dice.Chance(40);
    Dice noise_dice(Mix(seed));
    AddNoise(options.noise, noise_dice, &script);
    Call& call = calls.emplace_back(Write(script, with_marks));
    call.id = "call-" + std::to_string(options.seed) + "-" + std::to_string(i);
  }
  return calls;
}

std::string ToJson(const Call& call) {
  nlohmann::json json = {{"id", call.id},
                         {"segments", nlohmann::json::array()},
                         {"speakers", nlohmann::json::array()},
                         {"entities", nlohmann::json::array()}};
  for (const Segment& segment : call.segments) {
    json["segments"].push_back(segment.text);
    json["speakers"].push_back(segment.speaker);
  }
  for (const Gold& gold : call.gold) {
    const std::string_view text = call.segments[gold.segment].text;
    nlohmann::json entity = {{"segment", gold.segment},
                             {"start", Characters(text.substr(0, gold.begin))},
                             {"end", Characters(text.substr(0, gold.end))}};
    if (gold.keep == Keep::kWhole) {
      entity["label"] = gold.type;
    } else {
      entity["label"] = "PARTIAL";
      entity["of"] = gold.type;
    }
    json["entities"].push_back(std::move(entity));
  }
  return json.dump();
}

}  // namespace cxscribe::calls
