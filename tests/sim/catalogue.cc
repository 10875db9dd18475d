// See catalogue.h.
#include "tests/sim/catalogue.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <nlohmann/json.hpp>

#include "tests/sim/embedded_calls.h"

namespace cxscribe::sim {
namespace {

using nlohmann::json;

constexpr size_t kMaxTranscriptBytes = 64 * 1024 * 1024;  // a transcript's bound
constexpr size_t kMaxSegmentBytes = 1024 * 1024;          // a segment's bound
constexpr size_t kMaxProblems = 20;                       // per transcript; more is noise
constexpr int64_t kMiB = 1024 * 1024;

bool IsScore(const json& value) {
  return value.is_number() && value.get<double>() >= 0 && value.get<double>() <= 1;
}

// Whether `value` is an offset in milliseconds: a whole number that fits an int32.
bool IsOffset(const json& value) {
  return value.is_number_integer() && value.get<int64_t>() >= 0 &&
         value.get<int64_t>() <= std::numeric_limits<int32_t>::max();
}

void CheckResult(const json& result, const std::string& where, std::vector<std::string>& problems) {
  if (!result.is_object()) {
    problems.push_back(where + " is not an object");
    return;
  }
  const auto text = result.find("text");
  if (text == result.end() || !text->is_string()) {
    problems.push_back(where + ".text is not a string");
  } else if (text->get_ref<const std::string&>().size() > kMaxSegmentBytes) {
    problems.push_back(where + ".text is larger than 1 MiB");
  }
  const auto labels = result.find("speakerLabels");
  if (labels != result.end() && !labels->is_null() &&
      !(labels->is_array() && std::all_of(labels->begin(), labels->end(),
                                          [](const json& label) { return label.is_string(); }))) {
    problems.push_back(where + ".speakerLabels is not a list of strings");
  }
  const auto confidence = result.find("confidence");
  if (confidence != result.end() && !confidence->is_null() && !IsScore(*confidence)) {
    problems.push_back(where + ".confidence is not a number from 0 to 1");
  }
  const auto start = result.find("startOffsetMs");
  const auto end = result.find("endOffsetMs");
  const bool have_start = start != result.end() && IsOffset(*start);
  const bool have_end = end != result.end() && IsOffset(*end);
  if (!have_start) problems.push_back(where + ".startOffsetMs is not a number of milliseconds");
  if (!have_end) problems.push_back(where + ".endOffsetMs is not a number of milliseconds");
  if (have_start && have_end && end->get<int64_t>() < start->get<int64_t>()) {
    problems.push_back(where + " ends before it starts");
  }
}

int64_t DurationMs(const json& transcript) {
  int64_t duration = 0;
  for (const json& result : transcript.at("results")) {
    duration = std::max(duration, result.at("endOffsetMs").get<int64_t>());
  }
  return duration;
}

std::string MediaType(std::string_view format) {
  if (format == "wav") return "audio/wav";
  if (format == "mp3") return "audio/mpeg";
  return absl::StrCat("audio/", std::string(format));
}

// `spec` with its transcript, already checked, as a recording.
Recording MakeRecording(const RecordingSpec& spec, std::shared_ptr<const json> transcript) {
  Recording recording;
  recording.id = spec.id;
  recording.format = spec.format;
  recording.media_type = MediaType(spec.format);
  recording.duration_ms = DurationMs(*transcript);
  recording.fails = spec.fails;
  const int64_t bytes_per_ms = spec.format == "wav" ? 16 : 4;
  recording.size_bytes =
      spec.size_bytes > 0 ? spec.size_bytes : 44 + recording.duration_ms * bytes_per_ms;
  recording.transcript = std::move(transcript);
  return recording;
}

std::string Stem(const std::filesystem::path& path) { return path.stem().string(); }

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return absl::InvalidArgumentError("cannot be read: " + error.message());
  if (size > kMaxTranscriptBytes) return absl::InvalidArgumentError("is larger than 64 MiB");
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.good() && !file.eof()) return absl::InvalidArgumentError("cannot be read");
  return text;
}

}  // namespace

bool IsRecordingId(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-';
  });
}

std::vector<std::string> CheckTranscript(std::string_view text, json& parsed) {
  std::vector<std::string> problems;
  try {
    parsed = json::parse(text.begin(), text.end());
  } catch (const json::exception& error) {
    problems.push_back(absl::StrCat("is not JSON: ", error.what()));
    return problems;
  }
  if (!parsed.is_object()) {
    problems.emplace_back("is not a JSON object");
    return problems;
  }
  const auto accuracy = parsed.find("accuracyScore");
  if (accuracy != parsed.end() && !accuracy->is_null() && !IsScore(*accuracy)) {
    problems.emplace_back("accuracyScore is not a number from 0 to 1");
  }
  const auto results = parsed.find("results");
  if (results == parsed.end() || !results->is_array()) {
    problems.emplace_back("results is not a list");
    return problems;
  }
  for (size_t i = 0; i < results->size() && problems.size() < kMaxProblems; ++i) {
    CheckResult((*results)[i], absl::StrCat("results[", i, "]"), problems);
  }
  return problems;
}

absl::Status Catalogue::Add(const RecordingSpec& spec) {
  std::vector<std::string> problems;
  if (!IsRecordingId(spec.id)) {
    problems.emplace_back("its id does not match [A-Za-z0-9_.-]{1,128}");
  }
  if (spec.format.empty()) problems.emplace_back("its format is empty");
  if (spec.size_bytes < 0) problems.emplace_back("its size is negative");
  json transcript = json::object({{"results", json::array()}});
  if (!spec.transcript_json.empty()) {
    for (std::string& problem : CheckTranscript(spec.transcript_json, transcript)) {
      problems.push_back(std::move(problem));
    }
  }
  if (!problems.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("recording \"", spec.id, "\": ", absl::StrJoin(problems, "; ")));
  }
  Insert(MakeRecording(spec, std::make_shared<const json>(std::move(transcript))));
  return absl::OkStatus();
}

absl::StatusOr<Catalogue> Catalogue::BuiltIn() {
  Catalogue catalogue;
  const std::vector<EmbeddedCall>& calls = EmbeddedCalls();
  for (const EmbeddedCall& call : calls) {
    absl::Status added =
        catalogue.Add({.id = std::string(call.stem), .transcript_json = std::string(call.json)});
    if (!added.ok()) return added;
  }
  // The seed recordings say what two of the sample calls say: a clean one and one with a card
  // number left in.
  const auto call_or_first = [&calls](std::string_view stem) {
    const auto found = std::find_if(calls.begin(), calls.end(),
                                    [stem](const EmbeddedCall& call) { return call.stem == stem; });
    if (found != calls.end()) return std::string(found->json);
    return calls.empty() ? std::string() : std::string(calls.front().json);
  };
  const RecordingSpec fixed[] = {
      {.id = kSeedWav,
       .size_bytes = 4096000,
       .transcript_json = call_or_first("rec_broadband_fault")},
      {.id = kSeedMp3,
       .format = "mp3",
       .size_bytes = 2048000,
       .transcript_json = call_or_first("rec_card_payment")},
      {.id = "rec_unsupported", .format = "ogg", .size_bytes = kMiB},
      {.id = "rec_huge", .size_bytes = 600 * kMiB},
      {.id = "rec_failing", .size_bytes = kMiB, .fails = true},
      {.id = "rec_silent", .size_bytes = kMiB},
  };
  for (const RecordingSpec& spec : fixed) {
    if (catalogue.Find(spec.id) != nullptr) continue;  // a sample call has this name
    absl::Status added = catalogue.Add(spec);
    if (!added.ok()) return added;
  }
  return catalogue;
}

absl::Status Catalogue::AddDirectory(const std::string& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".json") files.push_back(it->path());
  }
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read the transcripts folder ", directory, ": ", error.message()));
  }
  if (files.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the transcripts folder ", directory, " holds no *.json file"));
  }
  std::sort(files.begin(), files.end());

  Catalogue added;
  std::vector<std::string> problems;
  for (const std::filesystem::path& file : files) {
    absl::StatusOr<std::string> text = ReadFile(file);
    absl::Status status = text.status();
    if (text.ok() && text->empty()) status = absl::InvalidArgumentError("is empty");
    if (status.ok()) status = added.Add({.id = Stem(file), .transcript_json = *std::move(text)});
    if (!status.ok()) {
      problems.push_back(absl::StrCat(file.string(), ": ", std::string(status.message())));
    }
  }
  if (!problems.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(problems.size(), " of ", files.size(),
                                                   " transcript files are bad:\n  ",
                                                   absl::StrJoin(problems, "\n  ")));
  }
  for (auto& [id, recording] : added.recordings_) Insert(std::move(recording));
  return absl::OkStatus();
}

void Catalogue::AddSynthetic(int count) {
  std::vector<Recording> calls;
  for (const auto& [id, recording] : recordings_) {
    if (!recording.fails && recording.duration_ms > 0) calls.push_back(recording);
  }
  for (int i = 0; i < count && !calls.empty(); ++i) {
    Recording copy = calls[static_cast<size_t>(i) % calls.size()];
    copy.id = absl::StrFormat("rec_synthetic_%06d", i + 1);
    Insert(std::move(copy));
  }
}

const Recording* Catalogue::Find(std::string_view id) const {
  const auto found = recordings_.find(id);
  return found == recordings_.end() ? nullptr : &found->second;
}

}  // namespace cxscribe::sim
