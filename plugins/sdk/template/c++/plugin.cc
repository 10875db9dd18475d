// @NAME@: takes surplus spaces out of every segment, and says where it did.
//
// Replace Process with what your plugin is for. The contract is in <cxscribe/plugin.h>, the C++
// wrapper in <cxscribe/plugin.hpp>.
#include <cstddef>
#include <string>
#include <string_view>

#include <cxscribe/plugin.hpp>

namespace cx = cxscribe::plugin;

namespace {

// The host takes 100,000 annotations of one call; a long transcript must not fail for one more.
constexpr std::size_t kMaxAnnotations = 10'000;

// Without spaces at either end, and with one where there were several.
std::string Tidy(std::string_view text) {
  std::string tidy;
  tidy.reserve(text.size());
  for (const char c : text) {
    if (c != ' ' || (!tidy.empty() && tidy.back() != ' ')) tidy.push_back(c);
  }
  if (!tidy.empty() && tidy.back() == ' ') tidy.pop_back();
  return tidy;
}

class @CLASS@ {
 public:
  static constexpr cx::Info kInfo{
      CX_KIND_TRANSFORM,
      "@NAME@",                      // the plugin's name
      "0.1.0",                       // its own version, not the contract's
      "Takes surplus spaces out.",   // one line for people
      "@CAPABILITY@",  // what it provides; put your own namespace before the dot
      "",                            // JSON Schema of its configuration; empty: it takes none
      CX_PLUGIN_REENTRANT};          // Process may run on several threads at once: it changes no member

  // Parse the configuration and read data files here: host.OpenData("names.txt").
  // Throw cx::Error(CX_INVALID_ARGUMENT, "REASON", "message") when that cannot be done.
  @CLASS@(std::string_view /*config_json*/, const cx::Host& /*host*/) {}

  void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) const {
    std::size_t changed = 0;
    for (std::size_t i = 0; i < transcript.size(); ++i) {
      if (context.cancelled()) throw cx::Cancelled();
      const cx::Segment segment = transcript[i];
      const std::string tidy = Tidy(segment.text());
      if (tidy == segment.text()) {
        sink.Emit(segment);
        continue;
      }
      sink.Emit(segment.Edit().Text(tidy));
      // Indices of annotations are those of the segments that are emitted.
      if (++changed > kMaxAnnotations) continue;
      sink.AnnotateSegment(i, "@CAPABILITY@", "tidied");
    }
  }
};

}  // namespace

CXSCRIBE_PLUGIN(@CLASS@)
