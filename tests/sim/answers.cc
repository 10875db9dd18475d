// See answers.h.
#include "tests/sim/answers.h"

#include <nlohmann/json.hpp>

namespace cxscribe::sim {

HttpResponse ErrorAnswer(int status, std::string_view code, std::string_view message,
                         const FieldErrors& errors) {
  using nlohmann::json;
  json body{{"status", status}, {"code", code}, {"message", message}};
  if (!errors.empty()) {
    json& list = body["errors"] = json::array();
    for (const auto& [field, what] : errors) {
      list.push_back(json{{"field", field}, {"message", what}});
    }
  }
  HttpResponse answer;
  answer.status = status;
  // A message may quote what the client sent, which need not be UTF-8.
  answer.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return answer;
}

HttpResponse JsonAnswer(std::string body) {
  HttpResponse answer;
  answer.body = std::move(body);
  return answer;
}

}  // namespace cxscribe::sim
