// Page tokens: opaque to callers. A token names the list that it belongs to, so that one method's
// token is refused by another, and the place where the next page begins.
#pragma once

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

namespace cxscribe {

// `list`: which list, for example "events/job_01…"; `place` must hold no NUL.
std::string EncodePageToken(std::string_view list, std::string_view place);

// The place; "" for an empty token. INVALID_ARGUMENT with a field violation for one that was not
// made for `list`.
absl::StatusOr<std::string> DecodePageToken(std::string_view list, const std::string& token);

// The page size in force: `asked`, or `standard` when it is 0, at most `limit`. INVALID_ARGUMENT
// when negative.
absl::StatusOr<int> PageSize(int asked, int standard, int limit);

}  // namespace cxscribe
