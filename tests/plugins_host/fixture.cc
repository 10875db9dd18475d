#include "tests/plugins_host/fixture.h"

#include <cstdlib>
#include <unistd.h>

#include <absl/strings/str_cat.h>

#include "google/rpc/error_details.pb.h"

namespace cxscribe {

std::string FixtureDirectory() { return CXSCRIBE_PLUGIN_FIXTURES; }

absl::StatusOr<std::shared_ptr<const Plugin>> LoadFixture(const std::string& name) {
  const auto file =
      PluginFile::Open({FixtureDirectory(), absl::StrCat("fixture_", name, ".so"), ""});
  if (!file.ok()) return file.status();
  return OpenInProcess(**file);
}

absl::StatusOr<std::unique_ptr<StageRunner>> StartFixture(const std::string& name,
                                                          const std::string& action,
                                                          StageOptions options) {
  const auto plugin = LoadFixture(name);
  if (!plugin.ok()) return plugin.status();
  options.stage = "test";
  if (options.config_json == "{}") options.config_json = absl::StrCat("{\"do\": \"", action, "\"}");
  return (*plugin)->StartStage(options);
}

WorkerSettings TestWorkers() {
  WorkerSettings settings;
  settings.program = CXSCRIBE_PLUGIN_WORKER;
  return settings;
}

absl::StatusOr<std::shared_ptr<const Plugin>> LoadIsolated(const std::string& name,
                                                           const WorkerSettings& settings) {
  const auto file =
      PluginFile::Open({FixtureDirectory(), absl::StrCat("fixture_", name, ".so"), ""});
  if (!file.ok()) return file.status();
  return OpenIsolated(*file, settings);
}

absl::StatusOr<std::unique_ptr<StageRunner>> StartIsolated(const std::string& name,
                                                           const std::string& action,
                                                           StageOptions options,
                                                           const WorkerSettings& settings) {
  const auto plugin = LoadIsolated(name, settings);
  if (!plugin.ok()) return plugin.status();
  options.stage = "test";
  options.config_json = absl::StrCat("{\"do\": \"", action, "\"}");
  return (*plugin)->StartStage(options);
}

std::string NoteOf(const absl::StatusOr<RunOutput>& output) {
  if (!output.ok()) return output.status().ToString();
  return output->annotations.empty() ? "no annotation" : output->annotations[0].value();
}

std::map<std::string, std::string> MetadataOf(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return {};
  return {info.metadata().begin(), info.metadata().end()};
}

std::string Script(const std::string& action, int read_fd, int write_fd) {
  std::string script = absl::StrCat("{\"do\": \"", action, "\", \"read_fd\": ", read_fd);
  if (write_fd >= 0) absl::StrAppend(&script, ", \"write_fd\": ", write_fd);
  return script + "}";
}

v1::Transcript SampleTranscript() {
  v1::Transcript transcript;
  transcript.set_transcription_id("txn_1");
  transcript.set_accuracy_score(0.9);
  const auto add = [&transcript](const char* recording, const char* speaker, const char* text,
                                 int start_ms, int end_ms) {
    v1::Segment& segment = *transcript.add_segments();
    segment.set_recording_id(recording);
    segment.set_speaker(speaker);
    segment.set_text(text);
    segment.set_start_ms(start_ms);
    segment.set_end_ms(end_ms);
    return &segment;
  };
  v1::Segment* first = add("rec_a", "agent", "f\xC3\xBCr alle", 0, 1000);
  first->set_confidence(0.5);
  for (const char* text : {"f\xC3\xBCr", "alle"}) {
    v1::Word& word = *first->add_words();
    word.set_text(text);
    word.set_end_ms(500);
  }
  first->mutable_words(1)->set_confidence(0);
  add("rec_a", "", "my account", 1000, 2000);
  add("rec_b", "agent", "hello", 10, 20);
  add("rec_b", "customer", "good bye", 15, 30);  // they overlap
  return transcript;
}

Pipe::Pipe() {
  if (pipe(ends_) != 0) std::abort();
}

Pipe::~Pipe() {
  close(ends_[0]);
  close(ends_[1]);
}

void Pipe::Write(int bytes) const {
  const std::string content(static_cast<size_t>(bytes), '.');
  if (write(ends_[1], content.data(), content.size()) != bytes) std::abort();
}

void Pipe::Await(int bytes) const {
  char byte;
  for (int i = 0; i < bytes; ++i) {
    if (read(ends_[0], &byte, 1) != 1) std::abort();
  }
}

}  // namespace cxscribe
