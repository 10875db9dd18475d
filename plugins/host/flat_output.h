// What a stage made of a transcript, on its way from a worker to its host.
//
// The host believes nothing of it: decoding replays every segment, finding and annotation through
// the OutputBuilder that also checks a plugin in this process. Pure.
#pragma once

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "plugins/host/plugin_error.h"
#include "plugins/host/plugin_info.h"
#include "plugins/host/stage_runner.h"
#include "plugins/host/transcript_codec.h"

namespace cxscribe {

// `input` is the transcript that `output` was made of. Resources are left out: the host knows which
// files it handed out.
std::string EncodeOutput(const RunOutput& output, const EncodedTranscript& input);

// DATA_LOSS without details where the bytes are not of this form: no worker sends them.
// PLUGIN_VIOLATION where what they say breaks the plugin contract.
absl::StatusOr<RunOutput> DecodeOutput(std::string_view bytes, const PluginIdentity& identity,
                                       PluginKind kind, const EncodedTranscript& input);

}  // namespace cxscribe
