// RenderTranscriptDiff: what a pipeline made of a transcript, segment by segment. Pure.
#pragma once

#include <string>

#include "client/format.h"
#include "cxscribe/v1/transcript.pb.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace cxscribe::client {

// In the manner of a unified diff, one hunk for each segment whose speaker or text differs:
//
//   --- input
//   +++ pipeline default
//   @@ rec_1b2c3d4e5f6a #12 00:41-00:43 @@
//   -customer: okay it's four one one one
//   +customer: Okay it's [CREDIT_CARD].
//
// "#12" is the segment's index in the result, or in the input where the result has none. Segments
// belong together by recording and start time. Empty: there is no difference.
std::string RenderTranscriptDiff(const google::protobuf::RepeatedPtrField<v1::Segment>& before,
                                 const google::protobuf::RepeatedPtrField<v1::Segment>& after,
                                 const std::string& name, const View& view);

}  // namespace cxscribe::client
