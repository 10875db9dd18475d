// Between the transcript as protobuf and as structs of the plugin ABI.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "cxscribe/plugin.h"
#include "cxscribe/v1/transcript.pb.h"

namespace cxscribe {

// A transcript as a plugin sees it. A whole copy: a plugin that outlives its call, or writes where
// it must not, touches nothing of the host's. Immutable; thread-safe.
class EncodedTranscript {
 public:
  // INTERNAL (reason STAGE_INPUT) when the transcript is not what plugins may be given: invalid
  // UTF-8, beyond the limits of limits.h. The message names the segment, not its text.
  static absl::StatusOr<std::unique_ptr<const EncodedTranscript>> Encode(
      const v1::Transcript& transcript);

  // One that Flatten wrote. `bytes`, aligned to 8, are written to and are kept by `owner`.
  // DATA_LOSS when they are not of that form; that texts are UTF-8 is taken for granted.
  static absl::StatusOr<std::unique_ptr<const EncodedTranscript>> FromFlat(
      char* bytes, size_t size, std::shared_ptr<void> owner);

  // All of it as one run of bytes with offsets for pointers, for another process of this build.
  size_t FlatSize() const;
  void Flatten(char* out) const;

  EncodedTranscript(const EncodedTranscript&) = delete;
  EncodedTranscript& operator=(const EncodedTranscript&) = delete;

  const cx_transcript* raw() const { return &raw_; }
  const std::vector<std::string>& recording_ids() const { return recording_ids_; }
  // Whether recordings, and start times within each, only go forward, as they should; where the
  // source itself broke that, plugins cannot be held to it.
  bool ordered() const { return ordered_; }
  // Whether 0 <= start_ms <= end_ms everywhere.
  bool times_valid() const { return times_valid_; }

 private:
  EncodedTranscript() = default;
  absl::Status Fill(const v1::Transcript& transcript);
  absl::Status FillFromFlat(char* bytes, size_t size);
  cx_string Store(const std::string& text);

  // Never resized after it was sized, so that pointers into it stay.
  std::string characters_;
  std::vector<std::string> recording_ids_;
  std::vector<cx_recording> recordings_;
  std::vector<cx_segment> segments_;
  std::vector<cx_word> words_;
  // Instead of the four vectors above, what FromFlat was given.
  std::shared_ptr<void> owner_;
  cx_transcript raw_ = {};
  bool ordered_ = true;
  bool times_valid_ = true;
};

}  // namespace cxscribe
