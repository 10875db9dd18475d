// Session: what every verb works with, and the front door of cxctl.
#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "client/api_client.h"
#include "client/format.h"
#include "client/output.h"
#include "client/profile.h"

namespace cxscribe {
class Clock;
class Random;
}  // namespace cxscribe

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace cxscribe::client {

class Interrupt;

// Everything of the outside world that cxctl touches. What it points to must outlive it.
struct Environment {
  std::istream* in = nullptr;
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  int width = 80;  // of the terminal
  int height = 24;
  absl::TimeZone zone;
  std::string executable_dir;  // where this program stands
  GetEnv getenv;
  const Clock* clock = nullptr;
  Random* random = nullptr;
  Interrupt* interrupt = nullptr;
  Connector connect;
};

// The options that every verb has.
struct GlobalOptions {
  ServerFlags server;
  std::string output;  // empty: the verb's own default, which is table for all but pipeline run
  absl::Duration timeout = absl::Seconds(30);
  bool no_color = false;
  bool quiet = false;
};

// One run of one verb. Not thread-safe.
class Session {
 public:
  // Both must outlive the session.
  Session(Environment& environment, const GlobalOptions& options)
      : environment_(environment), options_(options) {}

  Environment& environment() { return environment_; }
  std::ostream& out() { return *environment_.out; }
  std::ostream& err() { return *environment_.err; }
  bool quiet() const { return options_.quiet; }
  OutputFormat format() const;
  bool is_table() const { return format() == OutputFormat::kTable; }
  bool has_format() const { return !options_.output.empty(); }

  // How to draw on standard output, and on standard error.
  View OutView() const;
  View ErrView() const;

  // Connects at the first call. Null after a local error, which has been printed.
  ApiClient* Api();
  // The server's address; known after Api.
  const std::string& server() const { return server_.address; }

  // A line on standard error, unless --quiet.
  void Note(const std::string& text);
  // Prints an error of a call, with what was asked, and returns its exit code.
  int CallFailed(const absl::Status& status, const std::string& asked);
  // The same for an error of cxctl's own: 1.
  int LocalFailed(const absl::Status& status, const std::string& asked);
  // The same for a mistake on the command line: 2.
  int UsageFailed(const std::string& message);
  // Writes `message` to standard output in a format that is not table: 0, or 1 after an error.
  int Print(const google::protobuf::Message& message);
  int Print(const google::protobuf::Message& message, OutputFormat format);

 private:
  View MakeView(bool is_terminal) const;

  Environment& environment_;
  const GlobalOptions& options_;
  ServerOptions server_;
  std::shared_ptr<ApiClient> api_;
};

// Runs cxctl; `arguments` without the program's name. Returns the exit code.
int RunCxctl(const std::vector<std::string>& arguments, Environment& environment);

}  // namespace cxscribe::client
