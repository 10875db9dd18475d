// cxctl pipeline run: takes transcripts through a pipeline in this process, without a server.
#include <cerrno>
#include <fstream>
#include <istream>
#include <iterator>
#include <map>
#include <memory>
#include <ostream>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/struct.pb.h>

#include "client/error_view.h"
#include "client/exit_code.h"
#include "client/local_pipelines.h"
#include "client/result_view.h"
#include "client/session.h"
#include "client/stage_timings.h"
#include "client/transcript_diff.h"
#include "client/verbs/verbs.h"
#include "server/base/error.h"
#include "server/config/settings.h"
#include "server/cxone/transcript_json.h"
#include "server/job/language_tag.h"
#include "server/pipeline/pipeline.h"
#include "server/pipeline/result.h"

namespace cxscribe::client {
namespace {

struct Options {
  std::string file;  // empty or "-": standard input
  std::string config;
  std::string pipeline = "default";
  std::string language = "en-US";
  std::string redaction_policy = "pii";
  bool no_punctuation = false;
  bool no_diarization = false;
  bool jsonl = false;
  int repeat = 1;
  bool diff = false;
};

template <typename Map>
std::string KeysOf(const Map& map) {
  return absl::StrJoin(map, ", ",
                       [](std::string* out, const auto& entry) { out->append(entry.first); });
}

// One loaded pipeline and what is asked of it.
class Runner {
 public:
  Runner(Session& session, std::shared_ptr<const Pipeline> pipeline, PipelineRequest request,
         int repeat)
      : session_(session),
        pipeline_(std::move(pipeline)),
        request_(std::move(request)),
        repeat_(repeat) {
    request_.never_withhold = true;
    request_.log = [this](std::string_view stage, PluginLogLevel level, std::string_view line) {
      const char* mark = level == PluginLogLevel::kError     ? "error: "
                         : level == PluginLogLevel::kWarning ? "warning: "
                                                             : "";
      session_.Note(absl::StrCat(std::string(stage), ": ", mark, std::string(line)));
    };
  }

  // Runs one transcript. `what` names it in errors, which are printed, and kept as problem(); an
  // exit code.
  int Run(std::string_view json, const std::string& what, v1::GetResultResponse& response) {
    auto parsed = ParseTranscriptionJson(json, {});
    if (!parsed.ok()) return Failed(parsed.status(), "read " + what);
    if (!parsed->transcript.has_value()) {
      return Failed(
          absl::FailedPreconditionError("its status is not completed, so that it has no results"),
          "read " + what);
    }
    v1::Transcript transcript = *std::move(parsed->transcript);
    transcript.set_language(request_.language);
    input_ = transcript.segments();
    PipelineResult result;
    for (int run = 0; run < repeat_; ++run) {
      result = pipeline_->Run(transcript, request_);
      if (!result.status.ok()) {
        Failed(result.status, "run pipeline " + pipeline_->name() + " over " + what);
        return kExitJobFailed;
      }
      google::protobuf::RepeatedPtrField<v1::StageRecord> stages(result.stages.begin(),
                                                                 result.stages.end());
      timings_.Add(stages);
    }
    ResultNames names;
    names.redaction_policy = request_.policy.name;
    names.pipeline = pipeline_->name();
    names.pipeline_hash = pipeline_->hash();
    names.completed_time = parsed->completed_time.value_or(session_.OutView().now);
    response = MakeResultResponse(std::move(result), names);
    return kExitOk;
  }

  const absl::Status& problem() const { return problem_; }

  // Between what the last run was given and what came of it.
  std::string Diff(const v1::GetResultResponse& response) const {
    return RenderTranscriptDiff(input_, response.segments(), "pipeline " + pipeline_->name(),
                                session_.OutView());
  }
  // What --repeat was asked for.
  void PrintTimings() {
    if (repeat_ == 1) return;
    session_.out().flush();
    session_.err() << timings_.Render(session_.ErrView());
  }

 private:
  int Failed(const absl::Status& status, const std::string& asked) {
    problem_ = status;
    return session_.LocalFailed(status, asked);
  }

  Session& session_;
  const std::shared_ptr<const Pipeline> pipeline_;
  PipelineRequest request_;
  const int repeat_;
  google::protobuf::RepeatedPtrField<v1::Segment> input_;
  StageTimings timings_;
  absl::Status problem_;
};

int RunOne(Session& session, std::istream& in, Runner& runner, bool diff) {
  const std::string json((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  v1::GetResultResponse response;
  const int exit_code = runner.Run(json, "the transcript", response);
  if (exit_code != kExitOk) return exit_code;
  if (diff) {
    session.out() << runner.Diff(response);
    return kExitOk;
  }
  if (session.has_format() && session.is_table()) {
    session.out() << RenderResult(response, session.OutView());
    return kExitOk;
  }
  return session.Print(response, session.has_format() ? session.format() : OutputFormat::kJson);
}

// What stands in the place of a result: {"error": {"code": "INVALID_ARGUMENT", "message": "..."}}.
google::protobuf::Struct ErrorLine(const absl::Status& status) {
  google::protobuf::Struct line;
  auto& error = *(*line.mutable_fields())["error"].mutable_struct_value()->mutable_fields();
  error["code"].set_string_value(CodeName(static_cast<int>(status.code())));
  error["message"].set_string_value(std::string(status.message()));
  return line;
}

// A line that fails costs the others nothing; the first failure's exit code is the answer.
int RunLines(Session& session, std::istream& in, Runner& runner) {
  std::string line;
  v1::GetResultResponse response;
  int first_failure = kExitOk;
  for (int64_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const int exit_code =
        runner.Run(line, absl::StrCat("the transcript in line ", number), response);
    if (first_failure == kExitOk) first_failure = exit_code;
    const int printed = exit_code == kExitOk
                            ? session.Print(response, OutputFormat::kJsonl)
                            : session.Print(ErrorLine(runner.problem()), OutputFormat::kJsonl);
    if (printed != kExitOk) return printed;
    // Who writes a line and waits for its result gets it; who writes many gets them in blocks.
    if (in.rdbuf()->in_avail() <= 0) session.out().flush();
    if (!session.out().good()) return kExitLocalError;
  }
  return first_failure;
}

int RunPipeline(Session& session, const Options& options) {
  if (options.diff && (options.jsonl || session.has_format())) {
    return session.UsageFailed(
        "--diff prints a difference instead of the result: give it without "
        "--jsonl and -o");
  }
  if (options.jsonl && session.has_format() && session.format() != OutputFormat::kJsonl) {
    return session.UsageFailed("--jsonl prints JSON lines: give it without -o");
  }
  const auto language = CanonicalLanguageTag(options.language);
  if (!language.has_value()) {
    return session.UsageFailed("--language \"" + options.language +
                               "\" is not a BCP 47 tag, for example en-US");
  }
  const LocalPipelines local = LoadLocalPipelines(session, options.config);
  if (local.set == nullptr) return kExitLocalError;
  const auto pipeline = local.set->Find(options.pipeline);
  if (pipeline == nullptr) {
    return session.UsageFailed(absl::StrCat(options.config, " has no pipeline \"", options.pipeline,
                                            "\"; it has: ", KeysOf(local.set->pipelines)));
  }
  const auto policy = local.policies.find(options.redaction_policy);
  if (policy == local.policies.end()) {
    return session.UsageFailed(absl::StrCat("there is no redaction policy \"",
                                            options.redaction_policy,
                                            "\"; there are: ", KeysOf(local.policies)));
  }
  PipelineRequest request;
  request.language = *language;
  request.policy = policy->second;
  request.punctuation = !options.no_punctuation;
  request.diarization = !options.no_diarization;
  std::ifstream file;
  const bool standard_input = options.file.empty() || options.file == "-";
  if (!standard_input) {
    file.open(options.file, std::ios::binary);
    file.peek();  // a folder opens, and cannot be read
    if (!file.good() && !file.eof()) {
      return session.LocalFailed(absl::ErrnoToStatus(errno, options.file), "read the transcript");
    }
  }
  std::istream& in = standard_input ? *session.environment().in : file;
  Runner runner(session, pipeline, std::move(request), options.repeat);
  const int exit_code =
      options.jsonl ? RunLines(session, in, runner) : RunOne(session, in, runner, options.diff);
  if (exit_code == kExitOk || options.jsonl) runner.PrintTimings();
  return exit_code;
}

}  // namespace

void AddPipelineRun(Command pipeline, Session& session) {
  auto options = std::make_shared<Options>();
  const Command command =
      pipeline.AddCommand("run", "Run a pipeline over a transcript, without a server");
  command.AddOptionalPositional("FILE", &options->file, "The transcript; none or -: standard input",
                                ValueKind::kFile);
  command.AddRequiredOption("--config,-c", &options->config, "FILE", "The configuration file",
                            ValueKind::kFile);
  command.AddOption("--pipeline,-p", &options->pipeline, "NAME", "Default: default");
  command.AddOption("--language,-l", &options->language, "TAG", "BCP 47; default en-US");
  command.AddOption("--redaction-policy,-r", &options->redaction_policy, "NAME",
                    "pii (default), pci, phi, none or one of the file's");
  command.AddFlag("--no-punctuation", &options->no_punctuation, "Skip punctuation stages");
  command.AddFlag("--no-diarization", &options->no_diarization, "Skip diarization stages");
  command.AddFlag("--jsonl", &options->jsonl,
                  "A transcript a line in, a result or {\"error\": ...} a line out, in the same "
                  "order");
  command.AddOption("--repeat", &options->repeat, 1, 1'000'000, "N",
                    "Run each transcript N times and print how long the stages took, on standard "
                    "error");
  command.AddFlag("--diff", &options->diff,
                  "Print what changed, segment by segment, instead of the result");
  command.SetFooter(
      "Reads a transcript in CXone's result form and prints a GetResultResponse, as JSON unless "
      "-o\n"
      "says otherwise. Texts are never withheld, and the exit code does not tell compliance: 0 "
      "when\n"
      "the pipeline ran, 1 when the file or a transcript cannot be read, 3 when a stage failed; "
      "of\n"
      "many transcripts, the first that failed tells.");
  command.OnRun([options, &session] { return RunPipeline(session, *options); });
}

}  // namespace cxscribe::client
