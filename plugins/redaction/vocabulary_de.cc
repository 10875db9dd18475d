// German. Its numbers and nouns are written in one word; recognisers also write them apart, and "ue"
// or "u" for "ü".
#include "plugins/redaction/vocabulary.h"

namespace cxscribe::redaction {

Vocabulary German() {
  Vocabulary v;
  v.tag = "de";
  v.name = "German";
  v.grammar = Grammar::kOnesFirst;
  v.joiner = "und";
  v.joins_hundreds = true;
  v.bound_one = "ein";
  v.compounds = true;
  v.numbers = {
      {LexemeKind::kDigit, 0, 1, "null eins zwei drei vier funf sechs sieben acht neun"},
      {LexemeKind::kDigit, 1, 0, "ein"},
      {LexemeKind::kDigit, 2, 0, "zwo"},
      {LexemeKind::kDigit, 5, 0, "fuenf"},
      {LexemeKind::kTeen, 10, 1,
       "zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn "
       "achtzehn neunzehn"},
      {LexemeKind::kTeen, 12, 3, "zwoelf fuenfzehn"},
      {LexemeKind::kTens, 20, 10,
       "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig "
       "neunzig"},
      {LexemeKind::kTens, 30, 20, "dreizig fuenfzig"},
      {LexemeKind::kHundred, 0, 0, "hundert"},
      {LexemeKind::kThousand, 0, 0, "tausend"},
      {LexemeKind::kMillion, 0, 0, "million millionen milliarde milliarden"},
      {LexemeKind::kRepeat, 2, 1, "doppel dreifach vierfach"},
      {LexemeKind::kRepeat, 2, 0, "doppelte zweimal"},
      {LexemeKind::kRepeat, 3, 0, "dreimal"},
      // The days of dates.
      {LexemeKind::kDigit, 1, 1,
       "erster zweiter dritter vierter funfter sechster siebter achter "
       "neunter"},
      {LexemeKind::kDigit, 1, 1,
       "ersten zweiten dritten vierten funften sechsten siebten achten "
       "neunten"},
      {LexemeKind::kDigit, 5, 0, "fuenfter fuenften"},
      {LexemeKind::kTeen, 10, 1,
       "zehnter elfter zwolfter dreizehnter vierzehnter funfzehnter "
       "sechzehnter siebzehnter achtzehnter neunzehnter"},
      {LexemeKind::kTeen, 10, 1,
       "zehnten elften zwolften dreizehnten vierzehnten funfzehnten "
       "sechzehnten siebzehnten achtzehnten neunzehnten"},
      {LexemeKind::kTens, 20, 10, "zwanzigster dreissigster"},
      {LexemeKind::kTens, 20, 10, "zwanzigsten dreissigsten"},
  };
  v.talk = {
      {LexemeKind::kHesitation, "ah aeh ahm aehm eh ehm hm hmm mm mmm mhm uh um oh"},
      {LexemeKind::kFiller,
       "und dann ja genau okay ok gut also so richtig danke ist sind lautet bitte weiter strich "
       "bindestrich leerzeichen punkt schragstrich prima super klar stimmt jawohl noch mal"},
      {LexemeKind::kUnit,
       "euro euros dollar cent prozent franken \xE2\x82\xAC minute minuten uhr stunde stunden tag "
       "tage tagen woche wochen monat monate monaten jahr jahre jahren sekunden gigabyte kilometer "
       "kilo meter grad personen stuck stueck pakete nachte komma"},
      {LexemeKind::kCount, "ziffern stellen zahlen stellig stellige"},
  };
  v.hints = {
      {kPluralDigit, 0, 0, "nullen"},
      {kPluralDigit, 1, 1, "einsen zweien dreien"},
      {kMonth, 1, 1,
       "januar februar marz april mai juni juli august september oktober november "
       "dezember"},
      {kMonth, 1, 0, "janner jaenner"},
      {kMonth, 3, 0, "maerz"},
      {kMonth, 6, 1, "juno julei"},
      {kJoinsDate, 0, 0, "der den im am"},
      {kIntroduces, 0, 0,
       "ist lautet mail email adresse e mailadresse emailadresse meine ihre die an unter auf der "
       "das "
       "mir und oder schreiben schicken sie es ware"},
  };
  v.signs = {{'@', "at att ett klammeraffe affenschwanz"},
             {'.', "punkt dot"},
             {'_', "unterstrich underscore"},
             {'-', "bindestrich minus strich"},
             {'+', "plus"}};
  v.copulas = "ist";
  v.number_words = "nummer nummern nr code";
  v.pauses = {"einen moment",
              "moment bitte",
              "eine sekunde",
              "einen augenblick",
              "alles klar",
              "sehr gut",
              "ja genau",
              "in ordnung",
              "ich hore",
              "ich schaue",
              "und dann",
              "die letzten vier",
              "die letzten vier sind",
              "letzten vier ziffern",
              "mal sehen",
              "ja bitte",
              "noch einmal"};
  v.corrections = {"nein",       "moment",       "nein moment",     "entschuldigung",
                   "quatsch",    "nein quatsch", "ich meine",       "ich meinte",
                   "falsch",     "korrektur",    "stopp",           "stop",
                   "pardon",     "warten sie",   "sorry",           "nein entschuldigung",
                   "verzeihung", "tschuldigung", "beziehungsweise", "nein halt"};
  v.cues = {
      {Topic::kCard,
       CueNeed::kNothing,
       {"karte", "karten", "kreditkarte", "kreditkarten", "kreditkartennummer", "kartennummer",
        "debitkarte", "bankkarte", "visa", "visakarte", "mastercard", "amex", "american express",
        "maestro", "girokarte", "sechzehn ziffern", "16 ziffern", "sechzehnstellige",
        "16 stellige"}},
      {Topic::kCardCode,
       CueNeed::kNothing,
       {"cvv",
        "cvc",
        "cvv2",
        "cvc2",
        "c v v",
        "c v c",
        "prufziffer",
        "pruefziffer",
        "prufnummer",
        "pruefnummer",
        "sicherheitscode",
        "sicherheitsnummer",
        "kartenprufnummer",
        "kartenpruefnummer",
        "auf der ruckseite",
        "auf der rueckseite",
        "ruckseite",
        "rueckseite",
        "drei ziffern auf",
        "dreistellige",
        "dreistelligen"}},
      {Topic::kCardExpiry,
       CueNeed::kNothing,
       {"ablaufdatum", "ablaufdatum der karte", "verfallsdatum", "verfallsdatum der karte",
        "gultig bis", "gueltig bis", "gultigkeit", "gueltigkeit", "gultigkeitsdatum",
        "gueltigkeitsdatum", "lauft die karte", "laeuft die karte", "lauft ihre karte",
        "laeuft ihre karte", "lauft ab", "laeuft ab", "ablauft", "ablaeuft"}},
      {Topic::kPhone,
       CueNeed::kNothing,
       {"telefon",
        "telefonnummer",
        "telefonnummern",
        "rufnummer",
        "handy",
        "handynummer",
        "mobil",
        "mobilnummer",
        "mobiltelefon",
        "festnetz",
        "festnetznummer",
        "ruckrufnummer",
        "rueckrufnummer",
        "fax",
        "faxnummer",
        "whatsapp",
        "tel",
        "erreichen mich unter",
        "erreichen sie mich unter",
        "erreichbar unter",
        "ruckruf",
        "rueckruf",
        "zuruckrufen"}},
      {Topic::kBirthDate, CueNeed::kNothing, {"geburtsdatum", "geboren", "geburtstag", "geb"}},
      {Topic::kPin,
       CueNeed::kNothing,
       {"pin", "pin code", "pin nummer", "geheimzahl", "geheimnummer", "geheimcode"}},
      {Topic::kBankAccount,
       CueNeed::kNothing,
       {"kontonummer", "bankkonto", "girokonto", "sparkonto", "konto nummer"}},
      {Topic::kBankAccount, CueNeed::kDigitsNext, {"konto"}},
      {Topic::kIban, CueNeed::kNothing, {"iban", "i b a n", "ibannummer"}},
      {Topic::kSwift, CueNeed::kNothing, {"swift", "bic", "swift code", "bic code"}},
      {Topic::kSsn, CueNeed::kNothing, {"sozialversicherungsnummer", "steuernummer"}},
      {Topic::kPassport, CueNeed::kNothing, {"reisepass", "passnummer", "reisepassnummer"}},
      {Topic::kOther, CueNeed::kNothing, {"bestellnummer",       "auftragsnummer",
                                          "kundennummer",        "rechnungsnummer",
                                          "vorgangsnummer",      "ticketnummer",
                                          "sendungsnummer",      "paketnummer",
                                          "vertragsnummer",      "referenznummer",
                                          "buchungsnummer",      "bearbeitungsnummer",
                                          "postleitzahl",        "plz",
                                          "versicherungsnummer", "personalausweis",
                                          "seriennummer",        "artikelnummer",
                                          "zahlernummer",        "zaehlernummer"}},
      {Topic::kOther,
       CueNeed::kDigitsNext,
       {"bestellung", "auftrag", "rechnung", "ticket", "vorgang", "buchung", "vertrag", "modell",
        "referenz", "sendung"}},
  };
  return v;
}

}  // namespace cxscribe::redaction
