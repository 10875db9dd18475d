#include "plugins/redaction/plan.h"

#include <algorithm>

#include "plugins/redaction/entity_types.h"

namespace cxscribe::redaction {
Plan::Plan(const EntitySet& wanted, const Language& spoken)
    : language(&spoken), entities(wanted & spoken.looks_for()) {
  for (std::size_t i = 0; i < of_entity.size(); ++i) {
    of_entity[i].wanted = entities.Has(static_cast<Entity>(i));
  }
}

Plan::Plan(const Settings& settings, const OwnDetectors* own, std::string_view policy,
           const std::vector<std::string_view>& types, const Language& spoken)
    : Plan(EntitySet::Of(types), spoken) {
  const Rules& rules = settings.For(policy);
  const auto plan = [this, &rules](std::string_view type) {
    TypePlan made;
    made.wanted = true;
    made.threshold = rules.For(type);
    made.remains = rules.RemainsOf(type);
    strict = strict && made.threshold.fail <= 0 && made.remains == 0;
    flags = flags || made.threshold.fail > 0;
    return made;
  };
  for (const std::string_view type : types) {
    const EntitySet one = EntitySet::Of({type}) & entities;
    for (std::size_t i = 0; i < of_entity.size(); ++i) {
      if (one.Has(static_cast<Entity>(i))) of_entity[i] = plan(type);
    }
    if (!one.Empty() || (own != nullptr && own->LooksFor(type))) {
      ++looked_for;
    } else if (std::find(settings.unchecked.begin(), settings.unchecked.end(), type) !=
               settings.unchecked.end()) {
      unchecked.emplace_back(type);
    } else {
      missing.emplace_back(type);
    }
  }
  if (own == nullptr) return;
  for (const std::string& type : own->types()) {
    const bool asked = std::find(types.begin(), types.end(), type) != types.end();
    of_own.push_back(asked || IsOwnType(type) ? plan(type) : TypePlan());
  }
}

}  // namespace cxscribe::redaction
