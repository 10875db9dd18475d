// Spanish, of Spain and of America.
#include "plugins/redaction/vocabulary.h"

namespace cxscribe::redaction {

Vocabulary Spanish() {
  Vocabulary v;
  v.tag = "es";
  v.name = "Spanish";
  v.grammar = Grammar::kJoined;
  v.joiner = "y";
  v.numbers = {
      {LexemeKind::kDigit, 0, 1, "cero uno dos tres cuatro cinco seis siete ocho nueve"},
      {LexemeKind::kTeen, 10, 1,
       "diez once doce trece catorce quince dieciseis diecisiete "
       "dieciocho diecinueve"},
      {LexemeKind::kTeen, 21, 1,
       "veintiuno veintidos veintitres veinticuatro veinticinco "
       "veintiseis veintisiete veintiocho veintinueve"},
      {LexemeKind::kTeen, 21, 0, "veintiun"},
      {LexemeKind::kTens, 20, 10,
       "veinte treinta cuarenta cincuenta sesenta setenta ochenta "
       "noventa"},
      {LexemeKind::kHundreds, 1, 1,
       "ciento doscientos trescientos cuatrocientos quinientos "
       "seiscientos setecientos ochocientos novecientos"},
      {LexemeKind::kHundreds, 1, 0, "cien"},
      {LexemeKind::kHundred, 0, 0, "cientos"},
      {LexemeKind::kThousand, 0, 0, "mil"},
      {LexemeKind::kMillion, 0, 0, "millon millones"},
      {LexemeKind::kRepeat, 2, 1, "doble triple cuadruple"},
  };
  v.talk = {
      {LexemeKind::kHesitation, "eh ehh em este mm mmm hm hmm ah aja uh um"},
      {LexemeKind::kFiller,
       "y luego entonces despues si ok okay vale bueno bien perfecto gracias es son correcto "
       "exacto "
       "claro dale listo pues sigue siguiente senor senora guion espacio punto barra"},
      {LexemeKind::kUnit,
       "euro euros dolar dolares peso pesos centavos centimos soles quetzales \xE2\x82\xAC usd "
       "minuto minutos hora horas dia dias semana semanas mes meses ano anos segundos gigas megas "
       "kilometros kilos metros grados veces personas unidades cajas noches por"},
      {LexemeKind::kCount, "digitos digito numeros cifras"},
  };
  v.hints = {
      {kPluralDigit, 0, 0, "ceros"},
      {kMonth, 1, 1,
       "enero febrero marzo abril mayo junio julio agosto septiembre octubre "
       "noviembre diciembre"},
      {kMonth, 9, 0, "setiembre"},
      {kOrdinal, 1, 0, "primero"},
      {kJoinsDate, 0, 0, "de del el"},
      {kIntroduces, 0, 0,
       "es correo electronico mail email direccion mi su tu a al en el la los las que con para por "
       "de y o un una escribe escriba manda mande envie envia favor seria"},
  };
  v.signs = {{'@', "arroba"},
             {'.', "punto"},
             {'_', "bajo subrayado underscore"},
             {'-', "guion medio"},
             {'+', "mas"}};
  v.copulas = "es";
  v.number_words = "numero numeros num nro no codigo";
  v.pauses = {"un momento",
              "un segundo",
              "un momentito",
              "un segundito",
              "a ver",
              "dejeme ver",
              "dejame ver",
              "de acuerdo",
              "muy bien",
              "esta bien",
              "o sea",
              "espereme tantito",
              "si senor",
              "si senora",
              "le escucho",
              "la escucho",
              "lo escucho",
              "adelante",
              "los ultimos cuatro",
              "los ultimos cuatro son",
              "ultimos cuatro digitos",
              "y luego",
              "digamos",
              "ya casi",
              "siga por favor",
              "por favor"};
  v.corrections = {"no",
                   "perdon",
                   "no perdon",
                   "perdon no",
                   "digo",
                   "no digo",
                   "mejor dicho",
                   "me equivoque",
                   "no espera",
                   "no espere",
                   "espera",
                   "espere",
                   "quiero decir",
                   "corrijo",
                   "correccion",
                   "disculpe",
                   "disculpa",
                   "no disculpe",
                   "perdon me equivoque"};
  v.cues = {
      {Topic::kCard,
       CueNeed::kNothing,
       {"tarjeta", "tarjetas", "tarjeta de credito", "tarjeta de debito", "visa", "mastercard",
        "amex", "american express", "maestro", "dieciseis digitos", "16 digitos"}},
      {Topic::kCardCode,
       CueNeed::kNothing,
       {"cvv",
        "cvc",
        "cvv2",
        "cvc2",
        "c v v",
        "c v c",
        "codigo de seguridad",
        "codigo de seguridad de la tarjeta",
        "numero de seguridad",
        "codigo de verificacion",
        "parte de atras",
        "parte trasera",
        "parte de atras de la tarjeta",
        "al reverso",
        "el reverso",
        "reverso de la tarjeta",
        "al dorso",
        "por detras",
        "tres digitos de",
        "3 digitos de",
        "tres numeros de"}},
      {Topic::kCardExpiry,
       CueNeed::kNothing,
       {"vencimiento", "vencimiento de la tarjeta", "vence", "vence la tarjeta", "vence su tarjeta",
        "vence tu tarjeta", "caducidad", "caducidad de la tarjeta", "caduca", "caduca la tarjeta",
        "caduca su tarjeta", "caduca tu tarjeta", "expira", "expiracion",
        "expiracion de la tarjeta", "valida hasta", "valido hasta"}},
      {Topic::kPhone,
       CueNeed::kNothing,
       {"telefono", "telefonos", "telefonico", "celular", "movil", "whatsapp", "fax", "tel",
        "numero de contacto", "numero fijo", "telefono fijo", "llamarme al", "llameme al",
        "llamame al", "llamarle al", "llamarte al", "marcar al", "contactarme al"}},
      {Topic::kBirthDate,
       CueNeed::kNothing,
       {"fecha de nacimiento", "nacimiento", "naci", "nacio", "naciste", "nacido", "nacida",
        "cumpleanos", "cumplo anos", "cumple anos"}},
      {Topic::kPin,
       CueNeed::kNothing,
       {"pin", "nip", "clave secreta", "numero secreto", "clave de cajero", "clave del cajero"}},
      {Topic::kAccount, CueNeed::kNothing, {"numero de cuenta", "numero de la cuenta"}},
      {Topic::kBankAccount,
       CueNeed::kNothing,
       {"cuenta bancaria", "cuenta corriente", "cuenta de ahorro", "cuenta de ahorros",
        "cuenta de cheques", "clabe", "cuenta clabe", "cuenta del banco"}},
      {Topic::kBankAccount, CueNeed::kDigitsNext, {"cuenta"}},
      {Topic::kIban, CueNeed::kNothing, {"iban", "i b a n", "codigo iban", "numero iban"}},
      {Topic::kSwift, CueNeed::kNothing, {"swift", "bic", "codigo swift", "codigo bic"}},
      {Topic::kSsn, CueNeed::kNothing, {"seguro social", "seguridad social"}},
      {Topic::kPassport, CueNeed::kNothing, {"pasaporte"}},
      {Topic::kOther,
       CueNeed::kNothing,
       {"numero de pedido", "numero de orden", "numero de caso", "numero de ticket",
        "numero de factura", "numero de referencia", "numero de seguimiento", "numero de rastreo",
        "numero de cliente", "numero de reserva", "numero de poliza", "numero de contrato",
        "codigo postal", "dni", "nif", "nie", "cedula", "curp", "rfc"}},
      {Topic::kOther,
       CueNeed::kDigitsNext,
       {"pedido", "orden", "ticket", "factura", "referencia", "reserva", "poliza", "expediente",
        "incidencia", "folio", "contrato", "modelo"}},
  };
  return v;
}

}  // namespace cxscribe::redaction
