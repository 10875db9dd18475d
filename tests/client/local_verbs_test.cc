// The verbs that need no server: pipeline run, pipeline validate and audit verify, with the real
// plugins.
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cxscribe/internal/v1/record.pb.h"
#include "server/audit/entry.h"
#include "tests/client/fakes.h"
#include "tests/support/temp_dir.h"

namespace cxscribe::client {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kCall[] =
    R"({"id":"txn_9f8e7d6c5b4a","status":"completed","accuracyScore":0.94,)"
    R"("completedTime":"2024-01-15T10:02:30Z","results":[)"
    R"({"text":"what is your e-mail address","speakerLabels":["agent"],"startOffsetMs":0,"endOffsetMs":1000},)"
    R"({"text":"it is jane.doe@example.com","speakerLabels":["customer"],"startOffsetMs":1100,"endOffsetMs":2400}]})";

struct LocalHarness : Harness {
  TempDir folder;
  std::string config;

  explicit LocalHarness(const std::string& on_finding = "redact") {
    environment.executable_dir = CXCTL_BIN_DIR;
    environment.connect = [](const ServerOptions&) -> absl::StatusOr<std::shared_ptr<ApiClient>> {
      return absl::InternalError("no server should be asked");
    };
    config = folder.Write("cxscribe.yaml",
                          "cxone: {accounts: {default: {client_secret: '${NOT_SET}'}}}\n"
                          "pipelines:\n"
                          "  default:\n"
                          "    - plugin: punctuation.so\n"
                          "    - plugin: diarization.so\n"
                          "    - plugin: redaction.so\n"
                          "      stage: redaction-verification\n"
                          "      on_finding: " +
                              on_finding + "\n");
  }
  int RunOver(const std::string& input, std::vector<std::string> more = {}) {
    in.clear();
    in.str(input);
    std::vector<std::string> arguments = {"pipeline", "run", "--config", config};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  }
};

TEST(PipelineRun, PrintsTheResultAsProtoJson) {
  LocalHarness cxctl;
  ASSERT_EQ(cxctl.RunOver(kCall), 0) << cxctl.err.str();
  v1::GetResultResponse result;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(cxctl.out.str(), &result).ok());
  EXPECT_EQ(result.transcription_id(), "txn_9f8e7d6c5b4a");
  EXPECT_EQ(result.status(), "completed");
  EXPECT_EQ(result.language(), "en-US");
  EXPECT_EQ(result.redaction_policy(), "pii");
  EXPECT_EQ(result.pipeline(), "default");
  EXPECT_EQ(result.completed_time().seconds(), 1'705'312'950);
  EXPECT_EQ(result.segments(0).text(), "What is your e-mail address?");
  EXPECT_THAT(result.segments(1).text(), Not(HasSubstr("jane.doe")));
  ASSERT_EQ(result.findings_size(), 1);
  EXPECT_EQ(result.findings(0).entity_type(), "EMAIL");
  EXPECT_EQ(result.compliance().vendor_redaction(), v1::OUTCOME_FAIL);
  EXPECT_EQ(result.compliance().pii_redacted(), v1::OUTCOME_PASS);
  const json parsed = json::parse(cxctl.out.str());
  EXPECT_EQ(parsed["withheld"], false) << "defaults are printed";
  EXPECT_EQ(parsed["findings"][0]["spans"][0]["segment_index"], 1) << "names are snake_case";
}

TEST(PipelineRun, ReadsAFileOrStandardInput) {
  LocalHarness cxctl;
  ASSERT_EQ(cxctl.RunOver(kCall, {"-"}), 0) << cxctl.err.str();
  const std::string piped = cxctl.out.str();
  const std::string file = cxctl.folder.Write("call.json", kCall);
  ASSERT_EQ(cxctl.RunOver("not this", {file, "--repeat", "2"}), 0) << cxctl.err.str();
  const json from_file = json::parse(cxctl.out.str());
  EXPECT_EQ(from_file["segments"], json::parse(piped)["segments"]);
  ASSERT_EQ(cxctl.RunOver("not this", {"--jsonl", file}), 0) << cxctl.err.str();
}

TEST(PipelineRun, SaysWhichFileCannotBeRead) {
  LocalHarness cxctl;
  EXPECT_EQ(cxctl.RunOver(kCall, {"no/such.json"}), 1);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("no/such.json"));
  EXPECT_EQ(cxctl.RunOver(kCall, {cxctl.folder.path()}), 1);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("directory"));
}

TEST(PipelineRun, NeverWithholds) {
  LocalHarness cxctl("quarantine");
  ASSERT_EQ(cxctl.RunOver(kCall), 0) << cxctl.err.str();
  const json result = json::parse(cxctl.out.str());
  EXPECT_EQ(result["withheld"], false);
  EXPECT_THAT(result["segments"][1]["text"].get<std::string>(), HasSubstr("jane.doe@example.com"));
  EXPECT_EQ(result["compliance"]["pii_redacted"], "OUTCOME_FAIL");
}

TEST(PipelineRun, TakesPolicyAndLanguageAndSkipsStages) {
  LocalHarness cxctl;
  ASSERT_EQ(cxctl.RunOver(
                kCall, {"--redaction-policy", "none", "--language", "EN-gb", "--no-punctuation"}),
            0)
      << cxctl.err.str();
  const json result = json::parse(cxctl.out.str());
  EXPECT_EQ(result["language"], "en-GB");
  EXPECT_EQ(result["segments"][0]["text"], "what is your e-mail address");
  EXPECT_EQ(result["compliance"]["pii_redacted"], "OUTCOME_NOT_RUN");
  EXPECT_EQ(result["compliance"]["punctuation_restored"], "OUTCOME_NOT_RUN");
}

TEST(PipelineRun, TakesALineAtATimeInOrder) {
  LocalHarness cxctl;
  std::string input;
  for (int i = 0; i < 200; ++i) {
    absl::StrAppend(&input, R"({"id":"txn_)", i,
                    R"(","results":[{"text":"hello","startOffsetMs":0,"endOffsetMs":1}]})",
                    i % 2 == 0 ? "\n" : "\r\n\n");
  }
  ASSERT_EQ(cxctl.RunOver(input, {"--jsonl"}), 0) << cxctl.err.str();
  std::istringstream lines(cxctl.out.str());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_EQ(json::parse(line)["transcription_id"], absl::StrCat("txn_", count));
  }
  EXPECT_EQ(count, 200);
}

TEST(PipelineRun, RepeatsAndTimesItsStages) {
  LocalHarness cxctl;
  ASSERT_EQ(cxctl.RunOver(kCall, {"--repeat", "5"}), 0) << cxctl.err.str();
  EXPECT_TRUE(json::parse(cxctl.out.str()).contains("segments")) << "the result is printed once";
  EXPECT_THAT(cxctl.err.str(), HasSubstr("MEDIAN"));
  EXPECT_THAT(cxctl.err.str(), ::testing::ContainsRegex("punctuation +5 +0\\.[0-9][0-9] ms"));
  EXPECT_EQ(cxctl.RunOver(kCall, {"--repeat", "0"}), 2);
}

TEST(PipelineRun, ShowsWhatItChanged) {
  LocalHarness cxctl;
  ASSERT_EQ(cxctl.RunOver(kCall, {"--diff"}), 0) << cxctl.err.str();
  EXPECT_THAT(cxctl.out.str(), HasSubstr("--- input\n+++ pipeline default\n"));
  EXPECT_THAT(cxctl.out.str(), HasSubstr("-agent: what is your e-mail address\n"
                                         "+agent: What is your e-mail address?\n"));
  EXPECT_EQ(cxctl.RunOver(kCall, {"--diff", "-o", "json"}), 2);
  EXPECT_EQ(cxctl.RunOver(kCall, {"--diff", "--jsonl"}), 2);
}

TEST(PipelineRun, ALineThatIsNotATranscriptCostsTheOthersNothing) {
  LocalHarness cxctl;
  const std::string call =
      R"({"id":"txn_1","results":[{"text":"hi","startOffsetMs":0,"endOffsetMs":1}]})";
  EXPECT_EQ(cxctl.RunOver("{\"results\":[{\"text\":7}]}\n" + call + "\nnonsense\n", {"--jsonl"}),
            1);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("line 1"));
  EXPECT_THAT(cxctl.err.str(), HasSubstr("results[0].text"));
  EXPECT_THAT(cxctl.err.str(), HasSubstr("line 3"));
  std::istringstream lines(cxctl.out.str());
  std::vector<json> out;
  for (std::string line; std::getline(lines, line);) out.push_back(json::parse(line));
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out[0]["error"]["code"], "INVALID_ARGUMENT");
  EXPECT_THAT(out[0]["error"]["message"].get<std::string>(), HasSubstr("results[0].text"));
  EXPECT_EQ(out[1]["transcription_id"], "txn_1");
  EXPECT_TRUE(out[2].contains("error"));
  EXPECT_EQ(cxctl.RunOver(call, {"--jsonl", "-o", "table"}), 2);
}

TEST(PipelineRun, RefusesWhatHasNotCompleted) {
  LocalHarness cxctl;
  EXPECT_EQ(cxctl.RunOver(R"({"id":"txn_1","status":"in_progress","progress":40})"), 1);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("not completed"));
}

TEST(PipelineRun, UsageErrorsNameWhatThereIs) {
  LocalHarness cxctl;
  EXPECT_EQ(cxctl.RunOver(kCall, {"--pipeline", "other"}), 2);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("it has: default"));
  EXPECT_EQ(cxctl.RunOver(kCall, {"--redaction-policy", "all"}), 2);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("none, pci, phi, pii"));
  EXPECT_EQ(cxctl.RunOver(kCall, {"--language", "english"}), 2);
  EXPECT_EQ(cxctl.Run({"pipeline", "run"}), 2);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("--config"));
}

TEST(PipelineRun, ShowsATableWhenAsked) {
  LocalHarness cxctl;
  ASSERT_EQ(cxctl.RunOver(kCall, {"-o", "table"}), 0);
  EXPECT_THAT(cxctl.out.str(), HasSubstr("[00:00] agent: What is your e-mail address?"));
}

TEST(PipelineValidate, PrintsThePipelines) {
  LocalHarness cxctl;
  ASSERT_EQ(cxctl.Run({"pipeline", "validate", "--config", cxctl.config}), 0) << cxctl.err.str();
  EXPECT_THAT(cxctl.out.str(), HasSubstr("redaction-verification"));
  EXPECT_EQ(cxctl.Run({"pipeline", "validate", "--config", cxctl.config, "-o", "json"}), 0);
  EXPECT_EQ(json::parse(cxctl.out.str())["pipelines"][0]["name"], "default");
}

TEST(PipelineValidate, PrintsEveryErrorWithItsPlace) {
  LocalHarness cxctl;
  const std::string config = cxctl.folder.Write("bad.yaml",
                                                "pipelines:\n"
                                                "  default:\n"
                                                "    - plugin: missing.so\n"
                                                "    - plugin: punctuation.so\n"
                                                "      timeout: soon\n"
                                                "      config: {no_such_key: 1}\n");
  EXPECT_EQ(cxctl.Run({"pipeline", "validate", "--config", config}), 1);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("bad.yaml:3:15: "));
  EXPECT_THAT(cxctl.err.str(), HasSubstr("bad.yaml:5:16: "));
  EXPECT_THAT(cxctl.err.str(), HasSubstr("no_such_key"));
  EXPECT_THAT(cxctl.out.str(), IsEmpty());
  EXPECT_EQ(cxctl.Run({"pipeline", "validate", "--config", cxctl.folder.File("none.yaml")}), 1);
  EXPECT_THAT(cxctl.err.str(), HasSubstr("none.yaml"));
}

struct AuditLog {
  std::vector<std::string> lines;
  std::string head;

  explicit AuditLog(int entries) {
    head = kGenesisHash;
    for (int i = 1; i <= entries; ++i) {
      internal::v1::AuditDraft draft;
      draft.set_event("COMPLETED");
      draft.mutable_job()->set_job_id(absl::StrCat("job_", i));
      const AuditLine line = SealAuditEntry(draft, i, head);
      lines.push_back(line.line);
      head = line.hash;
    }
  }
  std::string Text() const {
    std::string text;
    for (const std::string& line : lines) absl::StrAppend(&text, line, "\n");
    return text;
  }
};

TEST(AuditVerify, AWholeChainIs0) {
  Harness cxctl;
  const TempDir folder;
  const AuditLog log(3);
  const std::string file = folder.Write("audit.jsonl", log.Text());
  EXPECT_EQ(cxctl.Run({"audit", "verify", file}), 0) << cxctl.err.str();
  EXPECT_EQ(cxctl.out.str(),
            "Chain      unbroken\nEntries    3\nSequence   1 to 3\nHead hash  " + log.head + "\n");
  EXPECT_EQ(cxctl.Run({"audit", "verify", file, "--anchor", "3:" + log.head, "-o", "json"}), 0);
  const json report = json::parse(cxctl.out.str());
  EXPECT_EQ(report["ok"], true);
  EXPECT_EQ(report["head_hash"], log.head);
}

TEST(AuditVerify, ABrokenChainIs4AndSaysWhere) {
  Harness cxctl;
  const TempDir folder;
  AuditLog log(3);
  log.lines[1].replace(log.lines[1].find("job_2"), 5, "job_9");
  const std::string file = folder.Write("audit.jsonl", log.Text());
  EXPECT_EQ(cxctl.Run({"audit", "verify", file}), 4);
  EXPECT_THAT(cxctl.out.str(), HasSubstr("BROKEN"));
  EXPECT_THAT(cxctl.out.str(), HasSubstr("   2  hash"));
  EXPECT_EQ(cxctl.Run({"audit", "verify", file, "-o", "jsonl"}), 4);
  EXPECT_EQ(json::parse(cxctl.out.str())["problems"][0]["line"], 2);
  EXPECT_EQ(cxctl.Run({"audit", "verify", file, "-o", "yaml"}), 4);
  EXPECT_THAT(cxctl.out.str(), HasSubstr("ok: false"));
}

TEST(AuditVerify, ALogThatWasCutShowsAgainstAnAnchor) {
  Harness cxctl;
  const TempDir folder;
  AuditLog log(3);
  log.lines.pop_back();
  const std::string file = folder.Write("audit.jsonl", log.Text());
  EXPECT_EQ(cxctl.Run({"audit", "verify", file}), 0);
  EXPECT_EQ(cxctl.Run({"audit", "verify", file, "--anchor", "3:" + log.head}), 4);
}

TEST(AuditVerify, AFileThatCannotBeReadIs1AndABadAnchor2) {
  Harness cxctl;
  EXPECT_EQ(cxctl.Run({"audit", "verify", "/nonexistent/audit.jsonl"}), 1);
  EXPECT_EQ(cxctl.Run({"audit", "verify", "x", "--anchor", "three"}), 2);
}

}  // namespace
}  // namespace cxscribe::client
