// Pipelines and plugins as tables. Pure functions; every line ends in a newline.
#pragma once

#include <string>

#include "client/format.h"

namespace cxscribe::v1 {
class ListPipelinesResponse;
class ListPluginsResponse;
class Pipeline;
}  // namespace cxscribe::v1

namespace cxscribe::client {

std::string RenderPipeline(const v1::Pipeline& pipeline, const View& view);
std::string RenderPipelines(const v1::ListPipelinesResponse& pipelines, const View& view);
std::string RenderPlugins(const v1::ListPluginsResponse& plugins, const View& view);

}  // namespace cxscribe::client
