// A result as text for people: the transcript turn by turn, then what was found and proven about
// it. Pure functions; every line ends in a newline.
#pragma once

#include <string>

#include "client/format.h"

namespace cxscribe::v1 {
class GetResultResponse;
}  // namespace cxscribe::v1

namespace cxscribe::client {

// `result` is a whole result, its pages joined.
std::string RenderResult(const v1::GetResultResponse& result, const View& view);

// Only the transcript: "[00:12] agent: …", wrapped to the view's width.
std::string RenderTranscript(const v1::GetResultResponse& result, const View& view);

}  // namespace cxscribe::client
