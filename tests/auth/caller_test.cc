#include "server/auth/caller.h"

#include <string>

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

Caller CallerFor(const CallContext& context) {
  const auto caller = AnonymousAuthenticator().Authenticate(context);
  EXPECT_TRUE(caller.ok());
  return caller.ok() ? *caller : Caller{};
}

TEST(AnonymousAuthenticator, BelievesNoClaimInTheMetadata) {
  CallContext context;
  context.metadata.emplace("x-tenant", "other");
  context.metadata.emplace("x-actor", "admin");
  context.metadata.emplace("authorization", "Bearer anything");
  const Caller caller = CallerFor(context);
  EXPECT_EQ(caller.tenant, "default");
  EXPECT_EQ(caller.actor, "anonymous");
}

TEST(AnonymousAuthenticator, NamesTheTlsPeerAsActor) {
  CallContext context;
  context.peer_name = "claims-service.internal.example";
  const Caller caller = CallerFor(context);
  EXPECT_EQ(caller.tenant, "default");
  EXPECT_EQ(caller.actor, "claims-service.internal.example");
}

TEST(AnonymousAuthenticator, APeerNameThatIsUnfitForTheAuditLogNamesNobody) {
  CallContext context;
  context.peer_name = "forged\n{\"event\":\"released\"}";
  EXPECT_EQ(CallerFor(context).actor, "anonymous");
  context.peer_name = std::string(1000, 'x');
  EXPECT_EQ(CallerFor(context).actor, "anonymous");
}

}  // namespace
}  // namespace cxscribe
