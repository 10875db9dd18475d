// punctuation.so: the rules over the C ABI.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <cxscribe/plugin.hpp>
#include <nlohmann/json.hpp>

#include "plugins/punctuation/rules.h"

namespace cxscribe::punctuation {
namespace {

namespace cx = ::cxscribe::plugin;

bool IsEnglish(std::string_view tag) {
  const std::string_view language = tag.substr(0, tag.find_first_of("-_"));
  return language.size() == 2 && (language[0] == 'e' || language[0] == 'E') &&
         (language[1] == 'n' || language[1] == 'N');
}

constexpr std::string_view kConfigSchema = R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "mode": {"enum": ["rules"], "default": "rules"},
    "capitals": {"type": "boolean", "default": true}
  }
})json";

// The contract's limit on a segment's text.
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20;

// Segments that are worked on at once.
constexpr std::size_t kChunk = 1'000;

class Punctuation {
 public:
  static constexpr cx::Info kInfo{CX_KIND_TRANSFORM,
                                  "punctuation",
                                  "0.1.0",
                                  "Ends segments with \".\" or \"?\" and writes English capitals",
                                  "punctuation",
                                  kConfigSchema,
                                  CX_PLUGIN_REENTRANT};

  Punctuation(std::string_view config_json, const cx::Host& /*host*/) {
    options_.capitals = nlohmann::json::parse(config_json).value("capitals", true);
  }

  void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) const {
    if (!IsEnglish(context.language())) {
      sink.SetOutcome(
          CX_OUTCOME_INCONCLUSIVE,
          "the rules are for English; the transcript's language is another one, and its "
          "text is left as it is");
      return;
    }
    for (std::size_t begin = 0; begin < transcript.size();) {
      const int recording = transcript[begin].recording_index();
      std::size_t end = begin;
      while (end < transcript.size() && transcript[end].recording_index() == recording) ++end;
      for (std::size_t at = begin; at < end; at += kChunk) {
        ProcessChunk(context, transcript, {begin, at, std::min(at + kChunk, end), end}, sink);
        context.SetProgress(static_cast<double>(at) / static_cast<double>(transcript.size()));
      }
      begin = end;
    }
    context.SetProgress(1);
  }

 private:
  // The segments [begin, end) of the recording [first, last).
  struct Chunk {
    std::size_t first;
    std::size_t begin;
    std::size_t end;
    std::size_t last;
  };

  // A rule looks at one neighbour at most, so one more line on either side is all that a chunk
  // needs. Long recordings are done in chunks because of what they leave behind: freeing it must
  // not keep a cancelled call.
  void ProcessChunk(const cx::Context& context, const cx::Transcript& transcript,
                    const Chunk& chunk, cx::Sink& sink) const {
    const std::size_t from = std::max(chunk.begin, chunk.first + 1) - 1;
    const std::size_t to = std::min(chunk.end + 1, chunk.last);
    std::vector<Line> lines;
    for (std::size_t i = from; i < to; ++i) {
      lines.push_back({transcript[i].speaker(), transcript[i].text()});
    }
    const std::vector<Punctuated> results = Punctuate(lines, options_, [&context] {
      if (context.cancelled()) throw cx::Cancelled();
    });
    for (std::size_t i = chunk.begin; i < chunk.end; ++i) {
      if (context.cancelled()) throw cx::Cancelled();
      Emit(transcript[i], results[i - from], sink);
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
};

}  // namespace
}  // namespace cxscribe::punctuation

CXSCRIBE_PLUGIN(cxscribe::punctuation::Punctuation)
