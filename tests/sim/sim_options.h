// SimOptions: how a simulated CXone is set up. cxsim's flags are these fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <absl/time/time.h>

namespace cxscribe {
class Clock;
}

namespace cxscribe::sim {

struct SimOptions {
  int port = 0;                      // 0 = any free one
  std::string transcripts_dir = {};  // *.json in CXone's result form; stem = recording id
  std::string scenario_file = {};    // faults from the start
  std::string client_id = "demo";
  std::string client_secret = "demo";
  absl::Duration token_lifetime = absl::Hours(1);
  // How long a transcription takes ...
  absl::Duration transcription_time = absl::Seconds(3);
  // ... unless this is positive: then the length of its audio divided by it.
  double speed = 0;
  bool idempotency_header = true;  // whether Idempotency-Key deduplicates submissions
  int64_t max_storage_mb = 500;    // MiB for each submission, inclusive
  // Of ids, tokens and probabilities. None: a new one each time, so that two runs never share an
  // id.
  std::optional<uint64_t> seed = std::nullopt;
  int synthetic_recordings = 0;  // rec_synthetic_000001, ...: for load
  std::string token_path = "/oauth2/token";
  std::string recordings_path = "/api/v2/recordings";
  std::string transcriptions_path = "/api/v2/voice/transcriptions";
  // Borrowed, must outlive the service; null = the system's. Latency and hangs take wall time in
  // any case.
  const Clock* clock = nullptr;
};

}  // namespace cxscribe::sim
