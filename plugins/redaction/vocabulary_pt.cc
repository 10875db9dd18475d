// Portuguese, of Brazil and of Portugal.
#include "plugins/redaction/vocabulary.h"

namespace cxscribe::redaction {

Vocabulary Portuguese() {
  Vocabulary v;
  v.tag = "pt";
  v.name = "Portuguese";
  v.grammar = Grammar::kJoined;
  v.joiner = "e";
  v.joins_hundreds = true;
  v.numbers = {
      {LexemeKind::kDigit, 0, 1, "zero um dois tres quatro cinco seis sete oito nove"},
      {LexemeKind::kDigit, 1, 1, "uma duas"},
      {LexemeKind::kDigit, 6, 0, "meia"},  // of a dozen
      {LexemeKind::kTeen, 10, 1,
       "dez onze doze treze quatorze quinze dezesseis dezessete dezoito "
       "dezenove"},
      {LexemeKind::kTeen, 14, 0, "catorze"},
      {LexemeKind::kTeen, 16, 1, "dezasseis dezassete"},
      {LexemeKind::kTeen, 19, 0, "dezanove"},
      {LexemeKind::kTens, 20, 10,
       "vinte trinta quarenta cinquenta sessenta setenta oitenta "
       "noventa"},
      {LexemeKind::kHundreds, 1, 1,
       "cento duzentos trezentos quatrocentos quinhentos seiscentos "
       "setecentos oitocentos novecentos"},
      {LexemeKind::kHundreds, 1, 0, "cem"},
      {LexemeKind::kThousand, 0, 0, "mil"},
      {LexemeKind::kMillion, 0, 0, "milhao milhoes bilhao bilhoes"},
      {LexemeKind::kRepeat, 2, 1, "duplo triplo quadruplo"},
      {LexemeKind::kRepeat, 2, 1, "dupla tripla"},
  };
  v.talk = {
      {LexemeKind::kHesitation, "eh hum hm hmm mm mmm ah ahn ham ne uh aham tipo"},
      {LexemeKind::kFiller,
       "e depois entao ai sim ok okay ta certo bom bem perfeito obrigado obrigada sao isso exato "
       "correto claro senhor senhora hifen traco espaco ponto barra pronto agora"},
      {LexemeKind::kUnit,
       "euro euros real reais dolar dolares centavos centimos \xE2\x82\xAC minuto minutos hora "
       "horas "
       "dia dias semana semanas mes meses ano anos segundos gigas quilometros quilos metros graus "
       "vezes pessoas unidades caixas noites virgula por"},
      {LexemeKind::kCount, "digitos digito numeros algarismos"},
  };
  v.hints = {
      {kPluralDigit, 0, 0, "zeros"},
      {kMonth, 1, 1,
       "janeiro fevereiro marco abril maio junho julho agosto setembro outubro "
       "novembro dezembro"},
      {kOrdinal, 1, 0, "primeiro"},
      {kJoinsDate, 0, 0, "de do"},
      {kIntroduces, 0, 0,
       "e correio eletronico mail email endereco meu seu a ao em o os as que com para por de um "
       "uma "
       "escreva mande envie no na seria"},
  };
  v.signs = {{'@', "arroba"},
             {'.', "ponto"},
             {'_', "underline underscore sublinhado baixo"},
             {'-', "hifen traco"},
             {'+', "mais"}};
  v.copulas = "e";
  v.number_words = "numero numeros num codigo";
  v.pauses = {"um momento",
              "um instante",
              "um segundo",
              "um minuto",
              "um momentinho",
              "um minutinho",
              "so um momento",
              "so um minuto",
              "deixa eu ver",
              "deixe me ver",
              "muito bem",
              "esta bem",
              "ta bom",
              "ta certo",
              "pode falar",
              "pode continuar",
              "os ultimos quatro",
              "os ultimos quatro sao",
              "ultimos quatro digitos",
              "por favor",
              "estou ouvindo",
              "e depois"};
  v.corrections = {"nao",        "desculpe",   "desculpa",   "nao desculpe", "nao desculpa",
                   "perdao",     "quer dizer", "alias",      "digo",         "espera",
                   "espere",     "nao espera", "corrigindo", "correcao",     "me enganei",
                   "enganei me", "errei",      "ou melhor",  "nao perdao"};
  v.cues = {
      {Topic::kCard,
       CueNeed::kNothing,
       {"cartao", "cartoes", "cartao de credito", "cartao de debito", "visa", "mastercard", "amex",
        "american express", "maestro", "elo", "dezesseis digitos", "dezasseis digitos",
        "16 digitos"}},
      {Topic::kCardCode,
       CueNeed::kNothing,
       {"cvv", "cvc", "cvv2", "cvc2", "c v v", "c v c", "codigo de seguranca",
        "codigo de seguranca do cartao", "codigo de verificacao", "parte de tras", "no verso",
        "no verso do cartao", "atras do cartao", "tres digitos", "tres numeros de"}},
      {Topic::kCardExpiry,
       CueNeed::kNothing,
       {"validade", "validade do cartao", "vencimento", "vencimento do cartao", "vence",
        "vence o cartao", "vence o seu cartao", "expira o cartao", "expira", "expiracao",
        "valido ate", "data de validade"}},
      {Topic::kPhone,
       CueNeed::kNothing,
       {"telefone", "telefones", "celular", "telemovel", "whatsapp", "fax", "tel",
        "numero de contato", "numero de contacto", "numero fixo", "telefone fixo", "me ligar no",
        "ligar para o", "ligue para o", "ligar no", "ligue no", "ligar me para o"}},
      {Topic::kBirthDate,
       CueNeed::kNothing,
       {"data de nascimento", "nascimento", "nasci", "nasceu", "nascido", "nascida",
        "aniversario"}},
      {Topic::kPin,
       CueNeed::kNothing,
       {"pin", "codigo pin", "senha do cartao", "senha de quatro digitos", "codigo secreto"}},
      {Topic::kAccount, CueNeed::kNothing, {"numero da conta", "numero de conta"}},
      {Topic::kBankAccount,
       CueNeed::kNothing,
       {"conta bancaria", "conta corrente", "conta poupanca", "conta a ordem", "conta do banco",
        "nib"}},
      {Topic::kBankAccount, CueNeed::kDigitsNext, {"conta"}},
      {Topic::kIban, CueNeed::kNothing, {"iban", "i b a n"}},
      {Topic::kSwift, CueNeed::kNothing, {"swift", "bic", "codigo swift", "codigo bic"}},
      {Topic::kSsn, CueNeed::kNothing, {"seguranca social", "numero de beneficiario"}},
      {Topic::kPassport, CueNeed::kNothing, {"passaporte"}},
      {Topic::kOther,
       CueNeed::kNothing,
       {"numero do pedido", "numero de pedido", "numero da encomenda", "numero do protocolo",
        "numero de protocolo", "numero da fatura", "numero de referencia", "numero de rastreio",
        "numero de cliente", "numero do contrato", "numero da reserva", "codigo de rastreio",
        "codigo postal", "cep", "cpf", "cnpj", "rg", "nif"}},
      {Topic::kOther,
       CueNeed::kDigitsNext,
       {"pedido", "encomenda", "protocolo", "fatura", "referencia", "reserva", "contrato", "modelo",
        "chamado"}},
  };
  return v;
}

}  // namespace cxscribe::redaction
