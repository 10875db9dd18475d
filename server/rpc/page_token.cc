#include "server/rpc/page_token.h"

#include <algorithm>

#include <absl/strings/escaping.h>

#include "server/base/error.h"
#include "server/base/hash.h"

namespace cxscribe {
namespace {

// Enough to tell lists apart; this is no secret.
constexpr size_t kListDigits = 8;

std::string ListMark(std::string_view list) { return Sha256Hex(list).substr(0, kListDigits); }

}  // namespace

std::string EncodePageToken(std::string_view list, std::string_view place) {
  const std::string plain = ListMark(list) + std::string(place);
  return absl::WebSafeBase64Escape(plain);
}

absl::StatusOr<std::string> DecodePageToken(std::string_view list, const std::string& token) {
  if (token.empty()) return std::string();
  std::string plain;
  if (!absl::WebSafeBase64Unescape(token, &plain) || plain.size() <= kListDigits ||
      plain.substr(0, kListDigits) != ListMark(list)) {
    return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST",
                        "page_token does not belong to this list")
        .Field("page_token",
               "must be the next_page_token of an answer to the same request, unchanged")
        .Build();
  }
  return plain.substr(kListDigits);
}

absl::StatusOr<int> PageSize(int asked, int standard, int limit) {
  if (asked < 0) {
    return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST",
                        "page_size is negative")
        .Field("page_size", "must be 0 (the default) or more")
        .Build();
  }
  return asked == 0 ? standard : std::min(asked, limit);
}

}  // namespace cxscribe
