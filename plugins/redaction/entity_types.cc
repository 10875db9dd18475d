#include "plugins/redaction/entity_types.h"

#include <algorithm>
#include <cstddef>

#include "plugins/redaction/finding.h"

namespace cxscribe::redaction {
namespace {

constexpr std::size_t kLongestName = 128;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool IsProductType(std::string_view name) { return !EntitySet::Of({name}).Empty(); }

bool IsOwnType(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || name.size() > kLongestName) return false;
  const std::string_view prefix = name.substr(0, dot);
  const std::string_view type = name.substr(dot + 1);
  return !prefix.empty() && IsLower(prefix[0]) && !type.empty() && IsUpper(type[0]) &&
         std::all_of(prefix.begin(), prefix.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; }) &&
         std::all_of(type.begin(), type.end(),
                     [](char c) { return IsUpper(c) || IsDigit(c) || c == '_'; });
}

}  // namespace cxscribe::redaction
