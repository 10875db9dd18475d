// A simulated CXone in virtual time and without a socket, and short names for talking to it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/sim/sim_service.h"
#include "tests/support/manual_loop.h"

namespace cxscribe::sim {

class SimTest : public testing::Test {
 protected:
  SimTest() { Restart({}); }

  // Starts again with other options; the clock and a fixed seed are filled in.
  void Restart(SimOptions options) {
    token.clear();
    options.clock = &clock;
    if (!options.seed) options.seed = 7;
    auto created = SimService::Create(options);
    ASSERT_TRUE(created.ok()) << created.status();
    service = *std::move(created);
  }

  HttpResponse TokenRequest(const std::string& form, NameValueList headers = {}) {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return service->Handle(MakeRequest("POST", "/oauth2/token", std::move(headers), form));
  }
  std::string Token(const std::string& scope = "") {
    const HttpResponse answer = TokenRequest(absl::StrCat(
        "grant_type=client_credentials&client_id=demo&client_secret=demo&scope=", scope));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json(answer).value("access_token", "");
  }
  HttpResponse Get(const std::string& target) {
    return service->Handle(MakeRequest("GET", target, {Bearer()}));
  }
  HttpResponse Recordings(const std::vector<std::string>& ids, const std::string& more = "") {
    std::string target = "/api/v2/recordings?";
    for (const std::string& id : ids) absl::StrAppend(&target, "ids=", id, "&");
    return Get(target + more);
  }
  HttpResponse Submit(const std::string& body, NameValueList headers = {}) {
    headers.push_back(Bearer());
    headers.emplace_back("Content-Type", "application/json");
    return service->Handle(
        MakeRequest("POST", "/api/v2/voice/transcriptions", std::move(headers), body));
  }
  HttpResponse SubmitIds(const std::vector<std::string>& ids, NameValueList headers = {}) {
    return Submit(nlohmann::json{{"recording_ids", ids}, {"language", "en-US"}}.dump(),
                  std::move(headers));
  }
  // Submits one recording and returns the transcription's id.
  std::string Submitted(const std::string& recording = kSeedWav) {
    const HttpResponse answer = SubmitIds({recording});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json(answer).value("id", "");
  }
  HttpResponse Poll(const std::string& id) { return Get("/api/v2/voice/transcriptions/" + id); }
  HttpResponse Admin(const std::string& method, const std::string& path,
                     const std::string& body = "") {
    return service->Handle(MakeRequest(method, path, {}, body));
  }
  std::pair<std::string, std::string> Bearer() {
    if (token.empty()) token = Token();
    return {"Authorization", "Bearer " + token};
  }

  static nlohmann::json Json(const HttpResponse& answer) {
    nlohmann::json body = nlohmann::json::parse(answer.body, nullptr, false);
    EXPECT_FALSE(body.is_discarded()) << answer.body;
    return body;
  }

  ManualLoop clock;
  std::unique_ptr<SimService> service;
  std::string token;  // taken when first needed
};

}  // namespace cxscribe::sim
