// cxctl wait: a quiet watch that prints how the jobs ended.
#include <memory>

#include "client/exit_code.h"
#include "client/follow.h"
#include "client/session.h"
#include "client/verbs/follow_arguments.h"
#include "client/verbs/verbs.h"

namespace cxscribe::client {

void AddWait(Command root, Session& session) {
  auto options = std::make_shared<FollowArguments>();
  const Command command = root.AddCommand("wait", "Wait for jobs and print how they ended");
  AddFollowArguments(command, *options);
  command.SetFooter(ExitCodeHelp());
  command.OnRun([options, &session] { return Follow(session, *options, "wait"); });
}

}  // namespace cxscribe::client
