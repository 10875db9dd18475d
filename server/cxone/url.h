// Percent-encoding for URLs and form bodies. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cxscribe {

// All but RFC 3986's unreserved characters as %XX.
std::string UrlEncode(std::string_view text);

// "a=1&b=x%20y"
std::string UrlEncodeForm(const std::vector<std::pair<std::string, std::string>>& fields);

// `base` and `path` joined by exactly one slash.
std::string JoinUrl(std::string_view base, std::string_view path);

}  // namespace cxscribe
