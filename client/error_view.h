// Errors for people: what was asked, what went wrong, what to do.
#pragma once

#include <string>

#include <absl/status/status.h>

#include "client/format.h"

namespace google::rpc {
class Status;
}  // namespace google::rpc

namespace cxscribe::client {

// "UNAVAILABLE" for 14.
std::string CodeName(int code);

// The error of a call, over several lines, each ending in a newline:
//
//   cxctl: submit 2 recordings: 2 fields are wrong
//     INVALID_ARGUMENT, INVALID_REQUEST
//     - language: "english" is not a BCP 47 tag, for example en-US
//     - recording_ids: at least one is needed
//     Try again in 5 s.
//
// `asked` is what cxctl was doing; `server` is the address, for errors of the connection itself.
std::string DescribeCallError(const absl::Status& status, const std::string& asked,
                              const std::string& server, const View& view);

// An error of cxctl's own: "cxctl: <asked>: <message>\n" and the field violations where it has any.
std::string DescribeLocalError(const absl::Status& status, const std::string& asked,
                               const View& view);

// The details that an error carries (a job's, a stage's), each line indented by `indent` spaces.
std::string DescribeDetails(const absl::Status& status, int indent);

// The error inside a job: "PERMISSION_DENIED, UPSTREAM_FORBIDDEN: message" and its details below.
std::string DescribeJobError(const google::rpc::Status& error, int indent, const View& view);

// How long the server asks to wait; zero when it does not say.
absl::Duration RetryDelayOf(const absl::Status& status);

// Whether the error came from the server itself (it carries details), not from the connection.
bool IsFromServer(const absl::Status& status);

}  // namespace cxscribe::client
