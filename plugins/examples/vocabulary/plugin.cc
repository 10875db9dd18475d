// vocabulary: tags the words of a customer's own vocabulary. A plugin in C++, with a dictionary
// from its data directory. It changes no text: all that it emits is annotations.
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include <cxscribe/plugin.hpp>
#include <nlohmann/json.hpp>

#include "dictionary.h"

namespace cx = cxscribe::plugin;

namespace vocabulary {
namespace {

// The host takes 100,000 annotations of a call; what else it may want to say must fit too.
constexpr std::size_t kMaxAnnotations = 90'000;

constexpr std::string_view kConfigSchema = R"json({
  "type": "object",
  "properties": {
    "dictionary": {"type": "string", "minLength": 1, "default": "vocabulary.tsv"},
    "case_sensitive": {"type": "boolean", "default": false},
    "only_speaker": {"type": "string", "minLength": 1}
  }
})json";

class Vocabulary {
 public:
  static constexpr cx::Info kInfo{CX_KIND_TRANSFORM,
                                  "vocabulary",
                                  "1.0.0",
                                  "Tags the terms of a dictionary",
                                  "example.vocabulary",
                                  kConfigSchema,
                                  CX_PLUGIN_REENTRANT};

  Vocabulary(std::string_view config_json, const cx::Host& host) {
    const auto config = nlohmann::json::parse(config_json);
    const std::string file = config.value("dictionary", "vocabulary.tsv");
    only_speaker_ = config.value("only_speaker", "");
    try {
      // Files are opened here and not in Process; the host notes their hashes as evidence.
      dictionary_ = Dictionary::Parse(host.OpenData(file), config.value("case_sensitive", false));
    } catch (const std::invalid_argument& error) {
      throw cx::Error(CX_INVALID_ARGUMENT, "BAD_DICTIONARY", file + ": " + error.what());
    }
    host.Log(CX_LOG_INFO, std::to_string(dictionary_.size()) + " terms from " + file);
  }

  void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) const {
    std::size_t tagged = 0;
    for (std::size_t i = 0; i < transcript.size(); ++i) {
      if (context.cancelled()) throw cx::Cancelled();
      const cx::Segment segment = transcript[i];
      if (!only_speaker_.empty() && segment.speaker() != only_speaker_) continue;
      for (const Match& match : dictionary_.Find(segment.text())) {
        if (++tagged > kMaxAnnotations) continue;
        // No segment is emitted, so indices and offsets are those of the input.
        sink.AnnotateSpan(cx::Span(i, match.begin, match.end), "example.vocabulary", match.tag);
      }
    }
    sink.Annotate("example.vocabulary.count", std::to_string(tagged));
    if (tagged > kMaxAnnotations) {
      sink.SetOutcome(CX_OUTCOME_INCONCLUSIVE,
                      "more than " + std::to_string(kMaxAnnotations) + " terms were found");
    }
  }

 private:
  Dictionary dictionary_;
  std::string only_speaker_;
};

}  // namespace
}  // namespace vocabulary

CXSCRIBE_PLUGIN(vocabulary::Vocabulary)
