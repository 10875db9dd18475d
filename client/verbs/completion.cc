// cxctl completion: a completion script for a shell.
#include "client/completion.h"

#include <memory>
#include <ostream>

#include "client/exit_code.h"
#include "client/session.h"
#include "client/verbs/verbs.h"

namespace cxscribe::client {

void AddCompletion(Command root, Session& session, const CommandLine& line) {
  auto shell = std::make_shared<std::string>();
  const Command command = root.AddCommand("completion", "Print a completion script");
  command.AddPositionalChoice("SHELL", shell.get(), {"bash", "zsh", "fish"}, "The shell");
  command.SetFooter(
      "For example:\n"
      "  bash: source <(cxctl completion bash)\n"
      "  zsh:  cxctl completion zsh > \"${fpath[1]}/_cxctl\"\n"
      "  fish: cxctl completion fish > ~/.config/fish/completions/cxctl.fish");
  command.OnRun([shell, &session, &line] {
    const CommandShape shape = line.Shape();
    session.out() << (*shell == "bash"  ? BashCompletion(shape)
                      : *shell == "zsh" ? ZshCompletion(shape)
                                        : FishCompletion(shape));
    return kExitOk;
  });
}

}  // namespace cxscribe::client
