#include "plugins/redaction/place_words.h"

#include <cassert>
#include <unordered_map>

namespace cxscribe::redaction {
namespace {

using Table = std::unordered_map<std::string_view, PlaceCue>;

Table MakeTable() {
  Table table;
  const auto add = [&table](PlaceCue cue, std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) {
      [[maybe_unused]] const bool added = table.emplace(word, cue).second;
      assert(added && "a word is one cue");
    }
  };
  add(PlaceCue::kCity,
      {"york",         "chicago",    "houston",    "phoenix",      "philadelphia", "antonio",
       "diego",        "dallas",     "austin",     "jacksonville", "columbus",     "charlotte",
       "indianapolis", "seattle",    "denver",     "boston",       "nashville",    "portland",
       "vegas",        "memphis",    "baltimore",  "milwaukee",    "albuquerque",  "tucson",
       "fresno",       "sacramento", "atlanta",    "omaha",        "miami",        "oakland",
       "minneapolis",  "tulsa",      "tampa",      "brooklyn",     "orlando",      "cleveland",
       "pittsburgh",   "cincinnati", "huntsville", "angeles",      "francisco",    "london",
       "manchester",   "birmingham", "leeds",      "glasgow",      "edinburgh",    "bristol",
       "liverpool",    "toronto",    "vancouver",  "montreal",     "calgary",      "ottawa",
       "chennai",      "madurai",    "mumbai",     "delhi",        "bangalore",    "hyderabad",
       "kolkata",      "pune"});
  add(PlaceCue::kRegion, {"alabama",      "alaska",     "arizona",
                          "arkansas",     "california", "colorado",
                          "connecticut",  "delaware",   "florida",
                          "georgia",      "hawaii",     "idaho",
                          "illinois",     "indiana",    "iowa",
                          "kansas",       "kentucky",   "louisiana",
                          "maine",        "maryland",   "massachusetts",
                          "michigan",     "minnesota",  "mississippi",
                          "missouri",     "montana",    "nebraska",
                          "nevada",       "hampshire",  "jersey",
                          "ohio",         "oklahoma",   "oregon",
                          "pennsylvania", "tennessee",  "texas",
                          "utah",         "vermont",    "virginia",
                          "wisconsin",    "wyoming",    "carolina",
                          "dakota",       "al",         "ak",
                          "az",           "ar",         "ca",
                          "co",           "de",         "fl",
                          "ga",           "id",         "il",
                          "ia",           "ks",         "ky",
                          "la",           "md",         "ma",
                          "mi",           "mn",         "ms",
                          "mo",           "mt",         "nv",
                          "nh",           "nj",         "nm",
                          "ny",           "nc",         "nd",
                          "oh",           "ok",         "pa",
                          "ri",           "sc",         "sd",
                          "tn",           "tx",         "ut",
                          "vt",           "va",         "wa",
                          "wv",           "wi",         "wy",
                          "dc",           "usa",        "uk",
                          "england",      "scotland",   "wales",
                          "ireland",      "canada",     "ontario",
                          "quebec",       "india",      "australia",
                          "germany",      "france",     "spain",
                          "italy"});
  add(PlaceCue::kStreet,
      {"street",   "st",         "road",  "rd",      "avenue",   "ave",     "lane",
       "ln",       "boulevard",  "blvd",  "terrace", "crescent", "parkway", "pkwy",
       "highway",  "hwy",        "roads", "streets", "salai",    "nagar",   "freeway",
       "turnpike", "expressway", "mews",  "cres"});
  add(PlaceCue::kWay,
      {"way",   "drive",   "dr",    "court",   "ct",      "place",    "pl",     "square",
       "close", "circle",  "trail", "row",     "gardens", "grove",    "hill",   "walk",
       "park",  "loop",    "path",  "alley",   "plaza",   "valley",   "ridge",  "cove",
       "point", "run",     "pass",  "meadows", "estates", "heights",  "green",  "view",
       "mount", "station", "falls", "groves",  "brook",   "crossing", "bypass", "quay"});
  add(PlaceCue::kStreetHead, {"via",    "rua",     "rue",   "calle", "avenida", "piazza", "viale",
                              "cours",  "carrera", "ul",    "ulica", "strada",  "praça",  "chemin",
                              "camino", "paseo",   "plaça", "largo", "corso",   "route"});
  add(PlaceCue::kUnit,
      {"apartment", "apt", "suite", "ste", "unit", "flat", "floor", "apts", "appt"});
  add(PlaceCue::kAddress, {"address", "addresses", "adress", "addr"});
  add(PlaceCue::kResides, {"live", "lives", "living", "reside", "resides", "residing", "moved",
                           "located", "office", "restaurant", "meet", "deliver", "ship", "based"});
  add(PlaceCue::kMonth,
      {"january", "february",  "march",     "april",    "may",      "june",     "july",
       "august",  "september", "october",   "november", "december", "jan",      "feb",
       "mar",     "apr",       "jun",       "jul",      "aug",      "sep",      "sept",
       "oct",     "nov",       "dec",       "dollar",   "dollars",  "euro",     "euros",
       "pounds",  "pound",     "usd",       "gbp",      "eur",      "inr",      "rs",
       "kg",      "am",        "pm",        "hours",    "minutes",  "days",     "years",
       "monday",  "tuesday",   "wednesday", "thursday", "friday",   "saturday", "sunday"});
  add(PlaceCue::kDirection,
      {"north",     "south",     "east",      "west",  "nw",    "ne",    "sw",  "se",  "northwest",
       "northeast", "southwest", "southeast", "new",   "san",   "santa", "los", "las", "saint",
       "fort",      "old",       "upper",     "lower", "great", "n",     "s",   "e",   "w"});
  return table;
}

// German, Dutch, Nordic, Finnish, Hungarian and Czech streets carry what they are in their names.
bool IsStreetByEnding(std::string_view word) {
  constexpr std::size_t kShortest = 7;
  if (word.size() < kShortest) return false;
  for (const std::string_view ending :
       {"strasse",  "stra\u00dfe", "stasse", "gasse",  "weg",  "gatan", "gata",
        "vej",      "vegen",       "veien",  "straat", "laan", "katu",  "plein",
        "allee",    "allé",        "gade",   "gaten",  "kuja", "polku", "v\xC3\xA4gen",
        "steinweg", "dijk",        "gracht", "platz",  "vagen"}) {
    if (word.size() > ending.size() + 1 && word.substr(word.size() - ending.size()) == ending) {
      return true;
    }
  }
  return false;
}

}  // namespace

PlaceCue PlaceCueOf(std::string_view lower) {
  static const Table* const table = new Table(MakeTable());
  const auto found = table->find(lower);
  if (found != table->end()) return found->second;
  return IsStreetByEnding(lower) ? PlaceCue::kStreetHead : PlaceCue::kNone;
}

}  // namespace cxscribe::redaction
