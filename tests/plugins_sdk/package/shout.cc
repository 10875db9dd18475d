// The example of plugin.hpp, word for word but for the config that it does not take.
#include <string>
#include <string_view>

#include <cxscribe/plugin.hpp>

namespace cx = cxscribe::plugin;

namespace {

class Shout {
 public:
  static constexpr cx::Info kInfo{CX_KIND_TRANSFORM, "shout", "1.0.0", "Ends every segment with !",
                                  "acme.shout"};
  Shout(std::string_view, const cx::Host&) {}
  void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) {
    for (const cx::Segment segment : transcript) {
      if (context.cancelled()) throw cx::Cancelled();
      sink.Emit(segment.Edit().Text(std::string(segment.text()) + "!"));
    }
  }
};

}  // namespace

CXSCRIBE_PLUGIN(Shout)
