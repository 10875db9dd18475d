// The tree of cxctl's commands.
#include <ostream>

#include "client/command.h"
#include "client/exit_code.h"
#include "client/session.h"
#include "client/verbs/verbs.h"
#include "server/base/version.h"

namespace cxscribe::client {
namespace {

void AddGlobalOptions(Command root, GlobalOptions& options) {
  root.AddOption("--server,-s", &options.server.server, "HOST:PORT",
                 "The server; default CXSCRIBE_SERVER, else 127.0.0.1:7400");
  root.AddOption("--profile", &options.server.profile, "NAME",
                 "A profile of $XDG_CONFIG_HOME/cxscribe/config.yaml");
  root.AddChoice("--output,-o", &options.output, {"table", "json", "jsonl", "yaml"},
                 "How to print the answer; default table");
  root.AddOption("--timeout", &options.timeout, "Of each call but a watch; default 30s");
  root.AddFlag("--no-color,--no-colour", &options.no_color, "No colours, as with NO_COLOR");
  root.AddFlag("--quiet,-q", &options.quiet, "No progress and no notes on standard error");
  root.AddFlag("--tls", &options.server.tls,
               "Use TLS; the default except to this machine, which is plain");
  root.AddFlag("--plaintext", &options.server.plaintext, "Use no TLS, wherever the server is");
  root.AddOption("--tls-ca", &options.server.tls_ca, "FILE",
                 "Certificates to trust (PEM); default the system's", ValueKind::kFile);
  root.AddOption("--tls-cert", &options.server.tls_cert, "FILE", "Client certificate (PEM)",
                 ValueKind::kFile);
  root.AddOption("--tls-key", &options.server.tls_key, "FILE", "Its private key (PEM)",
                 ValueKind::kFile);
  root.SetFooter(ExitCodeHelp());
}

void AddVerbs(CommandLine& line, Session& session) {
  const Command root = line.root();
  AddSubmit(root, session);
  AddWatch(root, session);
  AddWait(root, session);
  AddResult(root, session);
  AddGet(root, session);
  AddList(root, session);
  AddEvents(root, session);
  AddCancel(root, session);
  AddDelete(root, session);
  AddResolve(root, session);
  const Command pipeline = root.AddCommand("pipeline", "Pipelines: list, reload, run, validate");
  AddPipelineList(pipeline, session);
  AddPipelineReload(pipeline, session);
  AddPipelineRun(pipeline, session);
  AddPipelineValidate(pipeline, session);
  const Command plugin = root.AddCommand("plugin", "Plugins: check, list, new");
  AddPluginCheck(plugin, session);
  AddPluginList(plugin, session);
  AddPluginNew(plugin, session);
  AddAuditVerify(root.AddCommand("audit", "The audit log: verify"), session);
  AddCompletion(root, session, line);
}

}  // namespace

int RunCxctl(const std::vector<std::string>& arguments, Environment& environment) {
  GlobalOptions options;
  Session session(environment, options);
  CommandLine line("cxctl", "The command line of cxscribe: verified transcripts of recordings.",
                   kVersion);
  AddGlobalOptions(line.root(), options);
  AddVerbs(line, session);
  std::optional<int> done = line.Parse(arguments, *environment.out, *environment.err);
  const int exit_code = done.has_value() ? *done : line.Run();
  environment.out->flush();
  if (!environment.out->good()) {
    *environment.err << "cxctl: cannot write standard output: is the disk full?\n";
    return exit_code == kExitOk ? kExitLocalError : exit_code;
  }
  return exit_code;
}

}  // namespace cxscribe::client
