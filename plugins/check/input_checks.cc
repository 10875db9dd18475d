// Whether the plugin survives every kind of transcript: it returns, and with a result.
#include <string>
#include <string_view>

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include "plugins/check/checks.h"
#include "plugins/check/samples.h"

namespace cxscribe {
namespace {

Verdict Survives(Subject& subject, std::string_view what, const v1::Transcript& transcript) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  subject.Phase("create");
  const auto instance = subject.Create();
  if (!instance.ok()) return Fail(ShortMessage(instance.status()));
  subject.Phase(absl::StrCat("process, ", std::string(what)));
  const absl::Time start = absl::Now();
  const auto output = subject.Process(**instance, transcript);
  const int64_t milliseconds = absl::ToInt64Milliseconds(absl::Now() - start);
  if (!output.ok()) return Fail(ShortMessage(output.status()));
  subject.Phase("destroy");
  return milliseconds < 10 ? Pass() : Pass(absl::StrCat("in ", milliseconds, " ms"));
}

}  // namespace

Verdict CheckEmpty(Subject& subject) {
  return Survives(subject, "a transcript without segments", v1::Transcript());
}

Verdict CheckOneSegment(Subject& subject) {
  ConversationShape shape;
  shape.segments = 1;
  return Survives(subject, "one segment", Conversation(shape));
}

Verdict CheckManySegments(Subject& subject) {
  ConversationShape shape;
  shape.segments = 100'000;
  shape.recordings = 20;
  return Survives(subject, "100,000 segments", Conversation(shape));
}

Verdict CheckLargeSegments(Subject& subject) {
  return Survives(subject, "ten segments of 1 MiB", LargeSegments());
}

Verdict CheckUnicode(Subject& subject) {
  return Survives(subject, "every edge of Unicode", UnicodeEdges());
}

Verdict CheckNoSpeakers(Subject& subject) {
  ConversationShape shape;
  shape.speakers = false;
  return Survives(subject, "no speakers", Conversation(shape));
}

Verdict CheckBare(Subject& subject) {
  ConversationShape shape;
  shape.words = false;
  shape.confidence = false;
  return Survives(subject, "no words and no confidence", Conversation(shape));
}

}  // namespace cxscribe
