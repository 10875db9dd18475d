// punctuation.so: the model, and the rules, over the C ABI.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <cxscribe/plugin.hpp>
#include <nlohmann/json.hpp>

#include "plugins/punctuation/embedded_model.h"
#include "plugins/punctuation/model.h"
#include "plugins/punctuation/rules.h"
#include "plugins/punctuation/speech.h"
#include "plugins/punctuation/tagger.h"
#include "plugins/punctuation/words.h"
#include "plugins/punctuation/writer.h"

namespace cxscribe::punctuation {
namespace {

namespace cx = ::cxscribe::plugin;

constexpr std::string_view kConfigSchema = R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "mode": {"enum": ["model", "rules"], "default": "model"},
    "capitals": {"type": "boolean", "default": true}
  }
})json";

// The contract's limit on a segment's text.
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20;

// Silence that counts as much as another speaker's turn. By judgement: corpora do not say when who
// spoke.
constexpr std::int64_t kLongPauseMs = 2'000;

// Segments that the rules work on at once.
constexpr std::size_t kChunk = 1'000;

class Punctuation {
 public:
  static constexpr cx::Info kInfo{CX_KIND_TRANSFORM,
                                  "punctuation",
                                  "0.4.0",
                                  "Puts commas, periods, question marks and capitals",
                                  "punctuation",
                                  kConfigSchema,
                                  CX_PLUGIN_REENTRANT};

  Punctuation(std::string_view config_json, const cx::Host& host) {
    const nlohmann::json config = nlohmann::json::parse(config_json);
    options_.capitals = config.value("capitals", true);
    if (config.value("mode", "model") == "rules") return;
    std::string error;
    model_ = ReadModel(EmbeddedModel(), &error);
    if (model_ == nullptr) throw cx::Error(CX_INTERNAL, "MODEL", "the built-in model: " + error);
    tagger_.emplace(*model_);
    speech_.emplace(*tagger_, options_);
    host.Log(CX_LOG_INFO, "model " + model_->name);
  }

  void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) const {
    const bool english = context.language_is("en");
    if (!english) {
      sink.SetOutcome(
          CX_OUTCOME_INCONCLUSIVE,
          "there is no model for the transcript's language: segments got full stops and "
          "capitals at their ends, and nothing else");
    }
    for (std::size_t begin = 0; begin < transcript.size();) {
      const int recording = transcript[begin].recording_index();
      std::size_t end = begin;
      while (end < transcript.size() && transcript[end].recording_index() == recording) ++end;
      if (english && speech_) {
        ProcessSpeech(context, transcript, begin, end, sink);
      } else {
        ProcessByRules(context, transcript, begin, end, english, sink);
      }
      begin = end;
    }
    context.SetProgress(1);
  }

 private:
  static void Pulse(const cx::Context& context) {
    if (context.cancelled()) throw cx::Cancelled();
  }

  // The recording [begin, end).
  void ProcessSpeech(const cx::Context& context, const cx::Transcript& transcript,
                     std::size_t begin, std::size_t end, cx::Sink& sink) const {
    std::vector<Line> lines;
    lines.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      const std::int64_t spoken_to = transcript[i].end_ms();
      const bool pause =
          i + 1 < end && spoken_to > 0 && transcript[i + 1].start_ms() - spoken_to >= kLongPauseMs;
      lines.push_back({transcript[i].speaker(), transcript[i].text(), pause});
    }
    speech_->Punctuate(
        lines, [&context] { Pulse(context); },
        [&](std::size_t line, const Punctuated& result) {
          Emit(transcript[begin + line], result, sink);
          if (line % kChunk == 0) {
            context.SetProgress(static_cast<double>(begin + line) /
                                static_cast<double>(transcript.size()));
          }
        });
  }

  // The same by rules. A rule looks at one neighbour at most, so one more line on either side is
  // all that a chunk needs. Long recordings are done in chunks because of what they leave behind:
  // freeing it must not keep a cancelled call.
  void ProcessByRules(const cx::Context& context, const cx::Transcript& transcript,
                      std::size_t begin, std::size_t end, bool english, cx::Sink& sink) const {
    Options options = options_;
    options.english = english;
    for (std::size_t at = begin; at < end; at += kChunk) {
      const std::size_t chunk_end = std::min(at + kChunk, end);
      const std::size_t from = std::max(at, begin + 1) - 1;
      const std::size_t to = std::min(chunk_end + 1, end);
      std::vector<Line> lines;
      for (std::size_t i = from; i < to; ++i) {
        lines.push_back({transcript[i].speaker(), transcript[i].text()});
      }
      const std::vector<Punctuated> results =
          cxscribe::punctuation::Punctuate(lines, options, [&context] { Pulse(context); });
      for (std::size_t i = at; i < chunk_end; ++i) {
        Pulse(context);
        Emit(transcript[i], results[i - from], sink);
      }
      context.SetProgress(static_cast<double>(at) / static_cast<double>(transcript.size()));
    }
  }

  static void Emit(const cx::Segment& segment, const Punctuated& result, cx::Sink& sink) {
    // A mark that does not fit is left out, and the rest with it: half of the marks would mislead.
    if (result.text == segment.text() || result.text.size() > kMaxTextBytes) {
      sink.Emit(segment);
      return;
    }
    cx::NewSegment edited = segment.Edit();
    edited.Text(result.text);
    if (!segment.words().empty()) edited.Words(FollowedWords(segment, result));
    sink.Emit(edited);
  }

  static std::vector<cx::NewWord> FollowedWords(const cx::Segment& segment,
                                                const Punctuated& result) {
    std::vector<std::string_view> texts;
    for (const cx::Word word : segment.words()) texts.push_back(word.text());
    std::vector<std::string> followed = FollowText(SplitWords(segment.text()), result, texts);
    std::vector<cx::NewWord> words;
    std::size_t i = 0;
    for (const cx::Word word : segment.words()) {
      words.push_back(
          {std::move(followed[i++]), word.confidence(), word.start_ms(), word.end_ms()});
    }
    return words;
  }

  Options options_;
  std::unique_ptr<const Model> model_;  // null: by rules
  std::optional<Tagger> tagger_;
  std::optional<Speech> speech_;
};

}  // namespace
}  // namespace cxscribe::punctuation

CXSCRIBE_PLUGIN(cxscribe::punctuation::Punctuation)
