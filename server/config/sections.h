// The readers of the file's sections. Internal to server/config.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/config/map_reader.h"
#include "server/config/settings.h"

namespace cxscribe {

// service_sections.cc
void ReadListen(MapReader section, ListenSettings& listen);
void ReadAccounts(MapReader section, std::map<std::string, AccountSettings>& accounts);
void ReadStorage(MapReader section, StorageSettings& storage);
void ReadAudit(MapReader section, AuditSettings& audit);
void ReadWebhook(MapReader section, WebhookSettings& webhook);
void ReadJobs(MapReader section, JobSettings& jobs);
void ReadServer(MapReader section, ServerSettings& server);

// pipeline_sections.cc
// `plugins` comes with where they and the worker are when the file does not say.
void ReadPlugins(MapReader section, PluginSettings& plugins);
void ReadRedactionPolicies(MapReader section, std::map<std::string, RedactionPolicy>& policies);
// `node` is the value of `pipelines`; null when the file has none, which gives the default one.
void ReadPipelines(ReadContext& context, const YamlNode* node, const std::string& file,
                   std::vector<PipelineSettings>& pipelines);

}  // namespace cxscribe
