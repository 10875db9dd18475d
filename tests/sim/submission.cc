// See submission.h.
#include "tests/sim/submission.h"

#include <algorithm>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <nlohmann/json.hpp>

namespace cxscribe::sim {
namespace {

using nlohmann::json;

constexpr int64_t kMiB = 1024 * 1024;

// The outer shape of BCP 47: subtags of 1 to 8 letters or digits, the first of letters only.
bool IsLanguageTag(const std::string& tag) {
  const std::vector<std::string> parts = absl::StrSplit(tag, '-');
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty() || parts[i].size() > 8) return false;
    for (const char c : parts[i]) {
      const auto byte = static_cast<unsigned char>(c);
      if (!absl::ascii_isalpha(byte) && (i == 0 || !absl::ascii_isdigit(byte))) return false;
    }
  }
  return parts.front().size() >= 2;
}

void ReadString(const json& body, const char* key, std::string& out, FieldErrors& errors) {
  const auto found = body.find(key);
  if (found == body.end()) return;
  if (found->is_string()) {
    out = found->get<std::string>();
  } else {
    errors.emplace_back(key, "must be a string");
  }
}

void ReadBool(const json& body, const char* key, bool& out, FieldErrors& errors) {
  const auto found = body.find(key);
  if (found == body.end()) return;
  if (found->is_boolean()) {
    out = found->get<bool>();
  } else {
    errors.emplace_back(key, "must be true or false");
  }
}

void ReadRecordings(const json& body, const Catalogue& catalogue, int64_t max_bytes,
                    SubmissionBody& out, FieldErrors& errors) {
  const auto found = body.find("recording_ids");
  if (found == body.end()) {
    errors.emplace_back("recording_ids", "is missing");
    return;
  }
  if (!found->is_array() || found->empty() ||
      !std::all_of(found->begin(), found->end(), [](const json& id) { return id.is_string(); })) {
    errors.emplace_back("recording_ids", "must be a list of at least one string");
    return;
  }
  out.recording_ids = found->get<std::vector<std::string>>();
  int64_t bytes = 0;
  for (size_t i = 0; i < out.recording_ids.size(); ++i) {
    const std::string field = absl::StrCat("recording_ids[", i, "]");
    const Recording* recording = catalogue.Find(out.recording_ids[i]);
    if (recording == nullptr) {
      errors.emplace_back(field, absl::StrCat("there is no recording ", out.recording_ids[i]));
      continue;
    }
    if (recording->format != "wav" && recording->format != "mp3") {
      errors.emplace_back(field, absl::StrCat("the format ", recording->format, " of recording ",
                                              recording->id, " is not supported (wav, mp3)"));
    }
    bytes += recording->size_bytes;
  }
  if (bytes > max_bytes) {
    errors.emplace_back("recording_ids",
                        absl::StrCat("the recordings take ", bytes, " bytes; the quota is ",
                                     max_bytes / kMiB, " MiB (", max_bytes, " bytes)"));
  }
}

}  // namespace

SubmissionBody ReadSubmission(std::string_view text, const Catalogue& catalogue, int64_t max_bytes,
                              FieldErrors& errors) {
  SubmissionBody out;
  const json body = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) {
    errors.emplace_back(
        "", body.is_discarded() ? "the body is not JSON" : "the body is not a JSON object");
    return out;
  }
  ReadRecordings(body, catalogue, max_bytes, out, errors);
  ReadString(body, "language", out.language, errors);
  if (!IsLanguageTag(out.language)) {
    errors.emplace_back("language", "must be a BCP 47 tag such as en-US");
  }
  ReadString(body, "redaction_policy", out.redaction_policy, errors);
  if (out.redaction_policy != "none" && out.redaction_policy != "pii" &&
      out.redaction_policy != "pci" && out.redaction_policy != "phi") {
    errors.emplace_back("redaction_policy", "must be none, pii, pci or phi");
  }
  ReadBool(body, "punctuation", out.punctuation, errors);
  ReadBool(body, "diarization", out.diarization, errors);
  const auto webhook = body.find("webhook_url");
  if (webhook != body.end() && !webhook->is_null()) {
    std::string url;
    ReadString(body, "webhook_url", url, errors);
    if (webhook->is_string() && !absl::StartsWithIgnoreCase(url, "http://") &&
        !absl::StartsWithIgnoreCase(url, "https://")) {
      errors.emplace_back("webhook_url", "must be an http or https URL");
    }
    out.webhook_url = std::move(url);
  }
  return out;
}

std::vector<std::string> RecordingIdsOf(std::string_view text) {
  std::vector<std::string> ids;
  const json body = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return ids;
  const auto found = body.find("recording_ids");
  if (found == body.end() || !found->is_array()) return ids;
  for (const json& id : *found) {
    if (id.is_string()) ids.push_back(id.get<std::string>());
  }
  return ids;
}

}  // namespace cxscribe::sim
