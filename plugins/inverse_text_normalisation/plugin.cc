// inverse_text_normalisation.so: spoken numbers in figures, over the C ABI.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cxscribe/align.hpp>
#include <cxscribe/plugin.hpp>
#include <nlohmann/json.hpp>

#include "plugins/inverse_text_normalisation/follow.h"
#include "plugins/inverse_text_normalisation/formatter.h"

namespace cxscribe::itn {
namespace {

namespace cx = ::cxscribe::plugin;

constexpr std::string_view kConfigSchema = R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "classes": {
      "type": "array",
      "uniqueItems": true,
      "items": {"enum": ["money", "date", "time", "measure", "telephone", "electronic", "decimal",
                         "ordinal", "cardinal"]}
    },
    "small_numbers": {"enum": ["words", "figures"], "default": "words"}
  }
})json";

// The contract's limit on a segment's text.
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20;

// Segments that are annotated one by one. The host takes a bounded number of annotations; the one of
// the whole transcript counts all changes.
constexpr std::size_t kMostAnnotated = 50'000;

constexpr std::string_view kAnnotation = "inverse-text-normalisation";

using Counts = std::array<std::size_t, kClassCount>;

// "money: 2, date: 1". Kinds and numbers of changes only: what was said must not outlive a mask.
std::string Describe(const Counts& counts) {
  std::string description;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    if (!description.empty()) description += ", ";
    description += std::string(kClassNames[i]) + ": " + std::to_string(counts[i]);
  }
  return description;
}

class InverseTextNormalisation {
 public:
  static constexpr cx::Info kInfo{CX_KIND_TRANSFORM,
                                  "inverse_text_normalisation",
                                  "0.1.0",
                                  "Writes spoken numbers, dates, amounts and addresses in figures",
                                  "inverse-text-normalisation",
                                  kConfigSchema,
                                  CX_PLUGIN_REENTRANT};

  InverseTextNormalisation(std::string_view config_json, const cx::Host& /*host*/) {
    const nlohmann::json config = nlohmann::json::parse(config_json);
    options_.small_numbers = config.value("small_numbers", "words") == "figures";
    if (!config.contains("classes")) return;
    options_.classes.reset();
    for (const nlohmann::json& name : config["classes"]) {
      const auto* const found =
          std::find(std::begin(kClassNames), std::end(kClassNames), name.get<std::string>());
      options_.classes.set(static_cast<std::size_t>(found - std::begin(kClassNames)));
    }
  }

  void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) const {
    if (!context.language_is("en")) {
      sink.SetOutcome(CX_OUTCOME_INCONCLUSIVE,
                      "only English is read: the text of the transcript's language was left as it "
                      "is");
      return;
    }
    Counts total{};
    std::size_t changed = 0;
    for (std::size_t i = 0; i < transcript.size(); ++i) {
      Pulse(context);
      const Counts counts = ProcessSegment(context, transcript[i], sink);
      const std::string description = Describe(counts);
      if (description.empty()) continue;
      for (std::size_t kind = 0; kind < counts.size(); ++kind) total[kind] += counts[kind];
      if (changed++ < kMostAnnotated) sink.AnnotateSegment(i, kAnnotation, description);
      context.SetProgress(static_cast<double>(i) / static_cast<double>(transcript.size()));
    }
    if (changed > 0) sink.Annotate(kAnnotation, Describe(total));
    context.SetProgress(1);
  }

 private:
  static void Pulse(const cx::Context& context) {
    if (context.cancelled()) throw cx::Cancelled();
  }

  // What was changed, by class.
  Counts ProcessSegment(const cx::Context& context, const cx::Segment& segment,
                        cx::Sink& sink) const {
    Formatted formatted = Format(segment.text(), options_, [&context] { Pulse(context); });
    if (formatted.edits.empty() || formatted.text.size() > kMaxTextBytes) {
      sink.Emit(segment);
      return {};
    }
    cx::NewSegment edited = segment.Edit();
    if (!segment.words().empty()) {
      auto words = FollowedWords(segment, formatted.edits);
      if (!words) {  // words that say something else than the text are not understood
        sink.Emit(segment);
        return {};
      }
      edited.Words(*std::move(words));
    }
    edited.Text(std::move(formatted.text));
    sink.Emit(edited);
    return formatted.counts;
  }

  // A word for several lasts from the first to the last of them, and is as certain as the least
  // certain one.
  static std::optional<std::vector<cx::NewWord>> FollowedWords(const cx::Segment& segment,
                                                               const std::vector<Edit>& edits) {
    const cx::Words before = segment.words();
    auto followed = FollowEdits(segment.text(), edits, cx::TextsOf(before));
    if (!followed) return std::nullopt;
    std::vector<cx::NewWord> words;
    words.reserve(followed->size());
    for (Followed& word : *followed) {
      const cx::Word first = before[word.begin];
      cx::NewWord merged = {std::move(word.text), first.confidence(), first.start_ms(),
                            first.end_ms()};
      for (std::size_t i = word.begin + 1; i < word.end; ++i) {
        const auto confidence = before[i].confidence();
        if (!merged.confidence || (confidence && *confidence < *merged.confidence)) {
          merged.confidence = confidence;
        }
        merged.start_ms = std::min(merged.start_ms, before[i].start_ms());
        merged.end_ms = std::max(merged.end_ms, before[i].end_ms());
      }
      words.push_back(std::move(merged));
    }
    return words;
  }

  Options options_;
};

}  // namespace
}  // namespace cxscribe::itn

CXSCRIBE_PLUGIN(cxscribe::itn::InverseTextNormalisation)
