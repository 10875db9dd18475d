// What the detectors hand on: windows of a digit run (Candidate), ranges of tokens (Hit), and at
// last findings with bytes. None of them holds text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cxscribe::redaction {

enum class Entity : std::uint8_t {
  kCreditCard,
  kCardCode,
  kCardExpiry,
  kSsn,
  kItin,
  kPhone,
  kEmail,
  kBirthDate,
  kIpAddress,
  kPin,
  kBankAccount,
  kRoutingNumber,
  kIban,
  kSwiftCode,
  kNationalId,
  kPassport,
  kDriverLicence,
  kLicencePlate,
  kVehicleId,
  kMedicalRecord,
  kHealthPlan,
  kNumberSequence,
  kPerson,
  kAddress,
  kPostalCode,
  kUsername,
  kPassword,
};

// The documented name, "CREDIT_CARD".
std::string_view EntityName(Entity entity);

// The entity types that somebody asked for.
class EntitySet {
 public:
  static constexpr std::size_t kMost = 32;  // entities there may ever be

  static EntitySet All();
  // Names that are none of the product's are left out.
  static EntitySet Of(const std::vector<std::string_view>& names);

  bool Has(Entity entity) const { return ((bits_ >> static_cast<unsigned>(entity)) & 1U) != 0; }
  bool Empty() const { return bits_ == 0; }
  // What is in both.
  EntitySet operator&(const EntitySet& other) const {
    EntitySet both;
    both.bits_ = bits_ & other.bits_;
    return both;
  }
  void Add(Entity entity) { bits_ |= 1U << static_cast<unsigned>(entity); }

 private:
  std::uint32_t bits_ = 0;
};

// How sure, by which detector and why; `detector` and `reason` are literals, or the operator's words,
// which live as long as the verifier.
struct Verdict {
  Entity entity = Entity::kCreditCard;
  double score = 0;
  std::string_view detector;
  std::string_view reason;
  // Found by the operator's own detectors: 1 and on, into OwnDetectors::types(); `entity` says nothing.
  std::uint16_t own = 0;
};

// The items [first, last) of one digit run.
struct Candidate {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  Verdict verdict;
};

struct TokenRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// Ranges of tokens, in order and disjoint.
struct Hit {
  std::vector<TokenRange> ranges;
  Verdict verdict;
};

// Bytes [begin, end) of one utterance.
struct Span {
  std::int32_t segment = 0;
  std::int32_t begin = 0;
  std::int32_t end = 0;
};

struct Finding {
  std::vector<Span> spans;  // one for each segment that it lies in, in order
  Verdict verdict;
};

}  // namespace cxscribe::redaction
