#include "client/catalog_view.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "client/table.h"
#include "cxscribe/v1/pipeline_service.pb.h"

namespace cxscribe::client {
namespace {

constexpr size_t kShortHash = 12;

Style StyleOfHealth(v1::PluginHealth health) {
  switch (health) {
    case v1::PLUGIN_HEALTH_OK:
      return Style::kGreen;
    case v1::PLUGIN_HEALTH_FAILED:
      return Style::kRed;
    default:
      return Style::kYellow;
  }
}

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

}  // namespace

std::string RenderPipeline(const v1::Pipeline& pipeline, const View& view) {
  std::string out = absl::StrCat(Paint(Neutralise(pipeline.name()), Style::kBold, view.colour),
                                 "  ", Neutralise(pipeline.hash().substr(0, kShortHash)), "\n");
  Table table({{"STAGE"},
               {"PLUGIN"},
               {"CAPABILITY"},
               {"KIND"},
               {"TIMEOUT", true},
               {"ISOLATION"},
               {"ON ERROR"},
               {"ON FINDING"}});
  for (const v1::Stage& stage : pipeline.stages()) {
    table.Add({stage.name(), stage.plugin(), stage.capability(), StageKindName(stage.kind()),
               stage.has_timeout() ? HumanDuration(ToDuration(stage.timeout())) : std::string("-"),
               OrDash(stage.isolation()), OrDash(stage.on_error()), OrDash(stage.on_finding())});
  }
  return out + table.Render(view, 2);
}

std::string RenderPipelines(const v1::ListPipelinesResponse& pipelines, const View& view) {
  if (pipelines.pipelines().empty()) return "No pipelines.\n";
  std::string out;
  for (const v1::Pipeline& pipeline : pipelines.pipelines()) {
    if (!out.empty()) out += "\n";
    out += RenderPipeline(pipeline, view);
  }
  return out;
}

std::string RenderPlugins(const v1::ListPluginsResponse& plugins, const View& view) {
  if (plugins.plugins().empty()) return "No plugins.\n";
  Table table({{"PLUGIN"},
               {"VERSION"},
               {"CAPABILITY"},
               {"KIND"},
               {"HEALTH"},
               {"ABI"},
               {"SHA-256"},
               {"FILE"},
               {"USED BY"}});
  for (const v1::Plugin& plugin : plugins.plugins()) {
    table.Add({plugin.name(), plugin.version(), plugin.capability(), StageKindName(plugin.kind()),
               Cell(PluginHealthName(plugin.health()), StyleOfHealth(plugin.health())),
               plugin.abi(), plugin.sha256().substr(0, kShortHash), plugin.file(),
               absl::StrJoin(plugin.used_by(), ", ")});
  }
  return table.Render(view);
}

}  // namespace cxscribe::client
