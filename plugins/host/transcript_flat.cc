// EncodedTranscript as one run of bytes; see transcript_codec.h.
//
//   FlatHead | recordings | segments | words | characters
//
// The arrays are those of the plugin ABI, but what is a pointer there is an offset here: into the
// characters, or, for the words of a segment, an index into the words. Both ends are of one build,
// and the worker need only move the pointers. Still no offset is followed unchecked.
#include <cstring>
#include <type_traits>
#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/host/limits.h"
#include "plugins/host/transcript_codec.h"

namespace cxscribe {
namespace {

struct FlatHead {
  uint64_t recordings = 0;
  uint64_t segments = 0;
  uint64_t words = 0;
  uint64_t characters = 0;
  double accuracy = 0;
  cx_string transcription_id = {};
  uint32_t flags = 0;
  uint8_t ordered = 0;
  uint8_t times_valid = 0;
  uint16_t reserved = 0;
};
static_assert(std::is_trivially_copyable_v<FlatHead> && sizeof(FlatHead) % 8 == 0);
static_assert(sizeof(cx_recording) % 8 == 0 && sizeof(cx_segment) % 8 == 0 &&
              sizeof(cx_word) % 8 == 0);

// More than any transcript has that was let in.
constexpr uint64_t kMaxCharacters = 2 * kMaxTranscriptBytes + (1 << 20);

template <typename T>
T* ToPointer(uint64_t offset) {
  return reinterpret_cast<T*>(static_cast<uintptr_t>(offset));
}

uint64_t ToOffset(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

// Turns offsets into pointers; any that leads outside makes it false.
class Rebase {
 public:
  Rebase(const char* characters, uint64_t size) : characters_(characters), size_(size) {}

  void Text(cx_string& text) {
    const uint64_t offset = ToOffset(text.data);
    if (offset > size_ || text.size > size_ - offset) {
      ok_ = false;
      text = {};
      return;
    }
    text.data = characters_ + offset;
  }
  bool ok() const { return ok_; }
  void Fail() { ok_ = false; }

 private:
  const char* const characters_;
  const uint64_t size_;
  bool ok_ = true;
};

}  // namespace

size_t EncodedTranscript::FlatSize() const {
  return sizeof(FlatHead) + recordings_.size() * sizeof(cx_recording) +
         segments_.size() * sizeof(cx_segment) + words_.size() * sizeof(cx_word) +
         characters_.size();
}

void EncodedTranscript::Flatten(char* out) const {
  const auto flat = [this](cx_string text) {
    text.data = ToPointer<const char>(static_cast<uint64_t>(text.data - characters_.data()));
    return text;
  };
  const auto put = [&out](const auto& value) {
    std::memcpy(out, &value, sizeof(value));
    out += sizeof(value);
  };
  FlatHead head;
  head.recordings = recordings_.size();
  head.segments = segments_.size();
  head.words = words_.size();
  head.characters = characters_.size();
  head.accuracy = raw_.accuracy;
  head.transcription_id = flat(raw_.transcription_id);
  head.flags = raw_.flags;
  head.ordered = ordered_ ? 1 : 0;
  head.times_valid = times_valid_ ? 1 : 0;
  put(head);
  for (const cx_recording& recording : recordings_) put(cx_recording{flat(recording.id)});
  for (cx_segment segment : segments_) {
    segment.text = flat(segment.text);
    segment.speaker = flat(segment.speaker);
    const uint64_t first =
        segment.words == nullptr ? 0 : static_cast<uint64_t>(segment.words - words_.data());
    segment.words = ToPointer<const cx_word>(first);
    put(segment);
  }
  for (cx_word word : words_) {
    word.text = flat(word.text);
    put(word);
  }
  std::memcpy(out, characters_.data(), characters_.size());
}

absl::StatusOr<std::unique_ptr<const EncodedTranscript>> EncodedTranscript::FromFlat(
    char* bytes, size_t size, std::shared_ptr<void> owner) {
  std::unique_ptr<EncodedTranscript> encoded(new EncodedTranscript);
  if (absl::Status status = encoded->FillFromFlat(bytes, size); !status.ok()) return status;
  encoded->owner_ = std::move(owner);
  return std::unique_ptr<const EncodedTranscript>(std::move(encoded));
}

absl::Status EncodedTranscript::FillFromFlat(char* bytes, size_t size) {
  const absl::Status bad = absl::DataLossError("not a flat transcript");
  FlatHead head;
  if (size < sizeof(head) || reinterpret_cast<uintptr_t>(bytes) % 8 != 0) return bad;
  std::memcpy(&head, bytes, sizeof(head));
  if (head.recordings > kMaxSegments || head.segments > kMaxSegments || head.words > kMaxWords ||
      head.characters > kMaxCharacters) {
    return bad;
  }
  auto* recordings = reinterpret_cast<cx_recording*>(bytes + sizeof(head));
  auto* segments = reinterpret_cast<cx_segment*>(recordings + head.recordings);
  auto* words = reinterpret_cast<cx_word*>(segments + head.segments);
  char* characters = reinterpret_cast<char*>(words + head.words);
  if (size != static_cast<uint64_t>(characters - bytes) + head.characters) return bad;

  Rebase rebase(characters, head.characters);
  rebase.Text(head.transcription_id);
  recording_ids_.reserve(head.recordings);
  for (uint64_t i = 0; i < head.recordings; ++i) {
    rebase.Text(recordings[i].id);
    recording_ids_.emplace_back(recordings[i].id.data, recordings[i].id.size);
  }
  for (uint64_t i = 0; i < head.segments; ++i) {
    cx_segment& segment = segments[i];
    rebase.Text(segment.text);
    rebase.Text(segment.speaker);
    const uint64_t first = ToOffset(segment.words);
    if (first > head.words || segment.word_count > head.words - first ||
        segment.word_stride != sizeof(cx_word)) {
      rebase.Fail();
      break;
    }
    segment.words = segment.word_count == 0 ? nullptr : words + first;
  }
  for (uint64_t i = 0; i < head.words; ++i) rebase.Text(words[i].text);
  if (!rebase.ok()) return bad;

  ordered_ = head.ordered != 0;
  times_valid_ = head.times_valid != 0;
  raw_.struct_size = sizeof(raw_);
  raw_.flags = head.flags;
  raw_.transcription_id = head.transcription_id;
  raw_.accuracy = head.accuracy;
  raw_.recordings = recordings;
  raw_.recording_count = head.recordings;
  raw_.recording_stride = sizeof(cx_recording);
  raw_.segments = segments;
  raw_.segment_count = head.segments;
  raw_.segment_stride = sizeof(cx_segment);
  return absl::OkStatus();
}

}  // namespace cxscribe
