// A floor under what is found in Spanish, French, German and Portuguese, on answers made from a seed:
// digit by digit, in twos and in threes, with fillers, with accents, without and decomposed. Run with
//
//   plugins_redaction_test --gtest_filter='LanguageQuality.*'
//
// to read the table. The lines are this project's own, and much tidier than speech is.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/plugins_redaction/found.h"
#include "tests/plugins_redaction/generator/dice.h"
#include "tests/plugins_redaction/generator/numbers.h"
#include "tests/plugins_redaction/spoken.h"

namespace cxscribe::redaction {
namespace {

using Texts = std::array<std::string_view, 2>;

struct Spoken {
  std::string_view tag;
  std::array<std::string_view, 12> months;
  std::string_view of;      // between the parts of a date
  std::string_view filler;  // between two groups
  Texts card, code, expiry, phone, birth, pin;
  std::array<double, 6> floor;  // in that order
};

const std::array<Spoken, 4> kSpoken = {
    {{"es",
      {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
       "octubre", "noviembre", "diciembre"},
      " de ",
      "este",
      {"\u00bfel n\u00famero de su tarjeta?", "d\u00edgame los d\u00edgitos de la tarjeta"},
      {"\u00bfy el c\u00f3digo de seguridad?", "los tres n\u00fameros de la parte de atr\u00e1s"},
      {"\u00bfcu\u00e1ndo vence?", "la fecha de caducidad por favor"},
      {"\u00bfun tel\u00e9fono de contacto?", "\u00bfa qu\u00e9 celular le llamo?"},
      {"su fecha de nacimiento", "\u00bfcu\u00e1ndo naci\u00f3 usted?"},
      {"introduzca el pin", "\u00bfcu\u00e1l es su clave secreta?"},
      {0.99, 0.99, 0.99, 0.98, 0.99, 0.99}},
     {"fr",
      {"janvier", "f\u00e9vrier", "mars", "avril", "mai", "juin", "juillet", "ao\u00fbt",
       "septembre", "octobre", "novembre", "d\u00e9cembre"},
      " ",
      "euh",
      {"le num\u00e9ro de votre carte bancaire ?", "donnez-moi les chiffres de la carte bleue"},
      {"et le cryptogramme visuel ?", "les trois chiffres au dos de la carte"},
      {"la date d'expiration ?", "elle expire quand ?"},
      {"un num\u00e9ro de t\u00e9l\u00e9phone ?", "votre portable s'il vous pla\u00eet"},
      {"votre date de naissance ?", "vous \u00eates n\u00e9 quand ?"},
      {"votre code secret ?", "tapez le code pin"},
      {0.99, 0.99, 0.99, 0.98, 0.99, 0.99}},
     {"de",
      {"Januar", "Februar", "M\u00e4rz", "April", "Mai", "Juni", "Juli", "August", "September",
       "Oktober", "November", "Dezember"},
      " ",
      "\u00e4h",
      {"Ihre Kreditkartennummer bitte", "die Ziffern auf der Karte?"},
      {"und die Pr\u00fcfziffer?", "die drei Ziffern auf der R\u00fcckseite"},
      {"bis wann ist sie g\u00fcltig, g\u00fcltig bis?", "das Ablaufdatum bitte"},
      {"unter welcher Telefonnummer?", "Ihre Handynummer bitte"},
      {"Ihr Geburtsdatum?", "wann sind Sie geboren?"},
      {"die Geheimzahl?", "bitte die PIN nennen"},
      {0.99, 0.99, 0.99, 0.98, 0.99, 0.99}},
     {"pt",
      {"janeiro", "fevereiro", "mar\u00e7o", "abril", "maio", "junho", "julho", "agosto",
       "setembro", "outubro", "novembro", "dezembro"},
      " de ",
      "n\u00e9",
      {"o n\u00famero do cart\u00e3o?", "me diga os d\u00edgitos do cart\u00e3o"},
      {"e o c\u00f3digo de seguran\u00e7a?", "os tr\u00eas n\u00fameros de tr\u00e1s, no verso"},
      {"qual a validade?", "quando vence o cart\u00e3o?"},
      {"um telefone de contato?", "qual o seu celular?"},
      {"a data de nascimento?", "quando o senhor nasceu?"},
      {"digite o pin", "qual a senha do cart\u00e3o?"},
      {0.99, 0.99, 0.99, 0.98, 0.99, 0.99}}}};

constexpr std::array<Entity, 6> kTypes = {Entity::kCreditCard, Entity::kCardCode,
                                          Entity::kCardExpiry, Entity::kPhone,
                                          Entity::kBirthDate,  Entity::kPin};

class Speaker {
 public:
  Speaker(const Spoken& spoken, std::uint64_t seed) : spoken_(spoken), dice_(seed) {}

  // One, two or three digits at a time.
  std::string Group(std::string_view digits) {
    const auto size = static_cast<std::size_t>(dice_.Between(1, 3));
    std::string text;
    for (std::size_t i = 0; i < digits.size(); i += size) {
      const std::string group(digits.substr(i, size));
      if (i > 0) text += dice_.Chance(8) ? " " + std::string(spoken_.filler) + " " : Pause(size);
      text += group[0] == '0' ? SayDigits(spoken_.tag, group) : Say(spoken_.tag, std::stoi(group));
    }
    return text;
  }

  std::string Answer(Entity entity) {
    switch (entity) {
      case Entity::kCreditCard:
        return Group(calls::CardNumber(dice_));
      case Entity::kCardCode:
        return Group(dice_.Figures(3));
      case Entity::kCardExpiry: {
        const int month = dice_.Between(1, 12);
        const int year = dice_.Between(24, 35);
        if (dice_.Chance(50))
          return Month(month) + std::string(spoken_.of) + Say(spoken_.tag, 2000 + year);
        const std::string zero = month < 10 ? Say(spoken_.tag, 0) + " " : "";
        return zero + Say(spoken_.tag, month) + ", " + Say(spoken_.tag, year);
      }
      case Entity::kPhone:
        return Group("6" + dice_.Figures(8));
      case Entity::kBirthDate:
        return Say(spoken_.tag, dice_.Between(2, 28)) + std::string(spoken_.of) +
               Month(dice_.Between(1, 12)) + std::string(spoken_.of) +
               Say(spoken_.tag, dice_.Between(1940, 2005));
      default:
        return Group(dice_.Figures(4));
    }
  }

  std::string Spelling(const std::string& text) {
    const int how = dice_.Between(0, 2);
    return how == 0 ? text : how == 1 ? WithoutAccents(text) : Decomposed(text);
  }

  std::string_view Question(const Texts& texts) { return dice_.Pick(texts); }

 private:
  // Groups of three are told apart by a pause that is heard, or their hundreds run together.
  std::string Pause(std::size_t size) { return size == 3 || dice_.Chance(50) ? ", " : " "; }
  std::string Month(int month) {
    return std::string(spoken_.months[static_cast<std::size_t>(month - 1)]);
  }

  const Spoken& spoken_;
  calls::Dice dice_;
};

bool Covers(const Finding& finding, Entity entity, std::size_t size) {
  return finding.verdict.entity == entity && finding.spans.size() == 1 &&
         finding.spans[0].segment == 1 && finding.spans[0].begin == 0 &&
         finding.spans[0].end == static_cast<std::int32_t>(size);
}

TEST(LanguageQuality, MostAnswersAreFoundWhole) {
  constexpr int kAnswers = 500;
  for (const Spoken& spoken : kSpoken) {
    const Language& language = LanguageOf(spoken.tag);
    const std::array<const Texts*, kTypes.size()> questions = {
        &spoken.card, &spoken.code, &spoken.expiry, &spoken.phone, &spoken.birth, &spoken.pin};
    for (std::size_t type = 0; type < kTypes.size(); ++type) {
      Speaker speaker(spoken, 1 + type);
      int found = 0;
      for (int i = 0; i < kAnswers; ++i) {
        const std::string question =
            speaker.Spelling(std::string(speaker.Question(*questions[type])));
        const std::string answer = speaker.Spelling(speaker.Answer(kTypes[type]));
        const std::vector<Finding> findings =
            Verify({{"a", question}, {"c", answer}}, EntitySet::All(), {}, language);
        found += std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
          return Covers(finding, kTypes[type], answer.size());
        });
      }
      const double recall = static_cast<double>(found) / kAnswers;
      std::printf("%s %-14s %5.1f %% of %d\n", std::string(spoken.tag).c_str(),
                  std::string(EntityName(kTypes[type])).c_str(), 100 * recall, kAnswers);
      EXPECT_GE(recall, spoken.floor[type]) << spoken.tag << ' ' << EntityName(kTypes[type]);
    }
  }
}

// Orders, amounts, times and counts with numbers of their own.
struct Nobodys {
  std::string_view tag;
  std::vector<std::string_view> lines;  // "#": a number
};

const std::array<Nobodys, 4> kNobodys = {
    {{"es",
      {"su pedido # llega en # d\u00edas", "son # euros con #", "a las # y #, no antes de las #",
       "el n\u00famero de referencia es # # #", "la cita es el # de mayo a las #",
       "tengo # en la cuenta y gasto # al mes", "mil gracias, son # unidades a # pesos"}},
     {"fr",
      {"votre commande # arrive dans # jours", "cela fait # euros et #",
       "\u00e0 # heures # ou \u00e0 #", "le num\u00e9ro de dossier est # # #",
       "le rendez-vous est le # mai \u00e0 # heures", "il y a # personnes avant vous, # minutes",
       "la facture # est de # euros"}},
     {"de",
      {"Ihre Bestellung # kommt in # Tagen", "das macht # Euro und #", "um # Uhr #, nicht vor #",
       "die Vorgangsnummer ist # # #", "der Termin ist am # Mai um # Uhr",
       "noch # Personen vor Ihnen, # Minuten", "tausend Dank, # St\u00fcck zu # Euro"}},
     {"pt",
      {"seu pedido # chega em # dias", "s\u00e3o # reais e #",
       "\u00e0s # e #, n\u00e3o antes das #", "o n\u00famero do protocolo \u00e9 # # #",
       "a consulta \u00e9 dia # de maio \u00e0s #", "h\u00e1 # pessoas na frente, # minutos",
       "a fatura # \u00e9 de # reais"}}}};

TEST(LanguageQuality, NumbersOfNobodyAreLeft) {
  constexpr int kLines = 1000;
  for (const Nobodys& nobodys : kNobodys) {
    calls::Dice dice(5);
    int alarms = 0;
    for (int i = 0; i < kLines; ++i) {
      std::string line(dice.Pick(nobodys.lines));
      for (std::size_t at = line.find('#'); at != std::string::npos; at = line.find('#', at)) {
        line.replace(at, 1, Say(nobodys.tag, dice.Between(2, 999)));
      }
      alarms += static_cast<int>(
          Verify({{"a", line}}, EntitySet::All(), {}, LanguageOf(nobodys.tag)).size());
    }
    std::printf("%s false alarms %d in %d lines\n", std::string(nobodys.tag).c_str(), alarms,
                kLines);
    EXPECT_LE(alarms, 0) << nobodys.tag;
  }
}

}  // namespace
}  // namespace cxscribe::redaction
