// See fault_book.h.
#include "tests/sim/fault_book.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

namespace cxscribe::sim {
namespace {

using nlohmann::json;

// Stands for bytes that are not UTF-8 until the JSON has been written.
constexpr std::string_view kInvalidMarker = "CXSIM-INVALID-UTF8";
constexpr std::string_view kInvalidBytes = "\xff\xc3\x28";

bool Matches(const Fault& fault, const RequestFacts& facts) {
  const Route route = EffectiveRoute(fault);
  if (route != Route::kAny && route != facts.route) return false;
  if (!fault.transcription.empty() && fault.transcription != facts.transcription) return false;
  return fault.recording.empty() || std::find(facts.recordings.begin(), facts.recordings.end(),
                                              fault.recording) != facts.recordings.end();
}

// Counts the request in the entry's window; true when the window is full.
bool OverRate(FaultBook::Entry& entry, absl::Time now) {
  if (now >= entry.window_start + entry.fault.per) {
    entry.window_start = now;
    entry.window_count = 0;
  }
  if (entry.window_count >= entry.fault.requests) return true;
  ++entry.window_count;
  return false;
}

std::string DefaultCode(int status) {
  switch (status) {
    case 400:
      return "invalid.request";
    case 401:
      return "not.authenticated";
    case 403:
      return "not.authorized";
    case 404:
      return "not.found";
    case 429:
      return "too.many.requests";
    case 503:
      return "service.unavailable";
    default:
      return absl::StrCat("http.", status);
  }
}

void SetError(int status, std::string code, const std::string& message, HttpResponse& answer) {
  answer.status = status;
  answer.body = json{{"status", status}, {"code", std::move(code)}, {"message", message}}.dump();
}

json ParseBody(const HttpResponse& answer) {
  json body = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  return body.is_object() ? body : json::object();
}

void RemoveAt(json& document, const std::string& pointer_text) {
  const json::json_pointer pointer(pointer_text);
  if (pointer.empty() || !document.contains(pointer)) return;
  json& parent = document.at(pointer.parent_pointer());
  if (parent.is_object()) {
    parent.erase(pointer.back());
  } else {
    parent.erase(std::stoul(pointer.back()));
  }
}

void SetAt(json& document, const std::string& pointer, json value) {
  try {
    document[json::json_pointer(pointer)] = std::move(value);
  } catch (const json::exception&) {
    // The pointer leads through something that is no container in this answer: nothing to set
    // there.
  }
}

void BreakShape(const Fault& fault, Route route, HttpResponse& answer) {
  json body = ParseBody(answer);
  if (fault.set.empty() && fault.remove.empty()) {
    switch (route) {
      case Route::kToken:
        body["access_token"] = 42;
        break;
      case Route::kRecordings:
        if (body.contains("/entities/0"_json_pointer)) {
          body["entities"][0].erase("id");
        } else {
          body["entities"] = "none";
        }
        break;
      case Route::kSubmit:
        body.erase("id");
        break;
      default:
        body["status"] = "completed";
        body["progress"] = 100;
        body["results"] = "a text";
    }
  }
  for (const std::string& pointer : fault.remove) RemoveAt(body, pointer);
  for (const auto& [pointer, text] : fault.set) SetAt(body, pointer, json::parse(text));
  answer.body = body.dump();
}

void BreakUtf8(HttpResponse& answer) {
  json body = ParseBody(answer);
  static constexpr const char* kPlaces[] = {"/results/0/text", "/entities/0/id", "/access_token",
                                            "/id"};
  const auto* place = std::find_if(std::begin(kPlaces), std::end(kPlaces), [&](const char* text) {
    return body.contains(json::json_pointer(text));
  });
  SetAt(body, place == std::end(kPlaces) ? "/message" : *place, std::string(kInvalidMarker));
  answer.body = body.dump();
  answer.body.replace(answer.body.find(kInvalidMarker), kInvalidMarker.size(), kInvalidBytes);
}

void MakeHuge(const Fault& fault, HttpResponse& answer) {
  const json body = ParseBody(answer);
  const std::string rest = body.empty() ? "}" : absl::StrCat(",", body.dump().substr(1));
  const std::string head = "{\"filler\":\"";
  answer.body = head + "\"" + rest;
  answer.padding_at = head.size();
  answer.padding_bytes = static_cast<uint64_t>(fault.mib) * 1024 * 1024;
}

void Reshape(const Fault& fault, Route route, HttpResponse& answer) {
  json body = ParseBody(answer);
  if (answer.status >= 300) return;  // an error answer has nothing of this
  switch (fault.kind) {
    case FaultKind::kUnknownStatus:
      body["status"] = fault.value.empty() ? "paused" : fault.value;
      break;
    case FaultKind::kProgressBack:
      body["status"] = "in_progress";
      body["progress"] = fault.progress.value_or(1);
      body.erase("results");
      body.erase("accuracyScore");
      body.erase("completedTime");
      break;
    default:
      return BreakShape(fault, route, answer);
  }
  answer.body = body.dump();
}

}  // namespace

int FaultBook::Add(Fault fault) {
  entries_.push_back(Entry{.id = next_id_, .fault = std::move(fault)});
  return next_id_++;
}

bool FaultBook::Remove(int id) {
  return std::erase_if(entries_, [id](const Entry& entry) { return entry.id == id; }) > 0;
}

FaultPlan FaultBook::Match(const RequestFacts& facts, absl::Time now, Random& random) {
  FaultPlan plan;
  for (Entry& entry : entries_) {
    const Fault& fault = entry.fault;
    if (!Matches(fault, facts)) continue;
    ++entry.seen;
    const bool combines =
        fault.kind == FaultKind::kLatency || fault.kind == FaultKind::kRevokeTokens;
    if (plan.fault && !combines) continue;
    if (!fault.calls.empty() &&
        std::find(fault.calls.begin(), fault.calls.end(), entry.seen) == fault.calls.end()) {
      continue;
    }
    if (fault.times > 0 && entry.fired >= fault.times) continue;
    if (fault.probability < 1 && random.NextDouble() >= fault.probability) continue;
    if (fault.kind == FaultKind::kRateLimit) {
      if (!OverRate(entry, now)) continue;
      plan.rate_limit_ends_after = entry.window_start + fault.per - now;
    }
    ++entry.fired;
    plan.fired.push_back(fault.kind);
    if (fault.kind == FaultKind::kLatency) {
      plan.latency += fault.latency;
    } else if (fault.kind == FaultKind::kRevokeTokens) {
      plan.revoke_tokens = true;
    } else {
      plan.fault = fault;
    }
  }
  return plan;
}

bool IsCarriedOut(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::kRateLimit:
      return false;
    case FaultKind::kStatus:
    case FaultKind::kReset:
      return fault.processed;
    case FaultKind::kHang:
      return fault.processed || fault.keep_bytes.has_value();
    default:
      return true;
  }
}

void AddRetryAfter(absl::Duration delay, bool as_date, absl::Time now, HttpResponse& answer) {
  if (as_date) {
    const absl::Time whole = absl::FromUnixSeconds(
        absl::ToUnixSeconds(now + delay + absl::Seconds(1) - absl::Nanoseconds(1)));
    answer.headers.emplace_back(
        "Retry-After", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", whole, absl::UTCTimeZone()));
  } else {
    answer.headers.emplace_back(
        "Retry-After", absl::StrCat(absl::ToInt64Seconds(absl::Ceil(delay, absl::Seconds(1)))));
  }
}

void ApplyPlan(const FaultPlan& plan, Route route, absl::Time now, HttpResponse& answer) {
  answer.delay = plan.latency;
  if (!plan.fault) return;
  const Fault& fault = *plan.fault;
  switch (fault.kind) {
    case FaultKind::kStatus:
      answer.headers.clear();
      SetError(fault.status, DefaultCode(fault.status), "this answer was asked for by a fault",
               answer);
      if (fault.body) answer.body = *fault.body;
      answer.content_type = fault.content_type;
      if (fault.retry_after) {
        AddRetryAfter(*fault.retry_after, fault.retry_after_date, now, answer);
      }
      break;
    case FaultKind::kRateLimit:
      answer.headers.clear();
      SetError(429, DefaultCode(429),
               absl::StrCat("more than ", fault.requests, " requests in ",
                            absl::FormatDuration(fault.per)),
               answer);
      AddRetryAfter(plan.rate_limit_ends_after, fault.retry_after_date, now, answer);
      break;
    case FaultKind::kTruncated:
      answer.delivery = Delivery::kTruncated;
      answer.keep_bytes = fault.keep_bytes.value_or(answer.body.size() / 2);
      break;
    case FaultKind::kMalformedJson:
      answer.body.resize(answer.body.size() * 2 / 3);
      break;
    case FaultKind::kInvalidUtf8:
      BreakUtf8(answer);
      break;
    case FaultKind::kHugeBody:
      MakeHuge(fault, answer);
      break;
    case FaultKind::kHang:
      answer.delivery = fault.keep_bytes ? Delivery::kHangInBody : Delivery::kHang;
      answer.keep_bytes = fault.keep_bytes.value_or(0);
      break;
    case FaultKind::kReset:
      answer.delivery = Delivery::kReset;
      break;
    case FaultKind::kWrongShape:
    case FaultKind::kUnknownStatus:
    case FaultKind::kProgressBack:
      Reshape(fault, route, answer);
      break;
    case FaultKind::kLatency:
    case FaultKind::kRevokeTokens:
    case FaultKind::kExpiresIn:
    case FaultKind::kOmitRecording:
    case FaultKind::kFailing:
    case FaultKind::kNeverEnding:
      break;  // done by the service, or before
  }
}

}  // namespace cxscribe::sim
