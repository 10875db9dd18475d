// What one job's redaction policy asks of the verifier, given the operator's settings.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/redaction/finding.h"
#include "plugins/redaction/language.h"
#include "plugins/redaction/own_detectors.h"
#include "plugins/redaction/settings.h"

namespace cxscribe::redaction {

// What counts of one type.
struct TypePlan {
  bool wanted = false;
  Threshold threshold;
  int remains = 0;
};

struct Plan {
  // Everything of these, whatever its score.
  explicit Plan(const EntitySet& wanted, const Language& spoken = Language::English());

  // `own` may be null. `policy` and `types` are the job's. What the language has no detector for is
  // missing.
  Plan(const Settings& settings, const OwnDetectors* own, std::string_view policy,
       const std::vector<std::string_view>& types, const Language& spoken = Language::English());

  const Language* language = &Language::English();
  EntitySet entities;
  std::array<TypePlan, EntitySet::kMost> of_entity;
  std::vector<TypePlan> of_own;  // by OwnDetectors::types()
  bool strict = true;            // every finding fails the text, none may remain
  bool flags = false;            // some are to be told only

  std::size_t looked_for = 0;  // of the policy's types
  // The policy's types that nothing here looks for: those that the settings leave to others, and the
  // rest, under which no text can pass.
  std::vector<std::string> unchecked;
  std::vector<std::string> missing;
};

}  // namespace cxscribe::redaction
