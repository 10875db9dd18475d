#include "plugins/redaction/address.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "plugins/redaction/number_reader.h"

namespace cxscribe::redaction {
namespace {

constexpr int kTopicReach = 10;  // plain words after "address" in which one is expected
constexpr std::size_t kMostStreetWords = 4;
constexpr std::size_t kMostNumberTokens = 6;
constexpr std::size_t kMostTokens = 24;   // of what follows the street
constexpr std::size_t kLongestHouse = 6;  // figures

class Finder {
 public:
  Finder(const Tokens& tokens, const WordView& words, Pulse* pulse, std::vector<Hit>* out)
      : tokens_(tokens), words_(words), pulse_(pulse), out_(out) {}

  void Run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      pulse_->Tick();
      const Token& token = tokens_.list[i];
      if (token.kind == TokenKind::kMask) {
        address_asked_ = false;
      } else if (token.kind == TokenKind::kDigits) {
        AtNumber(i);
      } else if (token.kind == TokenKind::kWord) {
        if (token.lexeme.kind == LexemeKind::kOther) {
          if (++since_address_ > kTopicReach) address_asked_ = false;
        }
        AtWord(i);
      }
    }
  }

 private:
  PlaceCue CueOf(std::size_t i) const {
    return i < words_.size() ? words_[i].place : PlaceCue::kNone;
  }
  bool IsWordAt(std::size_t i) const {
    return i < tokens_.size() && tokens_.list[i].kind == TokenKind::kWord;
  }
  bool Capital(std::size_t i) const {
    return IsWordAt(i) && words_.cased() && (words_[i].capital || words_[i].upper);
  }
  bool IsFigures(std::size_t i, std::size_t shortest, std::size_t longest) const {
    if (i >= tokens_.size() || tokens_.list[i].kind != TokenKind::kDigits) return false;
    const std::size_t length = tokens_.Text(i).size();
    return length >= shortest && length <= longest;
  }
  bool IsNumberWord(std::size_t i) const {
    if (!IsWordAt(i) || words_[i].upper) return false;  // "OH" is a state
    switch (tokens_.list[i].lexeme.kind) {
      case LexemeKind::kDigit:
      case LexemeKind::kOh:
      case LexemeKind::kTeen:
      case LexemeKind::kTens:
      case LexemeKind::kHundred:
        return true;
      default:
        return false;
    }
  }
  bool IsNumber(std::size_t i) const {
    return (IsFigures(i, 1, kLongestHouse) && StandsFree(i)) || IsNumberWord(i);
  }
  // Figures that are no part of a code such as "7AXnt".
  bool StandsFree(std::size_t i) const {
    if (i > 0 && !tokens_.list[i].space_before && IsWordAt(i - 1)) return false;
    if (!IsWordAt(i + 1) || tokens_.list[i + 1].space_before) return true;
    if (tokens_.IsOneOf(i + 1, {"th", "st", "nd", "rd"})) return true;
    return tokens_.Text(i + 1).size() == 1 &&
           (i + 2 >= tokens_.size() || tokens_.list[i + 2].space_before ||
            tokens_.list[i + 2].kind == TokenKind::kMark);
  }
  // "ny" is New York, "oh" and "id" are words; in capitals all are states.
  bool IsRegion(std::size_t i) const {
    if (CueOf(i) != PlaceCue::kRegion) return false;
    if (tokens_.Text(i).size() > 2 || words_[i].upper || IsStateByCode(i)) return true;
    return !words_.cased() &&
           tokens_.IsOneOf(i, {"ny", "nj", "nc", "nh", "nm", "nv", "nd", "az", "ca", "ct", "fl",
                               "ga", "il", "ks", "ky", "md", "mn", "mt", "sc", "sd", "tn", "tx",
                               "ut", "vt", "va", "wa", "wv", "wi", "wy", "dc", "uk"});
  }

  // "hartford ct 06103": in lower case some are words, but not before five figures.
  bool IsStateByCode(std::size_t i) const {
    return i > 0 &&
           tokens_.IsOneOf(i, {"ct", "ne", "al", "ak", "ar", "co", "de", "ia", "ma", "mi", "mo",
                               "ms", "pa", "ri"}) &&
           tokens_.SameSegment(i, i + 1) && IsFigures(i + 1, 5, 5) && StandsFree(i + 1) &&
           tokens_.SameSegment(i - 1, i) && IsNamePart(i - 1);
  }

  // A word that may be part of a street's or a city's name.
  bool IsNamePart(std::size_t i) const {
    if (!IsWordAt(i) || tokens_.list[i].lexeme.kind == LexemeKind::kUnit) return false;
    if (CueOf(i) == PlaceCue::kDirection) return true;
    if (CueOf(i) == PlaceCue::kMonth && !Capital(i)) return false;
    const NameCue cue = words_[i].cue;
    const bool common = cue == NameCue::kNever || cue == NameCue::kOpener ||
                        cue == NameCue::kIntro || cue == NameCue::kName ||
                        cue == NameCue::kGreeting;
    return !common && tokens_.list[i].lexeme.kind == LexemeKind::kOther;
  }

  // Where the number that ends before token i begins; i where there is none, or an amount.
  std::size_t NumberBegin(std::size_t i) const {
    std::size_t k = i;
    while (k > 0 && i - k < kMostNumberTokens && tokens_.SameSegment(k - 1, i) && IsNumber(k - 1))
      --k;
    if (k > 0 && k < i && (tokens_.IsMark(k - 1, '$') || tokens_.IsMark(k - 1, '#'))) return i;
    return k;
  }

  void AtWord(std::size_t i) {
    const std::string_view word = tokens_.Text(i);
    switch (CueOf(i)) {
      case PlaceCue::kAddress: {
        const bool other =
            i > 0 && tokens_.IsOneOf(i - 1, {"email", "mail", "e", "ip", "web", "mac", "site"});
        address_asked_ = !other;
        since_address_ = 0;
        return;
      }
      case PlaceCue::kResides:
        if (tokens_.IsOneOf(i + 1, {"at", "on", "to", "in", "is", "me", "it"})) {
          address_asked_ = true;
          since_address_ = 4;
        }
        return;
      case PlaceCue::kStreet:
      case PlaceCue::kWay:
        AtStreet(i);
        break;
      case PlaceCue::kStreetHead:
        if (Capital(i)) AtStreetHead(i);
        break;
      case PlaceCue::kUnit:
        AtUnit(i);
        break;
      case PlaceCue::kRegion:
      case PlaceCue::kCity:
        AtRegion(i);
        break;
      default:
        break;
    }
    if (word == "box") AtBox(i);
    if ((word == "ct" || word == "ne") && IsStateByCode(i)) AtRegion(i);
    if (IsNumberWord(i) && (i == 0 || !IsNumber(i - 1))) AtNumber(i);
  }

  // "forty two maple street": back from "street" to the number of the house.
  void AtStreet(std::size_t i) {
    if (i < done_) return;
    std::size_t k = i;
    std::size_t names = 0;
    bool capitals = true;
    while (k > 0 && names < kMostStreetWords && tokens_.SameSegment(k - 1, i) && !words_[k].line) {
      if (tokens_.IsMark(k - 1, '.') || tokens_.IsMark(k - 1, '-') || tokens_.IsMark(k - 1, '\'')) {
        --k;
        continue;
      }
      if (!IsNamePart(k - 1)) break;
      capitals = capitals && Capital(k - 1);
      --k;
      ++names;
    }
    const std::size_t begin = NumberBegin(k);
    if (begin == k || names == 0) return;
    std::size_t figures = 0;
    for (std::size_t n = begin; n < k; ++n) {
      figures += tokens_.list[n].kind == TokenKind::kDigits ? tokens_.Text(n).size() : 1;
    }
    const bool sure =
        CueOf(i) == PlaceCue::kStreet || address_asked_ || (words_.cased() && capitals);
    const bool rare =
        tokens_.IsOneOf(i, {"drive", "dr", "way", "court", "ct", "close", "circle", "trail",
                            "place", "pl", "grove", "row", "square", "gardens"});
    if (!sure && (!rare || figures < 2 || names > 2)) return;
    if (figures < 2 && !address_asked_ && !(words_.cased() && capitals) &&
        !IsFigures(begin, 1, kLongestHouse)) {
      return;  // "one long road"
    }
    Report(begin, ExtendRight(i + 1, address_asked_), 0.88, "address-street",
           "a number, a name and a kind of street");
  }

  // "Via Roma 12", "Hauptstrasse 5", with the number of the house on either side.
  void AtStreetHead(std::size_t i) {
    std::size_t k = i;
    while (k > 0 && i - k < kMostStreetWords && tokens_.SameSegment(k - 1, i) && !words_[k].line &&
           Capital(k - 1)) {
      --k;
    }
    const std::size_t number = NumberBegin(k);
    std::size_t end = i + 1;
    while (end < i + 1 + kMostStreetWords && tokens_.SameSegment(i, end) && IsWordAt(end) &&
           !words_[end].line && !IsNumber(end)) {
      ++end;
    }
    const bool after = IsFigures(end, 1, kLongestHouse) && tokens_.SameSegment(i, end);
    if (number == k && !after) return;
    Report(number, ExtendRight(after ? end + 1 : i + 1, false), 0.85, "address-street",
           "a number, a name and a kind of street");
  }

  // "apartment 5", and the line before it.
  void AtUnit(std::size_t i) {
    if (i < done_) return;
    const std::size_t end = UnitEnd(i);
    if (end == i) return;
    std::size_t begin = i;
    constexpr std::size_t kMostBack = 12;
    if (words_.cased()) {
      for (std::size_t k = i; k > done_ && i - k < kMostBack && tokens_.SameSegment(k - 1, i);
           --k) {
        const bool figures = IsFigures(k - 1, 1, kLongestHouse);
        const bool mark = tokens_.list[k - 1].kind == TokenKind::kMark &&
                          (tokens_.list[k - 1].mark == ',' || tokens_.list[k - 1].mark == '.' ||
                           tokens_.list[k - 1].mark == '-' || tokens_.list[k - 1].mark == '>' ||
                           tokens_.list[k - 1].mark == '?');
        if (figures) begin = k - 1;
        if (!figures && !mark && !IsWordAt(k - 1)) break;
        if (IsWordAt(k - 1) && !Capital(k - 1) && tokens_.Text(k - 1).size() > 3) break;
      }
    }
    if (begin == i && !address_asked_ && !(words_.cased() && Capital(i))) return;
    Report(begin, ExtendRight(end, address_asked_), 0.83, "address-unit",
           "a flat or suite and its number");
  }

  // One past "apt. 5", "unit 12 b", "suite number nine"; `i` where no number follows.
  std::size_t UnitEnd(std::size_t i) const {
    std::size_t k = i + 1;
    while (tokens_.IsMark(k, '.') || tokens_.IsMark(k, '#') || tokens_.IsOneOf(k, {"number", "no"}))
      ++k;
    if (!tokens_.SameSegment(i, k)) return i;
    if (IsFigures(k, 1, 5)) {
      ++k;
      if (IsWordAt(k) && tokens_.Text(k).size() == 1 && tokens_.SameSegment(i, k) &&
          tokens_.Text(k) != "i" && tokens_.Text(k) != "a") {
        ++k;
      }
      return k;
    }
    const auto number = ReadNumber(tokens_, k, false);
    if (number && !number->amount && number->digits.size() <= 4) return number->token_end;
    return IsWordAt(k) && tokens_.Text(k).size() == 1 && tokens_.Text(k) != "i" ? k + 1 : i;
  }

  // "brooklyn ny 11214", "springfield illinois six two seven oh four"
  void AtRegion(std::size_t i) {
    if (i < done_ || (CueOf(i) == PlaceCue::kRegion && !IsRegion(i))) return;
    std::size_t k = i + 1;
    if (tokens_.IsMark(k, ',')) ++k;
    while (k < i + 4 && (IsRegion(k) || tokens_.IsOneOf(k, {"zip", "code", "pin"}))) ++k;
    const std::size_t end = PostalEnd(k);
    if (end == k || !tokens_.SameSegment(i, k)) return;
    if (IsNumberWord(k) && tokens_.Text(k - 1).size() == 2) return;
    std::size_t begin = i;
    constexpr std::size_t kMostCityWords = 3;
    while (begin > done_ && i - begin < kMostCityWords && tokens_.SameSegment(begin - 1, i) &&
           IsNamePart(begin - 1) && !words_[begin].line) {
      --begin;
    }
    Report(begin, end, 0.85, "address-region", "a place with its postal code");
  }

  // One past a postal code of five figures (and four more), or of six, at token i; else i.
  std::size_t PostalEnd(std::size_t i) const {
    if (IsFigures(i, 5, 6)) {
      if (!StandsFree(i)) return i;
      if (tokens_.IsMark(i + 1, '-') && IsFigures(i + 2, 4, 4) &&
          !tokens_.list[i + 2].space_before) {
        return i + 3;
      }
      return i + 1;
    }
    std::size_t k = i;
    std::size_t digits = 0;
    while (k < i + 9 && k < tokens_.size() && tokens_.SameSegment(i, k) && IsNumberWord(k)) {
      const LexemeKind kind = tokens_.list[k].lexeme.kind;
      digits +=
          kind == LexemeKind::kTeen ? 2
          : kind == LexemeKind::kTens
              ? (IsNumberWord(k + 1) && tokens_.list[k + 1].lexeme.kind == LexemeKind::kDigit ? 1
                                                                                              : 2)
          : kind == LexemeKind::kHundred ? 2
                                         : 1;
      ++k;
    }
    return digits == 5 || digits == 9 ? k : i;
  }

  // "p o box 12", "PO Box twenty"
  void AtBox(std::size_t i) {
    std::size_t begin = i;
    while (begin > 0 && i - begin < 4 && tokens_.SameSegment(begin - 1, i) &&
           (tokens_.IsOneOf(begin - 1, {"p", "o", "po", "post", "office"}) ||
            tokens_.IsMark(begin - 1, '.'))) {
      --begin;
    }
    if (begin == i || tokens_.IsMark(begin, '.')) return;
    std::size_t k = i + 1;
    while (tokens_.IsOneOf(k, {"number"}) || tokens_.IsMark(k, '#')) ++k;
    std::size_t end = k;
    while (end < k + kMostNumberTokens && tokens_.SameSegment(i, end) && IsNumber(end)) ++end;
    if (end == k) return;
    const std::size_t number = NumberBegin(begin);
    Report(number, ExtendRight(end, address_asked_), 0.88, "address-box", "a post office box");
  }

  void AtNumber(std::size_t i) {
    if (i < done_) return;
    // "Roxana, VY 76825"
    if (words_.cased() && IsFigures(i, 5, 5) && StandsFree(i) && i > done_ + 2 &&
        words_[i - 1].upper && tokens_.Text(i - 1).size() == 2 && tokens_.IsMark(i - 2, ',')) {
      std::size_t begin = i - 2;
      while (begin > done_ && i - begin < 5 && tokens_.SameSegment(begin - 1, i) &&
             Capital(begin - 1))
        --begin;
      if (begin < i - 2) {
        Report(begin, i + 1, 0.8, "address-region", "a place with its postal code");
        return;
      }
    }
    if (!IsNumber(i) || (IsNumberWord(i) && !address_asked_)) return;
    std::size_t k = i;
    while (k < i + kMostNumberTokens && tokens_.SameSegment(i, k) && IsNumber(k)) ++k;
    if (tokens_.IsOneOf(k, {"th", "st", "nd", "rd"})) ++k;
    const std::size_t name = k;
    if (words_.cased()) {
      // "09 Lindenhof 49": a name between two numbers.
      while (k < name + kMostStreetWords && tokens_.SameSegment(i, k) && IsWordAt(k) &&
             !words_[k].line && (Capital(k) || (k > name && words_[k].cue == NameCue::kParticle)) &&
             CueOf(k) != PlaceCue::kMonth) {
        ++k;
      }
      const bool shape =
          k > name && tokens_.SameSegment(i, k) && IsFigures(k, 1, 4) && !words_[k].line;
      const bool closed = k + 1 >= tokens_.size() || !tokens_.SameSegment(i, k + 1) ||
                          tokens_.IsMark(k + 1, ',') || tokens_.IsMark(k + 1, '.') ||
                          words_[k + 1].line;
      if (shape && (address_asked_ || LineBegins(i) || closed)) {
        Report(i, ExtendRight(k + 1, address_asked_), 0.8, "address-context",
               "a name between two numbers, where an address is expected");
        return;
      }
    }
    if (!address_asked_ || name >= tokens_.size() || !tokens_.SameSegment(i, name)) return;
    if (!IsNamePart(name) || CueOf(name) == PlaceCue::kMonth) return;
    if (tokens_.Text(name).size() < 2 && CueOf(name) != PlaceCue::kDirection) return;  // "p m"
    std::size_t figures = 0;
    for (std::size_t n = i; n < name; ++n) {
      figures += tokens_.list[n].kind == TokenKind::kDigits ? tokens_.Text(n).size() + 1 : 1;
    }
    if (figures < 2) return;
    const std::size_t end = ExtendRight(name, true);
    if (end < name + 2 && !Capital(name)) return;
    Report(i, end, 0.75, "address-context", "a number and a name, where an address is expected");
  }

  bool LineBegins(std::size_t i) const {
    if (i == 0 || !tokens_.SameSegment(i - 1, i)) return true;
    return tokens_.list[i].space_before && words_[i].line;
  }

  // Takes in flat, city, state, country and postal code after token `i`; returns one past the last.
  // `asked`: an address is expected, so that ordinary words belong to it, too.
  std::size_t ExtendRight(std::size_t i, bool asked) const {
    std::size_t last = i;
    std::size_t names = 0;
    for (std::size_t k = i;
         k < tokens_.size() && k < i + kMostTokens && i > 0 && tokens_.SameSegment(i - 1, k);) {
      const Token& token = tokens_.list[k];
      if (token.kind == TokenKind::kMark) {
        const bool line = token.mark == '>' || token.mark == '?';
        if (token.mark != ',' && token.mark != '.' && token.mark != '-' && token.mark != '/' &&
            !(line && words_.cased())) {
          break;
        }
        ++k;
        continue;
      }
      if (token.kind == TokenKind::kDigits) {
        const std::size_t postal = PostalEnd(k);
        if (postal > k) return postal;
        if (!IsFigures(k, 1, kLongestHouse)) break;
        last = ++k;
        if (IsFigures(k - 1, 4, 4)) return last;
        continue;
      }
      if (token.kind != TokenKind::kWord) break;
      if (IsNumberWord(k)) {
        const std::size_t postal = PostalEnd(k);
        return postal > k ? postal : last;
      }
      if (const std::size_t unit = CueOf(k) == PlaceCue::kUnit ? UnitEnd(k) : k; unit > k) {
        last = k = unit;
        continue;
      }
      const bool sentence =
          words_[k].start && !words_[k].line && k > 0 && tokens_.IsMark(k - 1, '.');
      const bool region =
          IsRegion(k) || CueOf(k) == PlaceCue::kCity || CueOf(k) == PlaceCue::kStreet;
      // "40 King Street West"
      const bool side =
          CueOf(k) == PlaceCue::kDirection && last == k && CueOf(k - 1) == PlaceCue::kStreet;
      if ((region || side) && !(words_.cased() && !Capital(k))) {
        last = ++k;
        continue;
      }
      if (words_.cased()) {
        if (sentence && (CueOf(k - 2) != PlaceCue::kStreet ||
                         !(tokens_.IsMark(k + 1, ',') || Capital(k + 1)))) {
          break;  // "Birch Rd. Please call", but "Birch Rd. Dayton, OH"
        }
        if (Capital(k) && names < 8 && words_[k].cue != NameCue::kNever) {
          ++names;
          last = ++k;
          continue;
        }
        if (!Capital(k) && tokens_.Text(k).size() <= 3 && Capital(k + 1) &&
            words_[k].cue == NameCue::kParticle) {
          ++k;
          continue;
        }
        break;
      }
      // Without capitals: words that lead to a place or a postal code, or any where one is expected.
      std::size_t ahead = k;
      bool leads = false;
      while (ahead < k + 4 && tokens_.SameSegment(i - 1, ahead)) {
        const bool place = IsRegion(ahead) || CueOf(ahead) == PlaceCue::kCity ||
                           CueOf(ahead) == PlaceCue::kStreet || CueOf(ahead) == PlaceCue::kUnit ||
                           IsFigures(ahead, 5, 6);
        if (place) {
          leads = ahead > k;
          break;
        }
        if (!IsNamePart(ahead)) break;
        ++ahead;
      }
      if (leads) {
        k = ahead;
        continue;
      }
      if (!asked || names >= 5 || !IsNamePart(k)) break;
      ++names;
      last = ++k;
    }
    return last;
  }

  void Report(std::size_t begin, std::size_t end, double score, std::string_view detector,
              std::string_view reason) {
    begin = std::max(begin, done_);
    if (begin >= end) return;
    out_->push_back({{{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}},
                     {Entity::kAddress, score, detector, reason}});
    done_ = end;
    address_asked_ = false;
  }

  const Tokens& tokens_;
  const WordView& words_;
  Pulse* pulse_;
  std::vector<Hit>* out_;
  bool address_asked_ = false;
  int since_address_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

void FindAddresses(const Tokens& tokens, const WordView& words, Pulse* pulse,
                   std::vector<Hit>* out) {
  Finder(tokens, words, pulse, out).Run();
}

}  // namespace cxscribe::redaction
