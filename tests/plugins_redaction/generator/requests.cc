// What agents ask for, and what customers say unasked.
#include "tests/plugins_redaction/generator/phrases.h"

namespace cxscribe::calls {
namespace {

using S = std::string_view;

constexpr S kCardAsks[] = {"Can I get the card number, please?",
                           "What's the number on the front of the card?",
                           "Go ahead with the credit card number whenever you're ready.",
                           "And which card would you like to use?",
                           "I just need the long number across your card.",
                           "Could you read me the sixteen digits of your debit card?"};
constexpr S kCardTells[] = {"I'd like to pay by Visa, it's {v}.", "My card number is {v}.",
                            "Put it on the card ending, no, I'll read it all, {v}."};
constexpr S kCvvAsks[] = {"And the three digits on the back?", "What's the security code?",
                          "Can I have the CVV, please?",
                          "And the verification code on the back of the card?"};
constexpr S kCvvTells[] = {"The security code is {v}.", "And the CVV is {v}."};
constexpr S kExpiryAsks[] = {"And the expiration date?", "When does the card expire?",
                             "What's the expiry on that card?", "Valid through what date?"};
constexpr S kExpiryTells[] = {"It expires {v}.", "The expiration is {v}."};
constexpr S kPinAsks[] = {"What PIN would you like to use?", "Please tell me your four digit PIN.",
                          "And your telephone banking PIN?", "Can you confirm the PIN?"};
constexpr S kPinTells[] = {"My PIN is {v}.", "I set the PIN to {v}."};
constexpr S kBankAsks[] = {"What's the account number for the checking account?",
                           "And your bank account number, please?",
                           "Which account number should the money go to?",
                           "Can you read the account number from the bottom of the check?"};
constexpr S kBankTells[] = {"My bank account number is {v}.",
                            "It's the checking account, number {v}."};
constexpr S kRoutingAsks[] = {"What's the routing number?",
                              "And the routing number of your bank, please?",
                              "Could I have the nine digit routing number?",
                              "The ABA number at the bottom left of the check?"};
constexpr S kRoutingTells[] = {"The routing number is {v}.", "For the routing I have {v}."};
constexpr S kIbanAsks[] = {"Could you give me the IBAN?", "What's the IBAN for the transfer?",
                           "I need the IBAN of the receiving account."};
constexpr S kIbanTells[] = {"The IBAN is {v}.", "My IBAN, that's {v}."};
constexpr S kSwiftAsks[] = {"And the SWIFT code of the bank?", "What's the BIC?",
                            "Do you have the SWIFT code?"};
constexpr S kSwiftTells[] = {"The SWIFT code is {v}.", "And the BIC is {v}."};
constexpr S kSsnAsks[] = {"Can I have your social security number?", "What's your social?",
                          "And your full social, please?",
                          "For security I need the Social Security number on file.",
                          "May I have your SSN to verify the account?"};
constexpr S kSsnTells[] = {"My social is {v}.", "My social security number is {v}."};
constexpr S kSerialAsks[] = {"Can you verify the last four of your social?",
                             "What are the last four digits of your social security number?"};
constexpr S kSerialTells[] = {"The last four of my social are {v}.", "My social ends in {v}."};
constexpr S kItinAsks[] = {"What's your ITIN?", "Do you have a taxpayer identification number?",
                           "Can I have the individual taxpayer ID, please?"};
constexpr S kItinTells[] = {"My ITIN is {v}.", "My tax ID number is {v}."};
constexpr S kNationalAsks[] = {"Can I take your NHS number or national insurance number?",
                               "What's your national insurance number, or your NHS number?",
                               "Do you have your national ID number there?"};
constexpr S kNationalTells[] = {"My national ID is {v}.", "The national ID number is {v}."};
constexpr S kPassportAsks[] = {"What's the passport number?",
                               "Can you read me the number on your passport?",
                               "And your passport number for the booking?"};
constexpr S kPassportTells[] = {"My passport number is {v}.", "The passport says {v}."};
constexpr S kLicenceAsks[] = {"What's your driver's license number?",
                              "Could I have the number on your driving licence?",
                              "And the driver's license, please?"};
constexpr S kLicenceTells[] = {"My driver's license number is {v}.", "My license number is {v}."};
constexpr S kPhoneAsks[] = {"What's the best number to reach you?",
                            "Can I get a callback number in case we're disconnected?",
                            "And your phone number?", "What's a good cell phone number for you?",
                            "Which telephone number do we have on the account?"};
constexpr S kPhoneTells[] = {"You can call me back at {v}.", "My cell is {v}.",
                             "My phone number is {v}."};
constexpr S kPhoneReads[] = {"Is {v} still a good phone number for you?",
                             "I'll call you at {v} if we get cut off, okay?"};
constexpr S kEmailAsks[] = {"What's your email address?", "And the email on the account?",
                            "Where should I send the confirmation email?",
                            "Can you spell the email address for me?"};
constexpr S kEmailTells[] = {"Please send it to {v}.", "My email is {v}.",
                             "It's under the email address {v}."};
constexpr S kEmailReads[] = {"I'm sending the email to {v}, is that still right?"};
constexpr S kAddressAsks[] = {"What's your home address?", "Can you confirm the billing address?",
                              "Where should we ship it?", "And the street address, please?"};
constexpr S kAddressTells[] = {"I live at {v} in {city}.", "My address is {v}, {city}.",
                               "I just moved to {v}."};
constexpr S kAddressReads[] = {"Is your address still {v}?"};
constexpr S kPostalAsks[] = {"And the zip code?", "What's the billing zip or postal code?",
                             "Can you confirm your postcode?"};
constexpr S kPostalTells[] = {"My zip code is {v}.", "The postal code here is {v}."};
constexpr S kPersonAsks[] = {"May I have your full name, please?", "Who am I speaking with today?",
                             "Can I get your first and last name?",
                             "What's the name on the account?"};
constexpr S kPersonTells[] = {"My name is {v}.", "Hi, this is {v}.", "This is {v} calling."};
constexpr S kPersonReads[] = {"Am I speaking with {v}?", "Is this {v}?"};
constexpr S kBirthAsks[] = {"Can you give me your date of birth?", "And your date of birth?",
                            "What's your birthday?", "Could you verify your birth date for me?",
                            "When were you born?"};
constexpr S kBirthTells[] = {"My date of birth is {v}.", "I was born on {v}."};
constexpr S kBirthReads[] = {"I have {v} as your date of birth, is that correct?"};
constexpr S kIpAsks[] = {"What IP address does it show?", "Can you read me the IP address?",
                         "And the IP of the router?"};
constexpr S kIpTells[] = {"My IP address is {v}.", "It says IP address {v}."};
constexpr S kUserAsks[] = {"What's your username?", "Which user name do you log in with?",
                           "Can you tell me the user ID?"};
constexpr S kUserTells[] = {"My username is {v}.", "I log in as {v}."};
constexpr S kPasswordAsks[] = {"What password did you try?", "And the password on the account?",
                               "Can you tell me your verbal password?"};
constexpr S kPasswordTells[] = {"My password is {v}.", "The password was {v}."};
constexpr S kPlateAsks[] = {"What's the license plate?", "And the plate number of the car?",
                            "Can I have the vehicle registration?"};
constexpr S kPlateTells[] = {"The license plate is {v}.", "My plate number is {v}."};
constexpr S kVehicleAsks[] = {"Do you have the VIN?", "What's the vehicle identification number?",
                              "Can you read the VIN off the windshield?"};
constexpr S kVehicleTells[] = {"The VIN is {v}.", "The vehicle identification number is {v}."};
constexpr S kMedicalAsks[] = {"What's your medical record number?",
                              "Do you have the MRN from your last visit?",
                              "And the patient's medical record number?"};
constexpr S kMedicalTells[] = {"My medical record number is {v}.", "The MRN is {v}."};
constexpr S kPlanAsks[] = {"What's the member ID on your insurance card?",
                           "Can I have your health plan ID?", "And the insurance member number?"};
constexpr S kPlanTells[] = {"My insurance member ID is {v}.", "The health plan number is {v}."};
constexpr S kLongAsks[] = {"What does it say on the screen?", "Can you read that out to me?"};
constexpr S kLongTells[] = {"There's just a long number here, {v}.", "It only says {v}."};

constexpr Request kRequests[] = {
    {"CREDIT_CARD", "CREDIT_CARD", 4, true, kCardAsks, kCardTells, {}},
    {"CARD_CVV", "CARD_CVV", 2, false, kCvvAsks, kCvvTells, {}},
    {"CARD_EXPIRY", "CARD_EXPIRY", 2, false, kExpiryAsks, kExpiryTells, {}},
    {"PIN", "PIN", 1, false, kPinAsks, kPinTells, {}},
    {"BANK_ACCOUNT", "BANK_ACCOUNT", 2, true, kBankAsks, kBankTells, {}},
    {"ROUTING_NUMBER", "ROUTING_NUMBER", 2, true, kRoutingAsks, kRoutingTells, {}},
    {"IBAN", "IBAN", 1, false, kIbanAsks, kIbanTells, {}},
    {"SWIFT_CODE", "SWIFT_CODE", 1, false, kSwiftAsks, kSwiftTells, {}},
    {"SSN", "SSN", 3, true, kSsnAsks, kSsnTells, {}},
    {"SSN", "SSN_SERIAL", 2, false, kSerialAsks, kSerialTells, {}},
    {"ITIN", "ITIN", 1, true, kItinAsks, kItinTells, {}},
    {"NATIONAL_ID", "NATIONAL_ID", 1, false, kNationalAsks, kNationalTells, {}},
    {"PASSPORT", "PASSPORT", 1, false, kPassportAsks, kPassportTells, {}},
    {"DRIVER_LICENSE", "DRIVER_LICENSE", 1, false, kLicenceAsks, kLicenceTells, {}},
    {"PHONE", "PHONE", 4, true, kPhoneAsks, kPhoneTells, kPhoneReads},
    {"EMAIL", "EMAIL", 4, false, kEmailAsks, kEmailTells, kEmailReads},
    {"ADDRESS", "ADDRESS", 2, false, kAddressAsks, kAddressTells, kAddressReads},
    {"POSTAL_CODE", "POSTAL_CODE", 2, false, kPostalAsks, kPostalTells, {}},
    {"PERSON", "PERSON", 4, false, kPersonAsks, kPersonTells, kPersonReads},
    {"DATE_OF_BIRTH", "DATE_OF_BIRTH", 3, false, kBirthAsks, kBirthTells, kBirthReads},
    {"IP_ADDRESS", "IP_ADDRESS", 1, false, kIpAsks, kIpTells, {}},
    {"USERNAME", "USERNAME", 1, false, kUserAsks, kUserTells, {}},
    {"PASSWORD", "PASSWORD", 1, false, kPasswordAsks, kPasswordTells, {}},
    {"LICENSE_PLATE", "LICENSE_PLATE", 1, false, kPlateAsks, kPlateTells, {}},
    {"VEHICLE_ID", "VEHICLE_ID", 1, false, kVehicleAsks, kVehicleTells, {}},
    {"MEDICAL_RECORD", "MEDICAL_RECORD", 1, true, kMedicalAsks, kMedicalTells, {}},
    {"HEALTH_PLAN", "HEALTH_PLAN", 1, false, kPlanAsks, kPlanTells, {}},
    {"NUMBER_SEQUENCE", "NUMBER_SEQUENCE", 1, true, kLongAsks, kLongTells, {}},
};

}  // namespace

std::span<const Request> Requests() { return kRequests; }

}  // namespace cxscribe::calls
