// What is found in Spanish, French, German and Portuguese, and what is not.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"

namespace cxscribe::redaction {
namespace {

using ::testing::ElementsAreArray;

struct LanguageCall {
  std::string_view tag;
  std::vector<std::string_view> lines;
  std::vector<std::string> found;
};

class Languages : public ::testing::TestWithParam<LanguageCall> {};

TEST_P(Languages, FindWhatIsSaid) {
  const LanguageCall& call = GetParam();
  EXPECT_THAT(Found(call.lines, EntitySet::All(), LanguageOf(call.tag)),
              ElementsAreArray(call.found))
      << call.tag << ": " << call.lines.front();
}

INSTANTIATE_TEST_SUITE_P(
    Spanish, Languages,
    ::testing::Values(
        LanguageCall{"es",
                     {"a: \u00bfme da el n\u00famero de su tarjeta?",
                      "c: s\u00ed, cuatro uno uno uno, eh, uno uno uno uno", "a: aj\u00e1",
                      "c: uno uno uno uno doble uno doble uno"},
                     {"CREDIT_CARD cuatro uno uno uno, eh, uno uno uno uno|uno uno uno uno doble "
                      "uno doble uno"}},
        LanguageCall{"es",
                     {"a: \u00bfla fecha de vencimiento?", "c: cero cinco veintisiete",
                      "a: \u00bfel c\u00f3digo de seguridad?", "c: tres veintiuno"},
                     {"CARD_EXPIRY cero cinco veintisiete", "CARD_CVV tres veintiuno"}},
        LanguageCall{"es",
                     {"a: \u00bfcu\u00e1ndo vence la tarjeta?", "c: mayo de dos mil veintisiete"},
                     {"CARD_EXPIRY mayo de dos mil veintisiete"}},
        LanguageCall{"es",
                     {"a: su fecha de nacimiento por favor",
                      "c: el tres de mayo de mil novecientos ochenta y cinco"},
                     {"DATE_OF_BIRTH tres de mayo de mil novecientos ochenta y cinco"}},
        LanguageCall{
            "es",
            {"c: mi tel\u00e9fono es seis doce treinta y cuatro cincuenta y seis setenta y "
             "ocho"},
            {"PHONE seis doce treinta y cuatro cincuenta y seis setenta y ocho"}},
        LanguageCall{"es",
                     {"c: mi correo es ana punto ruiz gui\u00f3n bajo ocho arroba gmail punto com"},
                     {"EMAIL ana punto ruiz gui\u00f3n bajo ocho arroba gmail punto com"}},
        LanguageCall{"es",
                     {"a: d\u00edgame el IBAN",
                      "c: ES noventa y uno veintiuno cero cero cero cuatro dieciocho "
                      "cuarenta y cinco cero dos cero cero cero cinco trece "
                      "treinta y dos"},
                     {"IBAN ES noventa y uno veintiuno cero cero cero cuatro dieciocho cuarenta y "
                      "cinco cero dos cero cero cero cinco trece treinta y dos"}},
        LanguageCall{"es",
                     {"a: \u00bfy el n\u00famero de cuenta?", "c: cero cuatro cinco ocho ocho uno"},
                     {"BANK_ACCOUNT cero cuatro cinco ocho ocho uno"}},
        LanguageCall{"es", {"c: mi pin es doce treinta y cuatro"}, {"PIN doce treinta y cuatro"}},
        LanguageCall{"es",
                     {"c: mi n\u00famero de pedido es cuatro cinco seis siete ocho nueve uno",
                      "a: son ciento veinte euros, llega en dos o tres d\u00edas a las once",
                      "a: mil gracias y que tenga buen d\u00eda, \u00bfalgo m\u00e1s?"},
                     {}}));

INSTANTIATE_TEST_SUITE_P(
    French, Languages,
    ::testing::Values(
        LanguageCall{
            "fr",
            {"c: ma carte c'est quarante et un onze, onze onze, onze onze, euh, onze onze"},
            {"CREDIT_CARD quarante et un onze, onze onze, onze onze, euh, onze onze"}},
        LanguageCall{"fr",
                     {"a: le cryptogramme au dos de la carte ?", "c: cent vingt-trois"},
                     {"CARD_CVV cent vingt-trois"}},
        LanguageCall{"fr",
                     {"a: la date d'expiration ?", "c: z\u00e9ro neuf vingt-huit"},
                     {"CARD_EXPIRY z\u00e9ro neuf vingt-huit"}},
        LanguageCall{"fr",
                     {"a: votre date de naissance ?",
                      "c: le quatorze juillet mille neuf cent quatre-vingt-dix-sept"},
                     {"DATE_OF_BIRTH quatorze juillet mille neuf cent quatre-vingt-dix-sept"}},
        LanguageCall{
            "fr",
            {"c: rappelez-moi au z\u00e9ro six, douze, quatre-vingt-onze, soixante-dix-huit, "
             "vingt et un"},
            {"PHONE z\u00e9ro six, douze, quatre-vingt-onze, soixante-dix-huit, vingt et un"}},
        LanguageCall{"fr",
                     {"c: mon adresse mail c'est marie tiret dupont arobase orange point fr"},
                     {"EMAIL marie tiret dupont arobase orange point fr"}},
        LanguageCall{"fr",
                     {"c: l'IBAN c'est FR14 2004 1010 0505 0001 3M02 606"},
                     {"IBAN FR14 2004 1010 0505 0001 3M02 606"}},
        LanguageCall{"fr",
                     {"c: mon num\u00e9ro de commande c'est quatre cinq six sept huit neuf",
                      "a: cela fait deux cent vingt euros, livraison dans trois ou quatre jours"},
                     {}}));

INSTANTIATE_TEST_SUITE_P(
    German, Languages,
    ::testing::Values(
        LanguageCall{
            "de",
            {"a: Ihre Kreditkartennummer bitte", "c: ja, einundvierzig elf, \u00e4h, elf elf",
             "a: mhm", "c: elf elf und dann elf elf"},
            {"CREDIT_CARD einundvierzig elf, \u00e4h, elf elf|elf elf und dann elf elf"}},
        LanguageCall{"de",
                     {"a: die Pr\u00fcfziffer auf der R\u00fcckseite?", "c: sieben zwo drei"},
                     {"CARD_CVV sieben zwo drei"}},
        LanguageCall{"de",
                     {"a: g\u00fcltig bis?", "c: null neun achtundzwanzig"},
                     {"CARD_EXPIRY null neun achtundzwanzig"}},
        LanguageCall{
            "de",
            {"a: Ihr Geburtsdatum?", "c: dritter M\u00e4rz neunzehnhundertf\u00fcnfundachtzig"},
            {"DATE_OF_BIRTH dritter M\u00e4rz neunzehnhundertf\u00fcnfundachtzig"}},
        LanguageCall{"de",
                     {"c: meine Handynummer ist null eins sieben eins dreiundzwanzig "
                      "siebenundachtzig einundneunzig"},
                     {"PHONE null eins sieben eins dreiundzwanzig siebenundachtzig einundneunzig"}},
        LanguageCall{"de",
                     {"c: schreiben Sie an jonas unterstrich keller at gmx punkt de"},
                     {"EMAIL jonas unterstrich keller at gmx punkt de"}},
        LanguageCall{"de",
                     {"a: die IBAN?", "c: DE89 3704 0044 0532 0130 00"},
                     {"IBAN DE89 3704 0044 0532 0130 00"}},
        LanguageCall{"de",
                     {"c: meine Bestellnummer ist vier f\u00fcnf sechs sieben acht neun",
                      "a: das macht hundertzwanzig Euro, in zwei bis drei Tagen um elf Uhr",
                      "a: tausend Dank, ein Kollege ruft gleich an"},
                     {}}));

INSTANTIATE_TEST_SUITE_P(
    Portuguese, Languages,
    ::testing::Values(
        LanguageCall{"pt",
                     {"a: o n\u00famero do cart\u00e3o?",
                      "c: quarenta e um onze, n\u00e9, onze onze, onze onze, onze onze"},
                     {"CREDIT_CARD quarenta e um onze, n\u00e9, onze onze, onze onze, onze onze"}},
        LanguageCall{"pt",
                     {"a: e o c\u00f3digo de seguran\u00e7a?", "c: meia dois meia"},
                     {"CARD_CVV meia dois meia"}},
        LanguageCall{"pt",
                     {"a: qual a validade do cart\u00e3o?", "c: zero nove vinte e oito"},
                     {"CARD_EXPIRY zero nove vinte e oito"}},
        LanguageCall{"pt",
                     {"a: sua data de nascimento?",
                      "c: tr\u00eas de mar\u00e7o de mil novecentos e oitenta e cinco"},
                     {"DATE_OF_BIRTH tr\u00eas de mar\u00e7o de mil novecentos e oitenta e cinco"}},
        LanguageCall{
            "pt",
            {"c: meu celular \u00e9 onze nove oito meia cinco quatro tr\u00eas dois um zero"},
            {"PHONE onze nove oito meia cinco quatro tr\u00eas dois um zero"}},
        LanguageCall{"pt",
                     {"c: meu e-mail \u00e9 joana ponto lima arroba exemplo ponto com ponto br"},
                     {"EMAIL joana ponto lima arroba exemplo ponto com ponto br"}},
        LanguageCall{"pt",
                     {"c: o IBAN \u00e9 PT50 0002 0123 1234 5678 9015 4"},
                     {"IBAN PT50 0002 0123 1234 5678 9015 4"}},
        LanguageCall{"pt",
                     {"c: o n\u00famero do pedido \u00e9 quatro cinco seis sete oito nove",
                      "a: s\u00e3o duzentos e vinte reais, chega em dois ou tr\u00eas dias"},
                     {}}));

// Names, addresses, passwords and national numbers have no detector there: nothing is said of them.
TEST(LanguageTables, LookForWhatTheyHaveTablesFor) {
  for (const std::string_view tag : {"es", "fr", "de", "pt"}) {
    const EntitySet& types = LanguageOf(tag).looks_for();
    EXPECT_TRUE(types.Has(Entity::kCreditCard) && types.Has(Entity::kEmail));
    for (const Entity entity :
         {Entity::kPerson, Entity::kAddress, Entity::kPostalCode, Entity::kPassword,
          Entity::kUsername, Entity::kSsn, Entity::kItin, Entity::kNationalId,
          Entity::kRoutingNumber, Entity::kPassport, Entity::kDriverLicence, Entity::kLicencePlate,
          Entity::kVehicleId, Entity::kMedicalRecord, Entity::kHealthPlan}) {
      EXPECT_FALSE(types.Has(entity)) << EntityName(entity);
    }
  }
}

// A cue and a phrase must be plain text, or no text is ever like it.
TEST(LanguageTables, HaveTablesOfPlainWords) {
  for (const Language* language : Language::All()) {
    if (language->english()) continue;
    for (const Cue& cue : language->cues()) {
      for (std::size_t i = 0; i < cue.size; ++i) {
        EXPECT_EQ(Fold(cue.words[i], Accents::kFolded).text, cue.words[i]);
      }
    }
    for (const Phrase& phrase : language->phrases()) {
      for (std::size_t i = 0; i < phrase.size; ++i) {
        EXPECT_EQ(Fold(phrase.words[i], Accents::kFolded).text, phrase.words[i]);
      }
    }
  }
}

}  // namespace
}  // namespace cxscribe::redaction
