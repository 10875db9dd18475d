// Catalogue: the recordings that the simulated CXone holds, and what their transcriptions will say.
//
// A transcript file is CXone's own result JSON ({"results": [{text, speakerLabels, confidence,
// startOffsetMs, endOffsetMs}], "accuracyScore"}); its stem is the recording id. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <nlohmann/json_fwd.hpp>

namespace cxscribe::sim {

inline constexpr char kSeedWav[] = "rec_8a7f3b2c1d4e";
inline constexpr char kSeedMp3[] = "rec_1b2c3d4e5f6a";

// A recording as a test or a transcript file describes it.
struct RecordingSpec {
  std::string id = {};
  std::string format = "wav";
  // Bytes; 0 = what audio of the transcript's length takes (8 kHz 16-bit mono wav, 32 kbit/s
  // otherwise).
  int64_t size_bytes = 0;
  // CXone's result JSON; "" = silence (no results).
  std::string transcript_json = {};
  // Its transcriptions end as "failed".
  bool fails = false;
};

struct Recording {
  std::string id;
  std::string format;
  std::string media_type;
  int64_t size_bytes = 0;
  int64_t duration_ms = 0;                           // end of the last segment
  std::shared_ptr<const nlohmann::json> transcript;  // never null; holds "results"
  bool fails = false;
};

class Catalogue {
 public:
  // The sample calls that are built in, the two seed recordings, and the demonstrations of refusal:
  // rec_unsupported (ogg), rec_huge (600 MiB), rec_failing, rec_silent.
  static absl::StatusOr<Catalogue> BuiltIn();

  // Adds every *.json of `directory`, in place of recordings of the same id. Adds nothing and
  // returns INVALID_ARGUMENT, which lists every bad file with what is wrong in it, when any is bad
  // or none is there.
  absl::Status AddDirectory(const std::string& directory);

  // Adds or replaces one. INVALID_ARGUMENT lists all that is wrong with it.
  absl::Status Add(const RecordingSpec& spec);

  // Adds `count` recordings rec_synthetic_000001, ..., which repeat the calls that are there now:
  // for load.
  void AddSynthetic(int count);

  // Null when unknown. Valid until the next change.
  const Recording* Find(std::string_view id) const;
  const std::map<std::string, Recording, std::less<>>& all() const { return recordings_; }

 private:
  void Insert(Recording recording) { recordings_[recording.id] = std::move(recording); }

  std::map<std::string, Recording, std::less<>> recordings_;
};

// Whether `id` matches [A-Za-z0-9_.-]{1,128}.
bool IsRecordingId(std::string_view id);

// What is wrong with `text` as a transcript in CXone's result form; empty when nothing is. `parsed`
// gets it.
std::vector<std::string> CheckTranscript(std::string_view text, nlohmann::json& parsed);

}  // namespace cxscribe::sim
