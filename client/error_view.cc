#include "client/error_view.h"

#include <map>
#include <optional>

#include <absl/strings/cord.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"

namespace cxscribe::client {
namespace {

// The detail of that type, where the status has one that can be read.
template <typename Message>
std::optional<Message> DetailOf(const absl::Status& status) {
  const auto payload =
      status.GetPayload("type.googleapis.com/" + Message::descriptor()->full_name());
  Message message;
  if (!payload.has_value() || !message.ParseFromString(std::string(*payload))) return std::nullopt;
  return message;
}

std::string Spaces(int count) { return std::string(static_cast<size_t>(count), ' '); }

// Text from elsewhere in an error: neutralised, its further lines indented.
std::string Clean(std::string_view text, int indent) {
  std::string clean = NeutraliseLines(text);
  while (!clean.empty() && clean.back() == '\n') clean.pop_back();
  std::string out;
  for (const char c : clean) {
    out.push_back(c);
    if (c == '\n') out += Spaces(indent);
  }
  return out;
}

std::string CodeAndReason(const absl::Status& status) {
  std::string text = CodeName(static_cast<int>(status.code()));
  const std::string reason = ReasonOf(status);
  if (!reason.empty()) absl::StrAppend(&text, ", ", Clean(reason, 0));
  return text;
}

// What the caller can do, where the server has not said so itself.
std::string HintFor(const absl::Status& status, const std::string& server) {
  const bool from_server = IsFromServer(status);
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      if (from_server) return "The server is up but cannot serve this now; try again.";
      return "Is cxscribed running at " + server +
             "? Name another server with --server, CXSCRIBE_SERVER or --profile.";
    case absl::StatusCode::kDeadlineExceeded:
      return "No answer in time from " + server + "; --timeout allows more.";
    case absl::StatusCode::kUnimplemented:
      if (from_server) return "";
      return "Is " + server + " the gRPC port of a cxscribed that is as new as this cxctl?";
    case absl::StatusCode::kUnauthenticated:
      if (from_server) return "";
      return "The server wants credentials: see --tls-cert, --tls-key and --profile.";
    case absl::StatusCode::kNotFound:
      return ReasonOf(status) == "JOB_NOT_FOUND" ? "The jobs that there are: cxctl list." : "";
    case absl::StatusCode::kAlreadyExists:
      return "Submit with another --request-id, or with none for a new one.";
    case absl::StatusCode::kOutOfRange:
      return "Watch without @REVISION to begin with the job as it is now.";
    default:
      return "";
  }
}

}  // namespace

std::string CodeName(int code) {
  static const char* const kNames[] = {"OK",
                                       "CANCELLED",
                                       "UNKNOWN",
                                       "INVALID_ARGUMENT",
                                       "DEADLINE_EXCEEDED",
                                       "NOT_FOUND",
                                       "ALREADY_EXISTS",
                                       "PERMISSION_DENIED",
                                       "RESOURCE_EXHAUSTED",
                                       "FAILED_PRECONDITION",
                                       "ABORTED",
                                       "OUT_OF_RANGE",
                                       "UNIMPLEMENTED",
                                       "INTERNAL",
                                       "UNAVAILABLE",
                                       "DATA_LOSS",
                                       "UNAUTHENTICATED"};
  if (code < 0 || static_cast<size_t>(code) >= std::size(kNames)) {
    return absl::StrCat("status ", code);
  }
  return kNames[code];
}

bool IsFromServer(const absl::Status& status) {
  bool has_details = false;
  status.ForEachPayload(
      [&has_details](absl::string_view, const absl::Cord&) { has_details = true; });
  return has_details;
}

absl::Duration RetryDelayOf(const absl::Status& status) {
  const auto retry = DetailOf<google::rpc::RetryInfo>(status);
  if (!retry.has_value()) return absl::ZeroDuration();
  return std::max(absl::ZeroDuration(), ToDuration(retry->retry_delay()));
}

std::string DescribeDetails(const absl::Status& status, int indent) {
  std::string out;
  const auto add = [&out, indent](const std::string& line) {
    absl::StrAppend(&out, Spaces(indent), Clean(line, indent + 2), "\n");
  };
  if (const auto bad = DetailOf<google::rpc::BadRequest>(status)) {
    for (const auto& violation : bad->field_violations()) {
      add("- " + violation.field() + ": " + violation.description());
    }
  }
  if (const auto quota = DetailOf<google::rpc::QuotaFailure>(status)) {
    for (const auto& violation : quota->violations()) {
      add("- quota of " + violation.subject() + ": " + violation.description());
    }
  }
  if (const auto unmet = DetailOf<google::rpc::PreconditionFailure>(status)) {
    for (const auto& violation : unmet->violations()) {
      add("- " + violation.subject() + ": " + violation.description());
    }
  }
  if (const auto resource = DetailOf<google::rpc::ResourceInfo>(status)) {
    add(resource->resource_type() + ": " + resource->resource_name());
  }
  if (const auto info = DetailOf<google::rpc::ErrorInfo>(status)) {
    const std::map<std::string, std::string> sorted(info->metadata().begin(),
                                                    info->metadata().end());
    for (const auto& entry : sorted) add(entry.first + ": " + entry.second);
  }
  if (const auto help = DetailOf<google::rpc::Help>(status)) {
    for (const auto& link : help->links()) add(link.description() + ": " + link.url());
  }
  const absl::Duration delay = RetryDelayOf(status);
  if (delay > absl::ZeroDuration()) add("Try again in " + HumanDuration(delay) + ".");
  return out;
}

std::string DescribeCallError(const absl::Status& status, const std::string& asked,
                              const std::string& server, const View& view) {
  std::string out = Paint("cxctl:", Style::kRed, view.colour);
  absl::StrAppend(&out, " ", Clean(asked, 2), ": ", Clean(std::string(status.message()), 2), "\n");
  absl::StrAppend(&out, "  ", CodeAndReason(status), "\n", DescribeDetails(status, 2));
  const std::string hint = HintFor(status, server);
  if (!hint.empty()) absl::StrAppend(&out, "  ", hint, "\n");
  return out;
}

std::string DescribeLocalError(const absl::Status& status, const std::string& asked,
                               const View& view) {
  std::string out = Paint("cxctl:", Style::kRed, view.colour);
  absl::StrAppend(&out, " ", Clean(asked, 2), ": ", Clean(std::string(status.message()), 2), "\n",
                  DescribeDetails(status, 2));
  return out;
}

std::string DescribeJobError(const google::rpc::Status& error, int indent, const View& view) {
  const absl::Status status = FromRpcStatus(error);
  if (status.ok()) return "";
  return Spaces(indent) + Paint(CodeAndReason(status), Style::kRed, view.colour) + ": " +
         Clean(std::string(status.message()), indent + 2) + "\n" +
         DescribeDetails(status, indent + 2);
}

}  // namespace cxscribe::client
