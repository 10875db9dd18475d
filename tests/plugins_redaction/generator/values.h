// What people tell an agent about themselves, as values: how they say it is for speech.h.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/plugins_redaction/generator/dice.h"

namespace cxscribe::calls {

// Digits only, in the groups that people make of it: {"212", "555", "0147"}.
struct Number {
  std::vector<std::string> groups;
  bool plus = false;   // an international number
  bool phone = false;  // may be written with brackets
};

// Capital letters and digits, in groups.
struct Code {
  std::vector<std::string> groups;
};

struct Name {
  std::string first;
  std::string last;
};

struct Date {
  int year = 0;
  int month = 0;  // 1-12
  int day = 0;    // 1-28
};

struct Expiry {
  int year = 0;
  int month = 0;
};

// "jane" joiner "doe" figures "@" domain; `last` and `figures` may be empty.
struct Email {
  std::string first;
  std::string last;
  std::string joiner;  // ".", "_", "-" or empty
  std::string figures;
  std::string domain;
};

struct Street {
  int house = 0;
  std::string name;   // with "Street", "Avenue", ...
  int apartment = 0;  // 0: none
};

struct NetworkAddress {
  std::array<int, 4> octets{};
};

// A user name: a word and figures, one token when written.
struct UserName {
  std::string word;
  std::string figures;
};

struct Password {
  std::string word;
  std::string figures;
  char symbol = '!';  // '!', '#' or '$'
};

using Value = std::variant<Number, Code, Name, Date, Expiry, Email, Street, NetworkAddress,
                           UserName, Password>;

// `digits` cut into parts of about `size`; the last one may be longer.
Number Grouped(const std::string& digits, std::size_t size);

Name MakeName(Dice& dice);
std::string MakeCity(Dice& dice);
std::string MakeState(Dice& dice);
// A value of one of the documented entity types, for example "CREDIT_CARD", or "SSN_SERIAL": the last
// four digits of an SSN.
Value MakeValue(std::string_view kind, Dice& dice);

}  // namespace cxscribe::calls
