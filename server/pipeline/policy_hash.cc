// See policy_hash.h. The order of the fields is a published format: docs/evidence.md.
#include "server/pipeline/policy_hash.h"

#include "server/base/hash.h"

namespace cxscribe {

std::string PolicyHash(const RedactionPolicy& policy) {
  Hasher hasher;
  hasher.Add("cxscribe.policy.1").Add(policy.entity_types.size());
  for (const std::string& type : policy.entity_types) hasher.Add(type);
  hasher.Add(policy.upstream);
  return hasher.Hex();
}

}  // namespace cxscribe
