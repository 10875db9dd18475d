// Error answers in CXone's form: {"status", "code", "message", "errors": [{"field", "message"}]}.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/sim/http_message.h"

namespace cxscribe::sim {

using FieldErrors = std::vector<std::pair<std::string, std::string>>;  // field, what is wrong

HttpResponse ErrorAnswer(int status, std::string_view code, std::string_view message,
                         const FieldErrors& errors = {});

HttpResponse JsonAnswer(std::string body);

}  // namespace cxscribe::sim
