#include "tests/plugins_redaction/generator/values.h"

#include <cstdlib>

#include "tests/plugins_redaction/generator/numbers.h"

namespace cxscribe::calls {
namespace {

constexpr std::string_view kFirstNames[] = {
    "Jane",     "Marcus",   "Priya",    "Tobias",  "Eleanor", "Hassan",  "Ingrid",  "Carlos",
    "Yuki",     "Patricia", "Dmitri",   "Aisha",   "Connor",  "Beatrix", "Rajesh",  "Sofía",
    "Walter",   "Naomi",    "Gareth",   "Leticia", "Bernard", "Fatima",  "Oliver",  "Mei",
    "Theodore", "Zoë",      "Kenneth",  "Amara",   "Vincent", "Rosa",    "Duncan",  "Helga",
    "Samuel",   "Chloé",    "Terrence", "Anita",   "Bjorn",   "Lucia",   "Preston", "Wanda"};
constexpr std::string_view kLastNames[] = {
    "Doe",      "Whitaker", "Raman",      "Lindqvist",  "Okafor",     "Petrov",    "O'Brien",
    "Delgado",  "Tanaka",   "Fitzgerald", "Nuñez",      "Abernathy",  "Kowalski",  "Haddad",
    "Brooks",   "Svensson", "Castillo",   "McAllister", "Ferreira",   "Thornton",  "Iyer",
    "Baker",    "Müller",   "Chaudhry",   "Grant",      "Villanueva", "Stone",     "Hargreaves",
    "Nakamura", "Walsh",    "Boateng",    "Rossi",      "Henderson",  "Zielinski", "Moreau",
    "Price",    "Sandoval", "Young",      "Eriksen",    "Mbeki"};
constexpr std::string_view kCities[] = {"Springfield", "Dayton",  "Albuquerque", "Portland",
                                        "Leeds",       "Toledo",  "Sacramento",  "Burlington",
                                        "Tulsa",       "Spokane", "Madison",     "Bristol"};
constexpr std::string_view kStates[] = {"Ohio",   "Oregon",  "Texas",      "Vermont", "Kansas",
                                        "Nevada", "Georgia", "California", "Maine",   "Illinois"};
constexpr std::string_view kStreets[] = {
    "Oak Street",       "Maple Avenue",      "Willow Lane",      "Cedar Drive",   "Lincoln Road",
    "Elm Street",       "Park Avenue",       "Harbor Boulevard", "Juniper Court", "Meadow Way",
    "Franklin Street",  "Kingsley Road",     "Prospect Place",   "Sunset Drive",  "Chestnut Lane",
    "West Pine Street", "North Main Street", "Rosewood Terrace", "Old Mill Road", "Bay Street"};
constexpr std::string_view kDomains[] = {
    "gmail.com",        "gmail.com",   "yahoo.com",  "hotmail.com",     "outlook.com",
    "icloud.com",       "example.com", "aol.com",    "example.org",     "brightmail.net",
    "btinternet.co.uk", "comcast.net", "stateu.edu", "mail.example.org"};
constexpr std::string_view kWords[] = {"tiger",  "bluebird", "sunny",  "dragon", "pepper",
                                       "rocket", "maple",    "guitar", "storm",  "lucky"};

// The same digits, in groups of the given sizes.
Number Cut(const std::string& digits, std::initializer_list<std::size_t> sizes) {
  Number number;
  std::size_t at = 0;
  for (const std::size_t size : sizes) {
    number.groups.push_back(digits.substr(at, size));
    at += size;
  }
  return number;
}

Code CutCode(const std::string& code, std::initializer_list<std::size_t> sizes) {
  return {Cut(code, sizes).groups};
}

struct Accent {
  std::string_view with;
  char without;
};

// Those that the tables of names have.
constexpr Accent kAccents[] = {{"í", 'i'}, {"ë", 'e'}, {"é", 'e'}, {"ñ", 'n'}, {"ü", 'u'}};

// The name as people put it into an address: lower case, ASCII letters only.
std::string Plain(std::string_view name) {
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    for (const Accent& accent : kAccents) {
      if (name.substr(i, accent.with.size()) == accent.with) plain += accent.without;
    }
    const char lower =
        name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
    if (lower >= 'a' && lower <= 'z') plain += lower;
  }
  return plain;
}

std::string Letters(Dice& dice, std::size_t count) {
  std::string letters;
  while (letters.size() < count) letters += static_cast<char>('A' + dice.Between(0, 25));
  return letters;
}

Value Card(Dice& dice) {
  const std::string digits = CardNumber(dice);
  if (digits.size() == 15) return Cut(digits, {4, 6, 5});
  if (digits.size() == 14) return Cut(digits, {4, 6, 4});
  return Grouped(digits, 4);
}

Value CardCode(Dice& dice) {
  const std::size_t length = dice.Chance(85) ? 3 : 4;
  return Number{{dice.Figures(length)}};
}

Value CardExpiry(Dice& dice) {
  const int year = dice.Between(2026, 2033);
  return Expiry{year, dice.Between(1, 12)};
}

Value Pin(Dice& dice) { return Number{{dice.Figures(4)}}; }

Value BankAccount(Dice& dice) {
  const auto length = static_cast<std::size_t>(dice.Between(8, 12));
  const std::string digits = dice.Figures(length);
  return Grouped(digits, dice.Chance(50) ? 4 : 3);
}

Value Routing(Dice& dice) {
  const std::string digits = RoutingNumber(dice);
  return dice.Chance(60) ? Cut(digits, {3, 3, 3}) : Cut(digits, {4, 5});
}

Value InternationalAccount(Dice& dice) { return Code{Grouped(Iban(dice), 4).groups}; }

Value Swift(Dice& dice) { return Code{Grouped(SwiftCode(dice), 4).groups}; }

Value SocialSecurity(Dice& dice) { return Cut(SocialSecurityNumber(dice), {3, 2, 4}); }

Value SocialSecuritySerial(Dice& dice) { return Number{{SocialSecurityNumber(dice).substr(5)}}; }

Value Taxpayer(Dice& dice) { return Cut(TaxpayerNumber(dice), {3, 2, 4}); }

Value NationalId(Dice& dice) {
  if (dice.Chance(50)) return Cut(NhsNumber(dice), {3, 3, 4});
  return CutCode(NationalInsuranceNumber(dice), {2, 2, 2, 2, 1});
}

Value Passport(Dice& dice) {
  if (dice.Chance(60)) return Grouped(dice.Figures(9), 3);
  std::string code = Letters(dice, 1);
  code += dice.Figures(8);
  return CutCode(code, {1, 4, 4});
}

Value DriverLicence(Dice& dice) {
  std::string code = Letters(dice, 1);
  code += dice.Figures(7);
  return dice.Chance(60) ? CutCode(code, {1, 3, 4}) : CutCode(code, {4, 4});
}

Value Phone(Dice& dice) {
  if (dice.Chance(10)) {
    Number number = Cut("447" + dice.Figures(9), {2, 4, 3, 3});
    number.plus = true;
    return number;
  }
  std::string digits = AmericanPhone(dice);
  if (dice.Chance(8)) digits.replace(8, 2, "00");
  if (dice.Chance(8)) digits.replace(0, 3, "800");
  Number number = Cut(digits, {3, 3, 4});
  number.phone = true;
  return number;
}

Value EmailAddress(Dice& dice) {
  constexpr std::string_view kJoiners[] = {".", ".", "_", "-", ""};
  const Name name = MakeName(dice);
  Email email;
  email.first = Plain(name.first);
  email.joiner = dice.Pick(kJoiners);
  if (!email.joiner.empty() || dice.Chance(50)) email.last = Plain(name.last);
  if (dice.Chance(40)) email.figures = dice.Figures(dice.Chance(70) ? 2 : 4);
  email.domain = dice.Pick(kDomains);
  return email;
}

Value PostalAddress(Dice& dice) {
  Street street;
  street.house = dice.Chance(50) ? dice.Between(2, 99) : dice.Between(101, 4999);
  street.name = dice.Pick(kStreets);
  if (dice.Chance(25)) street.apartment = dice.Between(1, 49);
  return street;
}

Value PostalCode(Dice& dice) {
  if (dice.Chance(70)) return Number{{std::to_string(dice.Between(10001, 99899))}};
  const std::string code = BritishPostcode(dice);
  return CutCode(code, {code.size() - 3, 3});
}

Value Person(Dice& dice) { return MakeName(dice); }

Value BirthDate(Dice& dice) {
  Date date;
  date.year = dice.Between(1938, 2006);
  date.month = dice.Between(1, 12);
  date.day = dice.Between(1, 28);
  return date;
}

Value IpAddress(Dice& dice) {
  NetworkAddress address;
  for (int& octet : address.octets) octet = dice.Between(2, 254);
  return address;
}

Value User(Dice& dice) {
  const Name name = MakeName(dice);
  UserName user;
  user.word = Plain(name.first).substr(0, 1);
  user.word += Plain(name.last);
  user.figures = dice.Figures(2);
  return user;
}

Value Secret(Dice& dice) {
  constexpr char kSymbols[] = {'!', '#', '$'};
  Password password;
  password.word = dice.Pick(kWords);
  password.figures = dice.Figures(2);
  password.symbol = dice.Pick(kSymbols);
  return password;
}

Value Plate(Dice& dice) {
  std::string code = Letters(dice, 3);
  code += dice.Figures(4);
  return CutCode(code, {3, 4});
}

Value Vehicle(Dice& dice) { return CutCode(VehicleNumber(dice), {3, 4, 4, 6}); }

Value MedicalRecord(Dice& dice) {
  const auto length = static_cast<std::size_t>(dice.Between(7, 9));
  return Grouped(dice.Figures(length), 3);
}

Value HealthPlan(Dice& dice) {
  std::string code = Letters(dice, 3);
  code += dice.Figures(9);
  return CutCode(code, {3, 3, 3, 3});
}

Value LongNumber(Dice& dice) {
  const auto length = static_cast<std::size_t>(dice.Between(12, 20));
  return Grouped(dice.Figures(length), 4);
}

struct Maker {
  std::string_view kind;
  Value (*make)(Dice&);
};

constexpr Maker kMakers[] = {{"CREDIT_CARD", Card},
                             {"CARD_CVV", CardCode},
                             {"CARD_EXPIRY", CardExpiry},
                             {"PIN", Pin},
                             {"BANK_ACCOUNT", BankAccount},
                             {"ROUTING_NUMBER", Routing},
                             {"IBAN", InternationalAccount},
                             {"SWIFT_CODE", Swift},
                             {"SSN", SocialSecurity},
                             {"SSN_SERIAL", SocialSecuritySerial},
                             {"ITIN", Taxpayer},
                             {"NATIONAL_ID", NationalId},
                             {"PASSPORT", Passport},
                             {"DRIVER_LICENSE", DriverLicence},
                             {"PHONE", Phone},
                             {"EMAIL", EmailAddress},
                             {"ADDRESS", PostalAddress},
                             {"POSTAL_CODE", PostalCode},
                             {"PERSON", Person},
                             {"DATE_OF_BIRTH", BirthDate},
                             {"IP_ADDRESS", IpAddress},
                             {"USERNAME", User},
                             {"PASSWORD", Secret},
                             {"LICENSE_PLATE", Plate},
                             {"VEHICLE_ID", Vehicle},
                             {"MEDICAL_RECORD", MedicalRecord},
                             {"HEALTH_PLAN", HealthPlan},
                             {"NUMBER_SEQUENCE", LongNumber}};

}  // namespace

Number Grouped(const std::string& digits, std::size_t size) {
  Number number;
  std::size_t at = 0;
  constexpr std::size_t kShortest = 3;  // a shorter rest goes with the group before it
  while (digits.size() - at >= size + kShortest) {
    number.groups.push_back(digits.substr(at, size));
    at += size;
  }
  number.groups.push_back(digits.substr(at));
  return number;
}

Name MakeName(Dice& dice) {
  Name name;
  name.first = dice.Pick(kFirstNames);
  name.last = dice.Pick(kLastNames);
  return name;
}

std::string MakeCity(Dice& dice) { return std::string(dice.Pick(kCities)); }

std::string MakeState(Dice& dice) { return std::string(dice.Pick(kStates)); }

Value MakeValue(std::string_view kind, Dice& dice) {
  for (const Maker& maker : kMakers) {
    if (maker.kind == kind) return maker.make(dice);
  }
  std::abort();  // a kind that the generator does not know: a mistake in a table
}

}  // namespace cxscribe::calls
