#include "tests/plugins_redaction/generator/numbers.h"

#include <cstddef>
#include <cstdint>

namespace cxscribe::calls {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

struct Range {
  int low;
  int high;
};

struct Issuer {
  Range prefix;
  std::size_t length;
};

constexpr Issuer kIssuers[] = {
    {{4, 4}, 16},       {{4, 4}, 16},     {{4, 4}, 13},       {{4, 4}, 19},  // Visa
    {{51, 55}, 16},     {{51, 55}, 16},   {{2221, 2720}, 16},                // Mastercard
    {{34, 34}, 15},     {{37, 37}, 15},                                      // American Express
    {{6011, 6011}, 16}, {{644, 649}, 16}, {{65, 65}, 16},                    // Discover
    {{300, 305}, 14},   {{36, 36}, 14},   {{3528, 3589}, 16},                // Diners Club, JCB
};

constexpr int kAreaCodes[] = {201, 202, 206, 212, 213, 214, 215, 267, 301, 303, 305, 310, 312, 313,
                              317, 323, 347, 402, 404, 407, 408, 412, 415, 416, 425, 469, 502, 503,
                              512, 513, 516, 602, 604, 612, 614, 617, 619, 646, 650, 702, 703, 704,
                              713, 714, 718, 720, 732, 757, 770, 773, 786, 801, 804, 808, 813, 816,
                              818, 832, 847, 856, 901, 904, 916, 917, 919, 949, 954, 972, 973, 980};

struct IbanForm {
  std::string_view country;
  std::size_t bank_letters;
  std::size_t digits;
};

constexpr IbanForm kIbanForms[] = {{"GB", 4, 14}, {"IE", 4, 14}, {"NL", 4, 10},
                                   {"DE", 0, 18}, {"ES", 0, 20}, {"AT", 0, 16}};

// `count` figures, any of them 0.
std::string AnyFigures(Dice& dice, std::size_t count) {
  std::string figures;
  while (figures.size() < count) figures += static_cast<char>('0' + dice.Between(0, 9));
  return figures;
}

std::string Padded(int value, std::size_t width) {
  std::string text = std::to_string(value);
  while (text.size() < width) text.insert(text.begin(), '0');
  return text;
}

std::string Letters(Dice& dice, std::size_t count, std::string_view of = kLetters) {
  std::string letters;
  while (letters.size() < count) letters += dice.Pick(of);
  return letters;
}

int Mod97(std::string_view text) {
  int rest = 0;
  for (const char c : text) {
    rest = c >= 'A' ? (rest * 100 + (c - 'A' + 10)) % 97 : (rest * 10 + (c - '0')) % 97;
  }
  return rest;
}

int VehicleValue(char c) {
  // A-H, J-R and S-Z by the table of the rule; the letters that are never used have no value.
  constexpr std::string_view kValues = "12345678-12345-7-923456789";
  return c >= 'A' ? kValues[static_cast<std::size_t>(c - 'A')] - '0' : c - '0';
}

}  // namespace

char LuhnDigit(std::string_view payload) {
  int sum = 0;
  bool doubled = true;
  for (std::size_t i = payload.size(); i > 0; --i, doubled = !doubled) {
    const int digit = (payload[i - 1] - '0') * (doubled ? 2 : 1);
    sum += digit / 10 + digit % 10;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string CardNumber(Dice& dice) {
  const Issuer& issuer = dice.Pick(kIssuers);
  std::string number = std::to_string(dice.Between(issuer.prefix.low, issuer.prefix.high));
  number += AnyFigures(dice, issuer.length - number.size() - 1);
  number += LuhnDigit(number);
  return number;
}

std::string SocialSecurityNumber(Dice& dice) {
  int area = dice.Between(1, 898);
  if (area >= 666) ++area;
  std::string number = Padded(area, 3);
  number += Padded(dice.Between(1, 99), 2);
  number += Padded(dice.Between(1, 9999), 4);
  return number;
}

std::string TaxpayerNumber(Dice& dice) {
  constexpr Range kGroups[] = {{50, 65}, {70, 88}, {90, 92}, {94, 99}};
  const Range& group = dice.Pick(kGroups);
  std::string number = "9";
  number += AnyFigures(dice, 2);
  number += std::to_string(dice.Between(group.low, group.high));
  number += AnyFigures(dice, 4);
  return number;
}

std::string RoutingNumber(Dice& dice) {
  constexpr Range kDistricts[] = {{1, 12}, {21, 32}};
  const Range& district = dice.Pick(kDistricts);
  std::string number = Padded(dice.Between(district.low, district.high), 2);
  number += AnyFigures(dice, 6);
  constexpr int kWeights[] = {3, 7, 1, 3, 7, 1, 3, 7};
  int sum = 0;
  for (std::size_t i = 0; i < number.size(); ++i) sum += kWeights[i] * (number[i] - '0');
  number += static_cast<char>('0' + (10 - sum % 10) % 10);
  return number;
}

std::string Iban(Dice& dice) {
  const IbanForm& form = dice.Pick(kIbanForms);
  std::string account = Letters(dice, form.bank_letters);
  account += AnyFigures(dice, form.digits);
  const std::string country(form.country);
  const int check = 98 - Mod97(account + country + "00");
  return country + Padded(check, 2) + account;
}

std::string SwiftCode(Dice& dice) {
  constexpr std::string_view kCountries[] = {"US", "GB", "DE", "FR", "CH", "CA"};
  std::string code = Letters(dice, 4);
  code += dice.Pick(kCountries);
  code += Letters(dice, 1);
  code += Padded(dice.Between(2, 9), 1);
  if (dice.Chance(30)) code += dice.Figures(3);
  return code;
}

std::string AmericanPhone(Dice& dice) {
  std::string number = std::to_string(dice.Pick(kAreaCodes));
  int exchange = dice.Between(200, 999);
  if (exchange % 100 == 11) ++exchange;
  number += std::to_string(exchange);
  number += AnyFigures(dice, 4);
  return number;
}

std::string NhsNumber(Dice& dice) {
  for (;;) {
    std::string number = dice.Figures(9);
    int sum = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
      sum += static_cast<int>(10 - i) * (number[i] - '0');
    }
    const int check = (11 - sum % 11) % 11;
    if (check == 10) continue;
    number += static_cast<char>('0' + check);
    return number;
  }
}

std::string NationalInsuranceNumber(Dice& dice) {
  constexpr std::string_view kFirst = "ABCEHJKLMPRSTWXY";
  constexpr std::string_view kSecond = "ACEHJLMPRSWXYZ";
  constexpr std::string_view kSuffix = "ABCD";
  std::string number = Letters(dice, 1, kFirst);
  number += Letters(dice, 1, kSecond);
  number += AnyFigures(dice, 6);
  number += Letters(dice, 1, kSuffix);
  return number;
}

std::string VehicleNumber(Dice& dice) {
  constexpr std::string_view kMakers[] = {"1HG", "1FT", "2T1", "3VW", "4T1", "5YJ", "JHM", "WBA"};
  constexpr std::string_view kUsed = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
  constexpr int kWeights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  std::string number(dice.Pick(kMakers));
  number += Letters(dice, 5, kUsed);
  number += '0';
  number += Letters(dice, 2, kUsed);
  number += dice.Figures(6);
  int sum = 0;
  for (std::size_t i = 0; i < number.size(); ++i) sum += kWeights[i] * VehicleValue(number[i]);
  number[8] = sum % 11 == 10 ? 'X' : static_cast<char>('0' + sum % 11);
  return number;
}

std::string BritishPostcode(Dice& dice) {
  constexpr std::string_view kAreas[] = {"M", "B", "L", "S", "LS", "BS", "SW", "NE", "EH", "CF"};
  constexpr std::string_view kInward = "ABDEFGHJLNPQRSTUWXYZ";
  std::string code(dice.Pick(kAreas));
  code += std::to_string(dice.Between(1, 19));
  code += std::to_string(dice.Between(1, 9));
  code += Letters(dice, 2, kInward);
  return code;
}

}  // namespace cxscribe::calls
