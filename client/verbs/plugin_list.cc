// cxctl plugin list: the plugins that the server's pipelines use.
#include <ostream>

#include "client/api_client.h"
#include "client/catalog_view.h"
#include "client/exit_code.h"
#include "client/session.h"
#include "client/verbs/verbs.h"
#include "cxscribe/v1/pipeline_service.pb.h"

namespace cxscribe::client {
namespace {

int ListPlugins(Session& session) {
  ApiClient* api = session.Api();
  if (api == nullptr) return kExitLocalError;
  const auto response = api->ListPlugins(v1::ListPluginsRequest());
  if (!response.ok()) return session.CallFailed(response.status(), "list plugins");
  if (session.format() == OutputFormat::kJsonl) {
    for (const v1::Plugin& plugin : response->plugins()) {
      if (const int printed = session.Print(plugin); printed != kExitOk) return printed;
    }
    return kExitOk;
  }
  if (!session.is_table()) return session.Print(*response);
  session.out() << RenderPlugins(*response, session.OutView());
  return kExitOk;
}

}  // namespace

void AddPluginList(Command plugin, Session& session) {
  const Command command = plugin.AddCommand("list", "List the server's plugins");
  command.OnRun([&session] { return ListPlugins(session); });
}

}  // namespace cxscribe::client
