#include "plugins/redaction/iban.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cxscribe::redaction {
namespace {

struct Country {
  std::string_view code;
  std::size_t length;
};

constexpr Country kIbanCountries[] = {
    {"ad", 24}, {"ae", 23}, {"al", 28}, {"at", 20}, {"az", 28}, {"ba", 20}, {"be", 16}, {"bg", 22},
    {"bh", 22}, {"bi", 27}, {"br", 29}, {"by", 28}, {"ch", 21}, {"cr", 22}, {"cy", 28}, {"cz", 24},
    {"de", 22}, {"dj", 27}, {"dk", 18}, {"do", 28}, {"ee", 20}, {"eg", 29}, {"es", 24}, {"fi", 18},
    {"fk", 18}, {"fo", 18}, {"fr", 27}, {"gb", 22}, {"ge", 22}, {"gi", 23}, {"gl", 18}, {"gr", 27},
    {"gt", 28}, {"hr", 21}, {"hu", 28}, {"ie", 22}, {"il", 23}, {"iq", 23}, {"is", 26}, {"it", 27},
    {"jo", 30}, {"kw", 30}, {"kz", 20}, {"lb", 28}, {"lc", 32}, {"li", 21}, {"lt", 20}, {"lu", 20},
    {"lv", 21}, {"ly", 25}, {"mc", 27}, {"md", 24}, {"me", 22}, {"mk", 19}, {"mn", 20}, {"mr", 27},
    {"mt", 31}, {"mu", 30}, {"ni", 28}, {"nl", 18}, {"no", 15}, {"om", 23}, {"pk", 24}, {"pl", 28},
    {"ps", 29}, {"pt", 25}, {"qa", 29}, {"ro", 24}, {"rs", 22}, {"ru", 33}, {"sa", 24}, {"sc", 31},
    {"sd", 18}, {"se", 24}, {"si", 19}, {"sk", 24}, {"sm", 27}, {"so", 23}, {"st", 25}, {"sv", 28},
    {"tl", 23}, {"tn", 24}, {"tr", 26}, {"ua", 29}, {"va", 22}, {"vg", 24}, {"xk", 20}};

// Countries of large banks that have no IBAN.
constexpr std::string_view kOtherCountries[] = {
    "us", "ca", "au", "nz", "jp", "cn", "in", "hk", "sg", "za", "mx", "kr", "tw", "th", "my",
    "ph", "id", "vn", "ar", "cl", "co", "pe", "ng", "ke", "ma", "gh", "lk", "bd", "je", "gg",
    "im", "bm", "ky", "pa", "uy", "ec", "pr", "bo", "py", "np", "kh", "mo", "am", "uz"};

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::size_t IbanLength(std::string_view country) {
  // By both letters, for it is asked at every letter that somebody spells.
  static constexpr auto kLengths = [] {
    std::array<std::uint8_t, std::size_t{26} * 26> lengths{};
    for (const Country& known : kIbanCountries) {
      lengths[static_cast<std::size_t>((known.code[0] - 'a') * 26 + known.code[1] - 'a')] =
          static_cast<std::uint8_t>(known.length);
    }
    return lengths;
  }();
  if (country.size() != 2 || !IsLetter(country[0]) || !IsLetter(country[1])) return 0;
  return kLengths[static_cast<std::size_t>((country[0] - 'a') * 26 + country[1] - 'a')];
}

bool IbanHolds(std::string_view iban) {
  constexpr std::size_t kHead = 4;
  if (iban.size() <= kHead || IbanLength(iban.substr(0, 2)) != iban.size()) return false;
  if (!IsDigit(iban[2]) || !IsDigit(iban[3])) return false;
  int rest = 0;
  const auto take = [&rest](char c) {
    if (IsDigit(c)) {
      rest = (rest * 10 + (c - '0')) % 97;
    } else {
      rest = (rest * 100 + (c - 'a' + 10)) % 97;
    }
  };
  for (const char c : iban.substr(kHead)) take(c);
  for (const char c : iban.substr(0, kHead)) take(c);
  return rest == 1;
}

bool SwiftPlausible(std::string_view code) {
  if (code.size() != 8 && code.size() != 11) return false;
  if (!std::all_of(code.begin(), code.begin() + 6, IsLetter)) return false;
  const std::string_view country = code.substr(4, 2);
  return IbanLength(country) > 0 ||
         std::find(std::begin(kOtherCountries), std::end(kOtherCountries), country) !=
             std::end(kOtherCountries);
}

}  // namespace cxscribe::redaction
