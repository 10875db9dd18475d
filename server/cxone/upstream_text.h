// Upstream text: CXone's own words, made fit for errors and logs: bounded, printable, and free of
// tokens. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <absl/types/span.h>

namespace cxscribe {

inline constexpr size_t kMaxUpstreamTextBytes = 200;

// `text` on one line: control characters and bad UTF-8 become spaces or "?", every one of `secrets`
// and whatever else looks like a token (a word after "Bearer", or of 40 token characters) becomes
// "***"; cut at a character's end, with "..." after it, to at most `limit` bytes.
std::string CleanUpstreamText(std::string_view text, absl::Span<const std::string> secrets = {},
                              size_t limit = kMaxUpstreamTextBytes);

// Why a transcription failed, in upstream's words. They become part of the job's error, and nothing
// keeps them from quoting the call: besides CleanUpstreamText, numbers of nine digits or more
// (spaces, dots and dashes between them aside) and words with an "@" become "***".
std::string CleanFailureMessage(std::string_view text);

// The message of an error body in one of the usual JSON forms ({"message"}, {"error":
// {"message"}}, {"error_description"}, {"errors": [{"message"}]}, {"detail"}, ...), cleaned. Empty:
// it has none.
std::string UpstreamErrorMessage(std::string_view body, absl::Span<const std::string> secrets = {});

}  // namespace cxscribe
