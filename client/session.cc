#include "client/session.h"

#include <ostream>

#include "client/error_view.h"
#include "client/exit_code.h"
#include "server/base/clock.h"

namespace cxscribe::client {

OutputFormat Session::format() const {
  if (options_.output == "json") return OutputFormat::kJson;
  if (options_.output == "jsonl") return OutputFormat::kJsonl;
  if (options_.output == "yaml") return OutputFormat::kYaml;
  return OutputFormat::kTable;
}

View Session::MakeView(bool is_terminal) const {
  View view;
  view.width = environment_.width;
  // https://no-color.org: set and not empty.
  view.colour = is_terminal && !options_.no_color &&
                environment_.getenv("NO_COLOR").value_or("").empty() &&
                environment_.getenv("TERM").value_or("") != "dumb";
  view.now = environment_.clock->Now();
  view.zone = environment_.zone;
  return view;
}

View Session::OutView() const { return MakeView(environment_.out_is_terminal); }
View Session::ErrView() const { return MakeView(environment_.err_is_terminal); }

ApiClient* Session::Api() {
  if (api_ != nullptr) return api_.get();
  auto server = ResolveServer(options_.server, environment_.getenv);
  if (!server.ok()) {
    LocalFailed(server.status(), "find the server");
    return nullptr;
  }
  server_ = *std::move(server);
  server_.timeout = options_.timeout;
  auto api = environment_.connect(server_);
  if (!api.ok()) {
    LocalFailed(api.status(), "connect to " + server_.address);
    return nullptr;
  }
  api_ = *std::move(api);
  return api_.get();
}

void Session::Note(const std::string& text) {
  if (!quiet()) err() << NeutraliseLines(text) << "\n";
}

int Session::CallFailed(const absl::Status& status, const std::string& asked) {
  out().flush();
  err() << DescribeCallError(status, asked, server(), ErrView());
  return ExitOfCall(status);
}

int Session::LocalFailed(const absl::Status& status, const std::string& asked) {
  out().flush();
  err() << DescribeLocalError(status, asked, ErrView());
  return kExitLocalError;
}

int Session::UsageFailed(const std::string& message) {
  err() << "cxctl: " << NeutraliseLines(message) << "\n";
  return kExitUsage;
}

int Session::Print(const google::protobuf::Message& message) { return Print(message, format()); }

int Session::Print(const google::protobuf::Message& message, OutputFormat format) {
  const auto document = ToDocument(message, format);
  if (!document.ok()) return LocalFailed(document.status(), "print the answer");
  out() << *document;
  return kExitOk;
}

}  // namespace cxscribe::client
