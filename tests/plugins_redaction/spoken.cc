#include "tests/plugins_redaction/spoken.h"

#include <array>
#include <cstddef>
#include <utility>

namespace cxscribe::redaction {
namespace {

using Small = std::array<std::string_view, 20>;

std::string Tens(const std::array<std::string_view, 10>& tens, std::string_view joiner,
                 const Small& small, int n) {
  std::string text(tens[static_cast<std::size_t>(n / 10)]);
  if (n % 10 > 0)
    text += std::string(joiner) + std::string(small[static_cast<std::size_t>(n % 10)]);
  return text;
}

std::string Spanish(int n) {
  static constexpr Small kSmall = {"cero",           "uno",        "dos",       "tres",
                                   "cuatro",         "cinco",      "seis",      "siete",
                                   "ocho",           "nueve",      "diez",      "once",
                                   "doce",           "trece",      "catorce",   "quince",
                                   "diecis\u00e9is", "diecisiete", "dieciocho", "diecinueve"};
  static constexpr std::array<std::string_view, 10> kTwenties = {
      "veinte",      "veintiuno",       "veintid\u00f3s", "veintitr\u00e9s", "veinticuatro",
      "veinticinco", "veintis\u00e9is", "veintisiete",    "veintiocho",      "veintinueve"};
  static constexpr std::array<std::string_view, 10> kTens = {
      "", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"};
  static constexpr std::array<std::string_view, 10> kHundreds = {
      "",           "ciento",      "doscientos",  "trescientos", "cuatrocientos",
      "quinientos", "seiscientos", "setecientos", "ochocientos", "novecientos"};
  if (n >= 1000) {
    const std::string head = n < 2000 ? "mil" : Spanish(n / 1000) + " mil";
    return n % 1000 == 0 ? head : head + ' ' + Spanish(n % 1000);
  }
  if (n == 100) return "cien";
  if (n > 100) {
    const std::string head(kHundreds[static_cast<std::size_t>(n / 100)]);
    return n % 100 == 0 ? head : head + ' ' + Spanish(n % 100);
  }
  if (n < 20) return std::string(kSmall[static_cast<std::size_t>(n)]);
  if (n < 30) return std::string(kTwenties[static_cast<std::size_t>(n - 20)]);
  return Tens(kTens, " y ", kSmall, n);
}

std::string French(int n) {
  static constexpr Small kSmall = {"z\u00e9ro", "un",    "deux",     "trois",    "quatre",
                                   "cinq",      "six",   "sept",     "huit",     "neuf",
                                   "dix",       "onze",  "douze",    "treize",   "quatorze",
                                   "quinze",    "seize", "dix-sept", "dix-huit", "dix-neuf"};
  static constexpr std::array<std::string_view, 7> kTens = {
      "", "", "vingt", "trente", "quarante", "cinquante", "soixante"};
  if (n >= 1000) {
    const std::string head = n < 2000 ? "mille" : French(n / 1000) + " mille";
    return n % 1000 == 0 ? head : head + ' ' + French(n % 1000);
  }
  if (n >= 100) {
    const std::string head = n < 200 ? "cent" : French(n / 100) + " cent";
    if (n % 100 == 0) return n < 200 ? head : head + 's';
    return head + ' ' + French(n % 100);
  }
  if (n < 20) return std::string(kSmall[static_cast<std::size_t>(n)]);
  if (n == 80) return "quatre-vingts";
  if (n > 80) return "quatre-vingt-" + French(n - 80);
  const int tens = n >= 60 ? 60 : n / 10 * 10;
  const std::string head(kTens[static_cast<std::size_t>(tens / 10)]);
  const int rest = n - tens;
  if (rest == 0) return head;
  return head + (rest == 1 || rest == 11 ? " et " : "-") + French(rest);
}

std::string German(int n) {
  static constexpr Small kSmall = {
      "null",     "eins",          "zwei",     "drei",     "vier",     "f\u00fcnf",  "sechs",
      "sieben",   "acht",          "neun",     "zehn",     "elf",      "zw\u00f6lf", "dreizehn",
      "vierzehn", "f\u00fcnfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"};
  static constexpr std::array<std::string_view, 10> kTens = {
      "",        "",        "zwanzig", "drei\u00dfig", "vierzig", "f\u00fcnfzig",
      "sechzig", "siebzig", "achtzig", "neunzig"};
  const auto head = [](int one) { return one == 1 ? std::string("ein") : German(one); };
  if (n >= 2000 || (n >= 1000 && n < 1100)) {
    return head(n / 1000) + "tausend" + (n % 1000 == 0 ? "" : German(n % 1000));
  }
  if (n >= 100) return head(n / 100) + "hundert" + (n % 100 == 0 ? "" : German(n % 100));
  if (n < 20) return std::string(kSmall[static_cast<std::size_t>(n)]);
  const std::string tens(kTens[static_cast<std::size_t>(n / 10)]);
  return n % 10 == 0 ? tens : head(n % 10) + "und" + tens;
}

std::string Portuguese(int n) {
  static constexpr Small kSmall = {"zero",   "um",        "dois",      "tr\u00eas", "quatro",
                                   "cinco",  "seis",      "sete",      "oito",      "nove",
                                   "dez",    "onze",      "doze",      "treze",     "quatorze",
                                   "quinze", "dezesseis", "dezessete", "dezoito",   "dezenove"};
  static constexpr std::array<std::string_view, 10> kTens = {
      "",          "",         "vinte",   "trinta",  "quarenta",
      "cinquenta", "sessenta", "setenta", "oitenta", "noventa"};
  static constexpr std::array<std::string_view, 10> kHundreds = {
      "",           "cento",      "duzentos",   "trezentos",  "quatrocentos",
      "quinhentos", "seiscentos", "setecentos", "oitocentos", "novecentos"};
  if (n >= 1000) {
    const std::string head = n < 2000 ? "mil" : Portuguese(n / 1000) + " mil";
    const int rest = n % 1000;
    if (rest == 0) return head;
    return head + (rest < 100 || rest % 100 == 0 ? " e " : " ") + Portuguese(rest);
  }
  if (n == 100) return "cem";
  if (n > 100) {
    const std::string head(kHundreds[static_cast<std::size_t>(n / 100)]);
    return n % 100 == 0 ? head : head + " e " + Portuguese(n % 100);
  }
  if (n < 20) return std::string(kSmall[static_cast<std::size_t>(n)]);
  return Tens(kTens, " e ", kSmall, n);
}

// The accented letters of the words above: composed, decomposed, plain.
struct Letter {
  std::string_view composed;
  std::string_view decomposed;
  std::string_view plain;
};
constexpr std::array<Letter, 9> kLetters = {{{"\u00e9", "e\u0301", "e"},
                                             {"\u00ea", "e\u0302", "e"},
                                             {"\u00f3", "o\u0301", "o"},
                                             {"\u00fc", "u\u0308", "u"},
                                             {"\u00f6", "o\u0308", "o"},
                                             {"\u00e7", "c\u0327", "c"},
                                             {"\u00e3", "a\u0303", "a"},
                                             {"\u00e1", "a\u0301", "a"},
                                             {"\u00df", "\u00df", "ss"}}};

std::string Replaced(std::string text, std::string_view Letter::*by) {
  for (const Letter& letter : kLetters) {
    for (std::size_t at = text.find(letter.composed); at != std::string::npos;
         at = text.find(letter.composed, at + (letter.*by).size())) {
      text.replace(at, letter.composed.size(), letter.*by);
    }
  }
  return text;
}

}  // namespace

std::string Say(std::string_view tag, int number) {
  if (tag == "es") return Spanish(number);
  if (tag == "fr") return French(number);
  if (tag == "de") return German(number);
  return Portuguese(number);
}

std::string SayDigits(std::string_view tag, std::string_view digits) {
  std::string text;
  for (const char digit : digits) {
    if (!text.empty()) text += ' ';
    text += Say(tag, digit - '0');
  }
  return text;
}

std::string WithoutAccents(std::string_view text) {
  return Replaced(std::string(text), &Letter::plain);
}

std::string Decomposed(std::string_view text) {
  return Replaced(std::string(text), &Letter::decomposed);
}

}  // namespace cxscribe::redaction
