#include "plugins/check/golden.h"

#include <set>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include "plugins/check/checks.h"

namespace cxscribe {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxNamed = 3;

}  // namespace

std::string GoldenJson(const v1::Transcript& input, const RunOutput& output) {
  v1::Transcript transcript = input;
  ApplyOutput(output, transcript);
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  (void)google::protobuf::util::MessageToJsonString(transcript, &text, options);
  Json document;
  document["outcome"] = v1::Outcome_Name(output.outcome);
  document["reason"] = output.reason;
  document["transcript"] = Json::parse(text, nullptr, false);
  return document.dump(2) + "\n";
}

std::string GoldenDifference(const std::string& expected_json, const std::string& actual_json) {
  const auto expected = nlohmann::json::parse(expected_json, nullptr, false);
  if (expected.is_discarded()) return "it is not JSON";
  const auto actual = nlohmann::json::parse(actual_json, nullptr, false);
  std::set<std::string> pointers;
  for (const auto& change : nlohmann::json::diff(expected, actual)) {
    pointers.insert(change.at("path").get<std::string>());
  }
  if (pointers.empty()) return "";
  std::vector<std::string> named(pointers.begin(), pointers.end());
  if (named.size() > kMaxNamed) named.resize(kMaxNamed);
  return absl::StrCat(pointers.size(),
                      pointers.size() == 1 ? " value differs: " : " values differ: ",
                      absl::StrJoin(named, ", "), pointers.size() > named.size() ? ", ..." : "");
}

Verdict RunGoldenCheck(size_t index, Subject& subject, std::string& actual_json) {
  if (const absl::Status status = subject.Load(); !status.ok()) return Skip("it does not load");
  const GoldenCase& golden = subject.request().golden.at(index);
  const auto instance = subject.Create();
  if (!instance.ok()) return Fail(ShortMessage(instance.status()));
  subject.Phase(absl::StrCat("process, ", golden.name));
  const auto output = subject.Process(**instance, golden.input);
  if (!output.ok()) return Fail(ShortMessage(output.status()));
  actual_json = GoldenJson(golden.input, *output);
  if (golden.expected_json.empty()) {
    return Fail("there is no expected result yet: write it with --update");
  }
  const std::string difference = GoldenDifference(golden.expected_json, actual_json);
  if (difference.empty()) return Pass();
  return Fail(absl::StrCat(difference, " (--update writes the new result; look at what changed)"));
}

}  // namespace cxscribe
