// See fault.h. What a scenario may say stands in one table, kKinds.
#include "tests/sim/fault.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <nlohmann/json.hpp>

namespace cxscribe::sim {
namespace {

using nlohmann::json;

constexpr std::pair<Route, std::string_view> kRoutes[] = {
    {Route::kAny, "any"},       {Route::kToken, "token"}, {Route::kRecordings, "recordings"},
    {Route::kSubmit, "submit"}, {Route::kPoll, "poll"},   {Route::kOther, "other"},
};

struct KindEntry {
  FaultKind kind;
  std::string_view name;
  Route only_route;           // kAny: every route
  std::string_view settings;  // beside the common ones; words between spaces
};

constexpr KindEntry kKinds[] = {
    {FaultKind::kStatus, "status", Route::kAny,
     " status retry_after retry_after_form processed body content_type "},
    {FaultKind::kTruncated, "truncated", Route::kAny, " keep_bytes "},
    {FaultKind::kMalformedJson, "malformed_json", Route::kAny, ""},
    {FaultKind::kWrongShape, "wrong_shape", Route::kAny, " set remove "},
    {FaultKind::kInvalidUtf8, "invalid_utf8", Route::kAny, ""},
    {FaultKind::kHugeBody, "huge_body", Route::kAny, " mib "},
    {FaultKind::kLatency, "latency", Route::kAny, " latency "},
    {FaultKind::kHang, "hang", Route::kAny, " processed keep_bytes "},
    {FaultKind::kReset, "reset", Route::kAny, " processed "},
    {FaultKind::kRateLimit, "rate_limit", Route::kAny, " requests per retry_after_form "},
    {FaultKind::kRevokeTokens, "revoke_tokens", Route::kAny, ""},
    {FaultKind::kExpiresIn, "expires_in", Route::kToken, " expires_in "},
    {FaultKind::kOmitRecording, "omit_recording", Route::kRecordings, " recordings "},
    {FaultKind::kFailing, "failing", Route::kSubmit, " progress code message "},
    {FaultKind::kNeverEnding, "never_ending", Route::kSubmit, " value "},
    {FaultKind::kUnknownStatus, "unknown_status", Route::kPoll, " value "},
    {FaultKind::kProgressBack, "progress_back", Route::kPoll, " progress "},
};
constexpr std::string_view kCommonSettings =
    " kind route recording transcription calls times probability ";

const KindEntry& EntryOf(FaultKind kind) {
  return *std::find_if(std::begin(kKinds), std::end(kKinds),
                       [kind](const KindEntry& entry) { return entry.kind == kind; });
}

bool HasWord(std::string_view words, const std::string& word) {
  return words.find(" " + word + " ") != std::string_view::npos;
}

// Reads the keys of one JSON object into typed places and notes what does not fit.
class ObjectReader {
 public:
  ObjectReader(const json& object, std::string where, std::vector<std::string>& problems)
      : object_(object), where_(std::move(where)), problems_(problems) {}

  void Problem(const std::string& key, const std::string& what) {
    problems_.push_back(absl::StrCat(where_, key, ": ", what));
  }
  const json* Find(const std::string& key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  void Read(const std::string& key, std::string& out) {
    const json* value = Find(key);
    if (value == nullptr) return;
    if (value->is_string()) {
      out = value->get<std::string>();
    } else {
      Problem(key, "must be a string");
    }
  }
  void Read(const std::string& key, int& out) {
    const json* value = Find(key);
    if (value == nullptr) return;
    if (IsInt(*value)) {
      out = value->get<int>();
    } else {
      Problem(key, "must be a whole number");
    }
  }
  void Read(const std::string& key, bool& out) {
    const json* value = Find(key);
    if (value == nullptr) return;
    if (value->is_boolean()) {
      out = value->get<bool>();
    } else {
      Problem(key, "must be true or false");
    }
  }
  void Read(const std::string& key, double& out) {
    const json* value = Find(key);
    if (value == nullptr) return;
    if (value->is_number()) {
      out = value->get<double>();
    } else {
      Problem(key, "must be a number");
    }
  }
  // A number of seconds, or a text such as 250ms, 2s, 5m.
  void Read(const std::string& key, absl::Duration& out) {
    const json* value = Find(key);
    if (value == nullptr) return;
    absl::Duration duration;
    if (value->is_number() && std::isfinite(value->get<double>())) {
      out = absl::Seconds(value->get<double>());
    } else if (value->is_string() &&
               absl::ParseDuration(value->get_ref<const std::string&>(), &duration)) {
      out = duration;
    } else {
      Problem(key, "must be a number of seconds, or a duration such as 250ms, 2s or 5m");
    }
  }
  template <typename T>
  void Read(const std::string& key, std::optional<T>& out) {
    if (Find(key) == nullptr) return;
    T value{};
    Read(key, value);
    out = std::move(value);
  }
  void Read(const std::string& key, size_t& out) {
    int value = 0;
    Read(key, value);
    if (value < 0) Problem(key, "must not be negative");
    out = static_cast<size_t>(std::max(value, 0));
  }
  // One or a list.
  void Read(const std::string& key, std::vector<int>& out) {
    const json* value = Find(key);
    if (value == nullptr) return;
    const json list = value->is_array() ? *value : json::array({*value});
    if (!std::all_of(list.begin(), list.end(), IsInt)) {
      Problem(key, "must be a whole number or a list of them");
      return;
    }
    out = list.get<std::vector<int>>();
  }
  void Read(const std::string& key, std::vector<std::string>& out) {
    const json* value = Find(key);
    if (value == nullptr) return;
    const json list = value->is_array() ? *value : json::array({*value});
    if (!std::all_of(list.begin(), list.end(), [](const json& item) { return item.is_string(); })) {
      Problem(key, "must be a string or a list of strings");
      return;
    }
    out = list.get<std::vector<std::string>>();
  }

 private:
  static bool IsInt(const json& value) {
    return value.is_number_integer() && value.get<int64_t>() >= -2147483648LL &&
           value.get<int64_t>() <= 2147483647LL;
  }

  const json& object_;
  const std::string where_;
  std::vector<std::string>& problems_;
};

// "at least ..." list of the kinds' names, for messages.
std::string KindNames() {
  std::vector<std::string> names;
  for (const KindEntry& entry : kKinds) names.emplace_back(entry.name);
  return absl::StrJoin(names, ", ");
}

void ReadRoute(ObjectReader& reader, Fault& fault) {
  std::string name;
  reader.Read("route", name);
  if (name.empty()) return;
  const auto* found = std::find_if(std::begin(kRoutes), std::end(kRoutes),
                                   [&name](const auto& entry) { return entry.second == name; });
  if (found == std::end(kRoutes)) {
    reader.Problem("route", absl::StrCat("\"", name, "\" is none of any, token, recordings, ",
                                         "submit, poll, other"));
    return;
  }
  fault.route = found->first;
}

void ReadRetryAfterForm(ObjectReader& reader, Fault& fault) {
  std::string form = "seconds";
  reader.Read("retry_after_form", form);
  if (form != "seconds" && form != "date") {
    reader.Problem("retry_after_form", "must be seconds or date");
  }
  fault.retry_after_date = form == "date";
}

Fault ReadFault(const json& object, const std::string& where, std::vector<std::string>& problems) {
  Fault fault;
  if (!object.is_object()) {
    problems.push_back(where + "must be an object");
    return fault;
  }
  ObjectReader reader(object, where, problems);
  std::string kind_name;
  reader.Read("kind", kind_name);
  const auto* entry =
      std::find_if(std::begin(kKinds), std::end(kKinds),
                   [&kind_name](const KindEntry& e) { return e.name == kind_name; });
  if (entry == std::end(kKinds)) {
    reader.Problem("kind", absl::StrCat("\"", kind_name, "\" is none of ", KindNames()));
    return fault;
  }
  fault.kind = entry->kind;
  for (const auto& item : object.items()) {
    if (!HasWord(kCommonSettings, item.key()) && !HasWord(entry->settings, item.key())) {
      reader.Problem(item.key(), absl::StrCat("is not a setting of kind ", kind_name));
    }
  }
  ReadRoute(reader, fault);
  reader.Read("recording", fault.recording);
  reader.Read("transcription", fault.transcription);
  reader.Read("calls", fault.calls);
  reader.Read("times", fault.times);
  reader.Read("probability", fault.probability);
  reader.Read("status", fault.status);
  reader.Read("retry_after", fault.retry_after);
  ReadRetryAfterForm(reader, fault);
  reader.Read("processed", fault.processed);
  reader.Read("body", fault.body);
  reader.Read("content_type", fault.content_type);
  reader.Read("latency", fault.latency);
  reader.Read("keep_bytes", fault.keep_bytes);
  reader.Read("mib", fault.mib);
  reader.Read("requests", fault.requests);
  reader.Read("per", fault.per);
  reader.Read("expires_in", fault.expires_in);
  reader.Read("recordings", fault.recordings);
  reader.Read("progress", fault.progress);
  reader.Read("value", fault.value);
  reader.Read("code", fault.code);
  reader.Read("message", fault.message);
  reader.Read("remove", fault.remove);
  if (const json* set = reader.Find("set"); set != nullptr) {
    if (set->is_object()) {
      for (const auto& item : set->items()) fault.set.emplace_back(item.key(), item.value().dump());
    } else {
      reader.Problem("set", "must map JSON pointers to values");
    }
  }
  for (const std::string& problem : CheckFault(fault)) problems.push_back(where + problem);
  return fault;
}

bool IsPointer(const std::string& text) {
  try {
    (void)json::json_pointer(text);
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

}  // namespace

std::string_view RouteName(Route route) {
  return std::find_if(std::begin(kRoutes), std::end(kRoutes),
                      [route](const auto& entry) { return entry.first == route; })
      ->second;
}

std::string_view FaultKindName(FaultKind kind) { return EntryOf(kind).name; }

Route EffectiveRoute(const Fault& fault) {
  const Route only = EntryOf(fault.kind).only_route;
  return only == Route::kAny ? fault.route : only;
}

std::vector<std::string> CheckFault(const Fault& fault) {
  std::vector<std::string> problems;
  const auto check = [&problems](bool good, std::string_view problem) {
    if (!good) problems.emplace_back(problem);
  };
  const KindEntry& entry = EntryOf(fault.kind);
  if (entry.only_route != Route::kAny && fault.route != Route::kAny &&
      fault.route != entry.only_route) {
    problems.push_back(absl::StrCat("route: kind ", std::string(entry.name), " is for route ",
                                    std::string(RouteName(entry.only_route)), " only"));
  }
  check(std::all_of(fault.calls.begin(), fault.calls.end(), [](int call) { return call > 0; }),
        "calls: must be counted from 1");
  check(fault.times >= 0, "times: must not be negative");
  check(fault.probability >= 0 && fault.probability <= 1, "probability: must be from 0 to 1");
  check(fault.status >= 200 && fault.status <= 599, "status: must be from 200 to 599");
  check(!fault.retry_after || *fault.retry_after >= absl::ZeroDuration(),
        "retry_after: must not be negative");
  check(fault.latency >= absl::ZeroDuration() && fault.latency <= absl::Hours(1),
        "latency: must be from 0 to 1h");
  check(fault.kind != FaultKind::kLatency || fault.latency > absl::ZeroDuration(),
        "latency: is needed");
  check(fault.mib >= 1 && fault.mib <= 10240, "mib: must be from 1 to 10240");
  check(fault.kind != FaultKind::kRateLimit || fault.requests > 0,
        "requests: at least 1 is needed");
  check(fault.per > absl::ZeroDuration() && fault.per < absl::InfiniteDuration(),
        "per: must be longer than nothing");
  check(fault.expires_in > absl::ZeroDuration() && fault.expires_in < absl::InfiniteDuration(),
        "expires_in: must be longer than nothing");
  check(!fault.progress || (*fault.progress >= 0 && *fault.progress <= 100),
        "progress: must be from 0 to 100");
  check(fault.kind != FaultKind::kNeverEnding || fault.value.empty() || fault.value == "queued" ||
            fault.value == "in_progress",
        "value: must be queued or in_progress");
  for (const auto& [pointer, text] : fault.set) {
    if (!IsPointer(pointer)) problems.push_back("set: \"" + pointer + "\" is not a JSON pointer");
    if (!json::accept(text)) problems.push_back("set: the value of " + pointer + " is not JSON");
  }
  for (const std::string& pointer : fault.remove) {
    if (!IsPointer(pointer))
      problems.push_back("remove: \"" + pointer + "\" is not a JSON pointer");
  }
  return problems;
}

absl::StatusOr<Scenario> ParseScenario(const json& document) {
  Scenario scenario;
  std::vector<std::string> problems;
  json faults = json::array();
  if (document.is_array()) {
    faults = document;
  } else if (document.is_object() && document.contains("kind")) {
    faults.push_back(document);
  } else if (document.is_object()) {
    for (const auto& item : document.items()) {
      if (item.key() == "seed") {
        if (item.value().is_number_unsigned()) {
          scenario.seed = item.value().get<uint64_t>();
        } else {
          problems.emplace_back("seed: must be a whole number, not negative");
        }
      } else if (item.key() == "faults") {
        if (item.value().is_array()) {
          faults = item.value();
        } else {
          problems.emplace_back("faults: must be a list");
        }
      } else {
        problems.push_back(item.key() + ": is not a key of a scenario (seed, faults)");
      }
    }
  } else {
    problems.emplace_back("a scenario must be an object or a list of faults");
  }
  for (size_t i = 0; i < faults.size(); ++i) {
    scenario.faults.push_back(ReadFault(faults[i], absl::StrCat("faults[", i, "]."), problems));
  }
  if (!problems.empty()) return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));
  return scenario;
}

absl::StatusOr<Scenario> ParseScenarioJson(std::string_view text) {
  try {
    return ParseScenario(json::parse(text.begin(), text.end()));
  } catch (const json::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("not JSON: ", error.what()));
  }
}

}  // namespace cxscribe::sim
