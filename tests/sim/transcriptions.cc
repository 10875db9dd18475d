// See transcriptions.h.
#include "tests/sim/transcriptions.h"

#include <algorithm>
#include <utility>

#include <absl/time/time.h>
#include <nlohmann/json.hpp>

namespace cxscribe::sim {
namespace {

using nlohmann::json;

constexpr double kQueuedShare = 0.1;

std::string Timestamp(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

void AddResults(const Transcription& transcription, const Catalogue& catalogue, json& answer) {
  json results = json::array();
  double score_sum = 0;
  double weight_sum = 0;
  double only_score = -1;  // a single one is passed on without rounding
  for (const std::string& id : transcription.recording_ids) {
    const Recording* recording = catalogue.Find(id);
    if (recording == nullptr) continue;
    const json& transcript = *recording->transcript;
    const json& own = transcript.at("results");
    for (const json& result : own) {
      results.push_back(result);
      results.back()["recordingId"] = id;
    }
    const auto score = transcript.find("accuracyScore");
    if (score != transcript.end() && score->is_number()) {
      const double weight = static_cast<double>(std::max<size_t>(own.size(), 1));
      only_score = weight_sum == 0 ? score->get<double>() : -1;
      score_sum += score->get<double>() * weight;
      weight_sum += weight;
    }
  }
  answer["results"] = std::move(results);
  // The mean over segments; absent where no recording has a score, because missing is not 0.
  if (weight_sum > 0) {
    answer["accuracyScore"] = only_score >= 0 ? only_score : score_sum / weight_sum;
  }
}

}  // namespace

TranscriptionState StateAt(const Transcription& transcription, absl::Time now) {
  using Fate = Transcription::Fate;
  if (transcription.fate == Fate::kNeverStarts) return {"queued", 0};
  const double elapsed = absl::ToDoubleSeconds(now - transcription.created);
  const double total = absl::ToDoubleSeconds(transcription.duration);
  if (elapsed < total * kQueuedShare) return {"queued", 0};
  const bool fails = transcription.fate == Fate::kFails;
  const int highest = fails ? transcription.fail_percent : 99;
  if (now >= transcription.created + transcription.duration) {
    if (fails) return {"failed", highest};
    if (transcription.fate == Fate::kCompletes) return {"completed", 100};
    return {"in_progress", highest};
  }
  const double queued = total * kQueuedShare;
  const double share = (elapsed - queued) / (total - queued);
  return {"in_progress", std::min(highest, static_cast<int>(share * (highest + 1)))};
}

absl::Time EndOf(const Transcription& transcription) {
  using Fate = Transcription::Fate;
  const bool ends = transcription.fate == Fate::kCompletes || transcription.fate == Fate::kFails;
  return ends ? transcription.created + transcription.duration : absl::InfiniteFuture();
}

json PollAnswer(const Transcription& transcription, const Catalogue& catalogue, absl::Time now) {
  const TranscriptionState state = StateAt(transcription, now);
  json answer{{"id", transcription.id},
              {"status", state.status},
              {"progress", state.percent},
              {"createdTime", Timestamp(transcription.created)}};
  if (state.ended()) answer["completedTime"] = Timestamp(EndOf(transcription));
  if (state.status == "completed") AddResults(transcription, catalogue, answer);
  if (state.status == "failed") {
    answer["error"] =
        json{{"code", transcription.error_code}, {"message", transcription.error_message}};
  }
  return answer;
}

}  // namespace cxscribe::sim
