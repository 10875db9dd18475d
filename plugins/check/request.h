// CheckRequest: what is checked and how; travels to the process that a check runs in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// A transcript, and what the plugin should make of it.
struct GoldenCase {
  std::string name;
  v1::Transcript input;
  // As GoldenJson writes it; empty: there is none yet.
  std::string expected_json;
};

struct CheckRequest {
  // Absolute.
  std::string file;
  std::string config_json = "{}";
  // Absolute; empty: the plugin gets no data files.
  std::string data_directory;
  std::string language = "en-US";
  std::string redaction_policy = "pii";
  std::vector<std::string> entity_types;
  // How long one check may take.
  absl::Duration timeout = absl::Seconds(60);
  // Of address space for the process of a check.
  uint64_t memory_bytes = uint64_t{4} << 30;
  std::vector<GoldenCase> golden;
  // Everything happens in the calling process: no limits, no guards, no signal handlers.
  bool debug = false;
};

// Between processes of one build.
std::string SerializeRequest(const CheckRequest& request);
absl::StatusOr<CheckRequest> ParseRequest(std::string_view text);

}  // namespace cxscribe
