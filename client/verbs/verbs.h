// The verbs of cxctl: each adds its command to the tree, in a file of its own.
//
// `session` must outlive the command line. A verb's handler returns the exit code and has printed
// its error.
#pragma once

#include "client/command.h"

namespace cxscribe::client {

class Session;

void AddSubmit(Command root, Session& session);
void AddWatch(Command root, Session& session);
void AddWait(Command root, Session& session);
void AddResult(Command root, Session& session);
void AddGet(Command root, Session& session);
void AddList(Command root, Session& session);
void AddEvents(Command root, Session& session);
void AddCancel(Command root, Session& session);
void AddDelete(Command root, Session& session);
void AddResolve(Command root, Session& session);

// Below `cxctl pipeline`.
void AddPipelineList(Command pipeline, Session& session);
void AddPipelineReload(Command pipeline, Session& session);
void AddPipelineRun(Command pipeline, Session& session);
void AddPipelineValidate(Command pipeline, Session& session);
// Below `cxctl plugin`.
void AddPluginCheck(Command plugin, Session& session);
void AddPluginList(Command plugin, Session& session);
void AddPluginNew(Command plugin, Session& session);
// Below `cxctl audit`.
void AddAuditVerify(Command audit, Session& session);

// Prints scripts made from `line`'s own tree.
void AddCompletion(Command root, Session& session, const CommandLine& line);

}  // namespace cxscribe::client
