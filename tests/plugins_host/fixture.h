// What the tests of the plugin host share: the broken libraries, a transcript, and shorthands.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "cxscribe/v1/transcript.pb.h"
#include "plugins/host/in_process.h"
#include "plugins/host/isolated.h"
#include "plugins/host/plugin.h"
#include "plugins/host/plugin_file.h"
#include "plugins/host/stage_runner.h"

namespace cxscribe {

// The folder of the fixtures, fixtures/CMakeLists.txt.
std::string FixtureDirectory();

// Opens and loads fixture_NAME.so.
absl::StatusOr<std::shared_ptr<const Plugin>> LoadFixture(const std::string& name);

// A stage "test" of the scripted fixture NAME with {"do": ACTION}.
absl::StatusOr<std::unique_ptr<StageRunner>> StartFixture(const std::string& name,
                                                          const std::string& action,
                                                          StageOptions options = {});

// The same in workers.
WorkerSettings TestWorkers();
absl::StatusOr<std::shared_ptr<const Plugin>> LoadIsolated(
    const std::string& name, const WorkerSettings& settings = TestWorkers());
absl::StatusOr<std::unique_ptr<StageRunner>> StartIsolated(
    const std::string& name, const std::string& action, StageOptions options = {},
    const WorkerSettings& settings = TestWorkers());

// The value of the first annotation, or the error.
std::string NoteOf(const absl::StatusOr<RunOutput>& output);
// Of the ErrorInfo; empty where there is none.
std::map<std::string, std::string> MetadataOf(const absl::Status& status);

// {"do": ACTION, "read_fd": ..., "write_fd": ...}
std::string Script(const std::string& action, int read_fd, int write_fd = -1);

// Two recordings with two segments each; the first text is "für alle" (its ü is bytes 1 and 2), and
// has words.
v1::Transcript SampleTranscript();

// A pipe, both ends closed at the end.
class Pipe {
 public:
  Pipe();
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void Write(int bytes) const;
  // Blocks until so many bytes have been read.
  void Await(int bytes) const;

 private:
  int ends_[2];
};

}  // namespace cxscribe
