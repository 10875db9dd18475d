// cxctl audit verify: whether an audit log is whole and its chain unbroken, without a server.
#include <memory>
#include <optional>
#include <ostream>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

#include "client/exit_code.h"
#include "client/fields.h"
#include "client/session.h"
#include "client/table.h"
#include "client/verbs/verbs.h"
#include "server/audit/verify.h"

namespace cxscribe::client {
namespace {

struct Options {
  std::string file;
  std::string anchor;
};

// "12:3fa9…", as `cxctl result` prints the two parts.
std::optional<AuditLogAnchor> ParseAnchor(const std::string& text) {
  const size_t colon = text.find(':');
  AuditLogAnchor anchor;
  if (colon == std::string::npos || colon + 1 == text.size() ||
      !absl::SimpleAtoi(text.substr(0, colon), &anchor.sequence) || anchor.sequence < 1) {
    return std::nullopt;
  }
  anchor.hash = text.substr(colon + 1);
  return anchor;
}

std::string RenderReport(const AuditReport& report, const View& view) {
  Fields fields;
  fields.Add("Chain", report.ok() ? Cell("unbroken", Style::kGreen) : Cell("BROKEN", Style::kRed));
  fields.Add("Entries", absl::StrCat(report.entries));
  if (report.entries > 0) {
    fields.Add("Sequence", absl::StrCat(report.first_sequence, " to ", report.last_sequence));
    fields.Add("Head hash", report.head_hash);
  }
  std::string out = fields.Render(view);
  if (report.ok()) return out;
  Table table({{"LINE", true}, {"PROBLEM"}, {"WHAT"}});
  for (const AuditProblem& problem : report.problems) {
    table.Add({problem.line == 0 ? "-" : absl::StrCat(problem.line),
               std::string(AuditProblemName(problem.kind)), problem.message});
  }
  View wide = view;  // nothing of a problem may be cut
  wide.width = 100'000;
  absl::StrAppend(&out, "\n", table.Render(wide));
  const auto shown = static_cast<int64_t>(report.problems.size());
  if (shown < report.problem_count) {
    absl::StrAppend(&out, "and ", Count(report.problem_count - shown, "problem"), " more\n");
  }
  return out;
}

nlohmann::ordered_json ToJson(const AuditReport& report) {
  nlohmann::ordered_json json = {{"ok", report.ok()},
                                 {"lines", report.lines},
                                 {"entries", report.entries},
                                 {"first_sequence", report.first_sequence},
                                 {"last_sequence", report.last_sequence},
                                 {"head_hash", report.head_hash},
                                 {"problem_count", report.problem_count},
                                 {"problems", nlohmann::ordered_json::array()}};
  for (const AuditProblem& problem : report.problems) {
    json["problems"].push_back({{"line", problem.line},
                                {"kind", std::string(AuditProblemName(problem.kind))},
                                {"message", problem.message}});
  }
  return json;
}

int VerifyAudit(Session& session, const Options& options) {
  std::optional<AuditLogAnchor> anchor;
  if (!options.anchor.empty()) {
    anchor = ParseAnchor(options.anchor);
    if (!anchor.has_value()) {
      return session.UsageFailed("--anchor \"" + options.anchor +
                                 "\" is not SEQUENCE:HASH, as a result's audit holds them");
    }
  }
  const auto report = VerifyAuditLogFile(options.file, anchor);
  if (!report.ok()) return session.LocalFailed(report.status(), "verify " + options.file);
  if (session.is_table()) {
    session.out() << RenderReport(*report, session.OutView());
  } else {
    const auto json = ToJson(*report);
    using nlohmann::ordered_json;
    const std::string text = json.dump(session.format() == OutputFormat::kJson ? 1 : -1, ' ', false,
                                       ordered_json::error_handler_t::replace);
    if (session.format() == OutputFormat::kYaml) {
      const auto yaml = JsonToYaml(text);
      if (!yaml.ok()) return session.LocalFailed(yaml.status(), "print the report");
      session.out() << "---\n" << *yaml << "\n";
    } else {
      session.out() << text << "\n";
    }
  }
  return report->ok() ? kExitOk : kExitNotCompliant;
}

}  // namespace

void AddAuditVerify(Command audit, Session& session) {
  auto options = std::make_shared<Options>();
  const Command command =
      audit.AddCommand("verify", "Check the chain of an audit log, without a server");
  command.AddPositional("FILE", &options->file, "The audit log (JSON lines)", ValueKind::kFile);
  command.AddOption("--anchor", &options->anchor, "SEQUENCE:HASH",
                    "An entry that the log must hold, from a result's audit");
  command.SetFooter(
      "A chain shows that nothing was changed, removed from the middle, inserted or reordered. "
      "That a\n"
      "log was cut at its end shows only against an anchor kept elsewhere.\n\n"
      "Exit code 0: unbroken; 4: it is not; 1: the file cannot be read.");
  command.OnRun([options, &session] { return VerifyAudit(session, *options); });
}

}  // namespace cxscribe::client
