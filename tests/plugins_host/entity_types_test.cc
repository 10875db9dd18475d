#include "plugins/host/entity_types.h"

#include <string>

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

TEST(EntityTypes, KnownAndNamespacedOnesAreTaken) {
  for (const char* name :
       {"CREDIT_CARD", "NUMBER_SEQUENCE", "HEALTH_PLAN", "acme.EMPLOYEE_ID", "a-b2.X9"}) {
    EXPECT_TRUE(IsEntityType(name)) << name;
  }
}

TEST(EntityTypes, OthersAreNot) {
  for (const char* name : {"", "credit_card", "CARD", "acme.", ".X", "acme.employee", "ACME.X",
                           "acme.X.Y", "acme.X Y", "2a.X", "acme"}) {
    EXPECT_FALSE(IsEntityType(name)) << name;
  }
  EXPECT_FALSE(IsEntityType("a." + std::string(200, 'X')));
}

TEST(Capabilities, KnownAndNamespacedOnesAreTaken) {
  for (const char* name : {"punctuation", "diarization", "redaction-verification",
                           "inverse-text-normalisation", "acme.script-adherence", "acme.qa.tone"}) {
    EXPECT_TRUE(IsCapability(name)) << name;
  }
  for (const char* name : {"", "Punctuation", "acme.", "acme.Tone", "tone", ".tone"}) {
    EXPECT_FALSE(IsCapability(name)) << name;
  }
}

}  // namespace
}  // namespace cxscribe
