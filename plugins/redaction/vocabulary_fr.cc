// French, with the tens of Belgium and Switzerland.
#include "plugins/redaction/vocabulary.h"

namespace cxscribe::redaction {

Vocabulary French() {
  Vocabulary v;
  v.tag = "fr";
  v.name = "French";
  v.grammar = Grammar::kVigesimal;
  v.joiner = "et";
  v.numbers = {
      {LexemeKind::kDigit, 0, 1, "zero un deux trois quatre cinq six sept huit neuf"},
      {LexemeKind::kDigit, 1, 0, "une"},
      {LexemeKind::kTeen, 10, 1, "dix onze douze treize quatorze quinze seize"},
      {LexemeKind::kTens, 20, 10,
       "vingt trente quarante cinquante soixante septante huitante "
       "nonante"},
      {LexemeKind::kTens, 80, 0, "octante"},
      {LexemeKind::kTens, 20, 0, "vingts"},
      {LexemeKind::kHundred, 0, 0, "cent cents"},
      {LexemeKind::kThousand, 0, 0, "mille"},
      {LexemeKind::kMillion, 0, 0, "million millions milliard milliards"},
      {LexemeKind::kRepeat, 2, 1, "double triple quadruple"},
  };
  v.talk = {
      {LexemeKind::kHesitation, "euh heu hum hm hmm mm mmm mhm ah ben hein"},
      {LexemeKind::kFiller,
       "et puis alors ensuite oui ouais ok okay d accord bon bien parfait merci est sont voila "
       "donc "
       "exact exactement tres madame monsieur tiret espace point slash"},
      {LexemeKind::kUnit,
       "euro euros dollar dollars centime centimes francs franc \xE2\x82\xAC minute minutes heure "
       "heures jour jours semaine semaines mois an ans annee annees secondes gigas euros "
       "kilometres "
       "kilos metres degres fois personnes pieces colis nuits pourcent virgule"},
      {LexemeKind::kCount, "chiffres chiffre numeros"},
  };
  v.hints = {
      {kPluralDigit, 0, 0, "zeros"},
      {kMonth, 1, 1,
       "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre "
       "decembre"},
      {kOrdinal, 1, 0, "premier"},
      {kJoinsDate, 0, 0, "le de du l en"},
      {kIntroduces, 0, 0,
       "est c adresse mail email courriel mel electronique mon ma votre l a au en le la les que "
       "avec "
       "pour sur de et ou un une ecrivez envoyez moi s serait soit"},
  };
  v.signs = {{'@', "arobase arrobase arobas arobaze at"},
             {'.', "point"},
             {'_', "underscore bas"},
             {'-', "tiret"},
             {'+', "plus"}};
  v.copulas = "est";
  v.number_words = "numero numeros num code";
  v.pauses = {"un instant",
              "un moment",
              "une seconde",
              "une minute",
              "un petit instant",
              "allez y",
              "je vous ecoute",
              "tres bien",
              "je note",
              "je regarde",
              "d accord",
              "les quatre derniers",
              "les quatre derniers chiffres",
              "quatre derniers chiffres",
              "et ensuite",
              "et puis",
              "c est",
              "s il vous plait",
              "vous y etes"};
  v.corrections = {"non",          "pardon",
                   "non pardon",   "desole",
                   "desolee",      "excusez moi",
                   "je veux dire", "plutot",
                   "attendez",     "attends",
                   "non attendez", "correction",
                   "je me trompe", "je me suis trompe",
                   "je reprends",  "je recommence"};
  v.cues = {
      {Topic::kCard,
       CueNeed::kNothing,
       {"carte", "cartes", "carte bancaire", "carte bleue", "carte de credit", "carte de debit",
        "visa", "mastercard", "amex", "american express", "maestro", "seize chiffres",
        "16 chiffres"}},
      {Topic::kCardCode,
       CueNeed::kNothing,
       {"cvv", "cvc", "cvv2", "cvc2", "c v v", "c v c", "cryptogramme", "cryptogramme visuel",
        "code de securite", "code de verification", "au dos", "au dos de la carte",
        "au dos de votre carte", "au verso", "derriere la carte", "trois chiffres au dos",
        "trois derniers chiffres", "3 derniers chiffres"}},
      {Topic::kCardExpiry,
       CueNeed::kNothing,
       {"expiration", "expiration de la carte", "expiration de votre carte", "expire",
        "expire la carte", "expire votre carte", "date d expiration", "date de validite",
        "fin de validite", "validite", "valable jusqu", "valide jusqu"}},
      {Topic::kPhone,
       CueNeed::kNothing,
       {"telephone", "telephones", "portable", "mobile", "fixe", "fax", "whatsapp", "tel",
        "cellulaire", "numero de contact", "joindre au", "m appeler au", "vous appeler au",
        "rappeler au", "appelez moi au", "rappelez moi au", "me rappeler au"}},
      {Topic::kPhone, CueNeed::kDigitsNext, {"moi au", "nous au", "me joindre"}},
      {Topic::kBirthDate,
       CueNeed::kNothing,
       {"date de naissance", "naissance", "suis ne", "suis nee", "etes ne", "etes nee",
        "anniversaire"}},
      {Topic::kBirthDate, CueNeed::kDigitsNext, {"ne le", "nee le"}},
      {Topic::kPin,
       CueNeed::kNothing,
       {"pin", "code pin", "code secret", "code confidentiel", "code de la carte"}},
      {Topic::kAccount,
       CueNeed::kNothing,
       {"numero de compte", "numero de votre compte", "numero du compte"}},
      {Topic::kBankAccount,
       CueNeed::kNothing,
       {"compte bancaire", "compte courant", "compte cheque", "compte cheques", "compte epargne"}},
      {Topic::kIban, CueNeed::kNothing, {"iban", "i b a n", "rib"}},
      {Topic::kSwift, CueNeed::kNothing, {"swift", "bic", "code swift", "code bic"}},
      {Topic::kSsn, CueNeed::kNothing, {"securite sociale", "numero de secu"}},
      {Topic::kPassport, CueNeed::kNothing, {"passeport"}},
      {Topic::kOther,
       CueNeed::kNothing,
       {"numero de commande", "numero de dossier", "numero de facture", "numero de reference",
        "numero de suivi", "numero de client", "numero client", "numero de reservation",
        "numero de contrat", "numero de ticket", "numero de colis", "code postal",
        "carte d identite", "carte vitale", "carte grise"}},
      {Topic::kOther,
       CueNeed::kDigitsNext,
       {"commande", "dossier", "facture", "reference", "reservation", "ticket", "contrat",
        "modele"}},
  };
  return v;
}

}  // namespace cxscribe::redaction
