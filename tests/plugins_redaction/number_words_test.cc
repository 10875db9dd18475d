// How numbers said in Spanish, French, German and Portuguese become digits.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/redaction/digit_runs.h"
#include "plugins/redaction/number_reader.h"
#include "tests/plugins_redaction/found.h"
#include "tests/plugins_redaction/spoken.h"

namespace cxscribe::redaction {
namespace {

// The digits of every run, separated by blanks.
std::string Digits(std::string_view tag, std::string_view text) {
  Pulse pulse{{}};
  std::string all;
  for (const DigitRun& run :
       FindDigitRuns(Tokenise({{"", text}}, LanguageOf(tag), &pulse), &pulse)) {
    if (!all.empty()) all += ' ';
    all += run.digits;
  }
  return all;
}

class EveryNumber : public ::testing::TestWithParam<std::string_view> {};

TEST_P(EveryNumber, IsReadAsItIsSaid) {
  constexpr int kLast = 9999;
  Pulse pulse{{}};
  for (int n = 0; n <= kLast; ++n) {
    if (n == 1000) continue;  // "mil gracias": alone it is no number
    const std::string said = Say(GetParam(), n);
    for (const std::string& text : {said, WithoutAccents(said), Decomposed(said)}) {
      const Tokens tokens = Tokenise({{"", text}}, LanguageOf(GetParam()), &pulse);
      const auto number = ReadNumber(tokens, 0, false);
      ASSERT_TRUE(number.has_value()) << text;
      ASSERT_EQ(number->digits, std::to_string(n)) << text;
      ASSERT_EQ(number->token_end, tokens.size()) << text;
      ASSERT_EQ(tokens.list.back().end, static_cast<int>(text.size())) << text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, EveryNumber, ::testing::Values("es", "fr", "de", "pt"));

struct NumberCase {
  std::string_view tag;
  std::string_view text;
  std::string_view digits;
};

class NumberWords : public ::testing::TestWithParam<NumberCase> {};

TEST_P(NumberWords, BecomeTheDigitsThatWereMeant) {
  EXPECT_EQ(Digits(GetParam().tag, GetParam().text), GetParam().digits) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(NoNumber, NumberWords,
                         ::testing::Values(NumberCase{"es", "mil gracias, una vez m\u00e1s", ""},
                                           NumberCase{"es", "once", ""},  // eleven, and too short
                                           NumberCase{"es", "cuesta ciento veinte euros", ""},
                                           NumberCase{"es", "tres millones quinientos mil", ""},
                                           NumberCase{"fr", "cent fois merci", ""},
                                           NumberCase{"fr", "deux cent vingt euros", ""},
                                           NumberCase{"de", "ein Kunde und ein Hund", ""},
                                           NumberCase{"de", "hundertzwanzig Euro und tausend Dank",
                                                      ""},
                                           NumberCase{"de", "die ersten und die zweiten", ""},
                                           NumberCase{"pt", "um minuto, meia hora", ""},
                                           NumberCase{"pt", "duzentos e vinte reais", ""}));

INSTANTIATE_TEST_SUITE_P(
    Spanish, NumberWords,
    ::testing::Values(NumberCase{"es", "dos cero siete", "207"},
                      NumberCase{"es", "veintitr\u00e9s treinta y cinco", "2335"},
                      NumberCase{"es", "VEINTITR\u00c9S VEINTITRES", "2323"},
                      NumberCase{"es", "doble cero triple siete", "00777"},
                      NumberCase{"es", "tres ceros y dos", "0002"},
                      NumberCase{"es", "diez y seis veintid\u00f3s", "1622"},
                      NumberCase{"es", "treinta, cinco, cuatro", "3054"},
                      NumberCase{"es", "ochocientos cinco cinco cinco", "800555"},
                      NumberCase{"es", "ciento veintitr\u00e9s cuatrocientos cinco", "123405"},
                      NumberCase{"es", "mil novecientos ochenta y cinco", "1985"},
                      NumberCase{"es", "uno dos eh tres este cuatro", "1234"},
                      NumberCase{"es", "uno dos, vale, un momento tres", "123"},
                      NumberCase{"es", "cuatro gui\u00f3n cinco espacio seis", "456"}));

INSTANTIATE_TEST_SUITE_P(
    French, NumberWords,
    ::testing::Values(NumberCase{"fr", "soixante-dix quatre-vingt-dix-sept", "7097"},
                      NumberCase{"fr", "soixante dix sept quatre vingt onze", "7791"},
                      NumberCase{"fr", "vingt et un soixante et onze", "2171"},
                      NumberCase{
                          "fr", "z\u00e9ro six douze trente-quatre cinquante-six soixante-dix-huit",
                          "0612345678"},
                      NumberCase{"fr", "quatre-vingts, quatre-vingt un deux", "80812"},
                      NumberCase{"fr", "septante-deux huitante nonante et un", "728091"},
                      NumberCase{"fr", "quatre cent quatre-vingt-trois", "483"},
                      NumberCase{"fr", "dix-neuf cent quatre-vingt-cinq", "1985"},
                      NumberCase{"fr", "double z\u00e9ro sept", "007"},
                      NumberCase{"fr", "un deux euh trois d'accord quatre", "1234"},
                      NumberCase{"fr", "un deux tiret trois point quatre", "1234"}));

INSTANTIATE_TEST_SUITE_P(
    German, NumberWords,
    ::testing::Values(NumberCase{"de", "dreiundzwanzig zwo einundneunzig", "23291"},
                      NumberCase{"de", "siebenundachtzig ein und neunzig", "8791"},
                      NumberCase{"de", "f\u00fcnf fuenf funf", "555"},
                      NumberCase{"de", "f\u00fcnfunddrei\u00dfig fuenfunddreissig", "3535"},
                      NumberCase{"de", "hundertdreiundzwanzig vier hundert f\u00fcnf", "123405"},
                      NumberCase{"de", "neunzehnhundertf\u00fcnfundachtzig", "1985"},
                      NumberCase{"de", "zweitausendvierundzwanzig", "2024"},
                      NumberCase{"de", "doppel null sieben doppelnull", "00700"},
                      NumberCase{"de", "eins \u00e4h zwei \u00e4hm genau drei", "123"},
                      NumberCase{"de", "zwanzig drei vier", "2034"},
                      NumberCase{"de", "eins zwei und drei", "123"}));

INSTANTIATE_TEST_SUITE_P(
    Portuguese, NumberWords,
    ::testing::Values(NumberCase{"pt", "meia meia um", "661"},
                      NumberCase{"pt", "vinte e um trinta e tr\u00eas", "2133"},
                      NumberCase{"pt", "dezesseis dezasseis dezessete dezanove", "16161719"},
                      NumberCase{"pt", "catorze quatorze", "1414"},
                      NumberCase{"pt", "cento e vinte e tr\u00eas", "123"},
                      NumberCase{"pt", "mil novecentos e oitenta e cinco", "1985"},
                      NumberCase{"pt", "um dois n\u00e9 tr\u00eas e quatro", "1234"},
                      NumberCase{"pt", "duplo zero sete", "007"},
                      NumberCase{"pt", "nove, oito, s\u00f3 um momento, sete", "987"}));

}  // namespace
}  // namespace cxscribe::redaction
