// Words that addresses are made of.
#pragma once

#include <cstdint>
#include <string_view>

namespace cxscribe::redaction {

enum class PlaceCue : std::uint8_t {
  kNone,
  kStreet,      // "street", "avenue": ends the name of one, and little else
  kWay,         // "way", "drive": ends the name of one, or is an ordinary word
  kStreetHead,  // "via", "rue": begins the name of one
  kUnit,        // "apartment", "suite"
  kRegion,      // a state or a country
  kCity,        // a large city
  kAddress,     // "address"
  kResides,     // "live", "moved": with what follows
  kMonth,       // or a currency: a number beside it is no house
  kDirection,   // "north", "nw"
};

// `lower` is one word in ASCII lower case.
PlaceCue PlaceCueOf(std::string_view lower);

}  // namespace cxscribe::redaction
