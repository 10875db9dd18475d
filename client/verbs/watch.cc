// cxctl watch: follows jobs to their end.
#include <memory>

#include "client/exit_code.h"
#include "client/follow.h"
#include "client/session.h"
#include "client/verbs/follow_arguments.h"
#include "client/verbs/verbs.h"

namespace cxscribe::client {

void AddWatch(Command root, Session& session) {
  auto options = std::make_shared<FollowArguments>();
  const Command command = root.AddCommand("watch", "Follow jobs to their end");
  AddFollowArguments(command, *options);
  command.SetFooter(
      "On a terminal shows progress in place; otherwise prints a line per change of state, and "
      "with\n"
      "-o jsonl a Job per update. A lost server is looked for again. Ctrl-C stops watching, not "
      "the\n"
      "job, and prints how to resume.\n\n" +
      std::string(ExitCodeHelp()));
  command.OnRun([options, &session] { return Follow(session, *options, "watch"); });
}

}  // namespace cxscribe::client
