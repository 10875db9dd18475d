#include "plugins/host/worker_client.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include <absl/strings/str_cat.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "plugins/host/data_file.h"
#include "plugins/host/flat_output.h"
#include "plugins/host/limits.h"
#include "plugins/host/text.h"
#include "plugins/host/worker_messages.h"
#include "server/base/error.h"
#include "server/base/version.h"

namespace cxscribe {
namespace {

constexpr size_t kControlBytes = 4'096;
// A worker that has closed its socket is as good as dead.
constexpr absl::Duration kEndTimeout = absl::Milliseconds(250);
constexpr absl::Duration kDeathTimeout = absl::Seconds(5);
// Of one instance; each is a mapping and a descriptor of the worker's few.
constexpr size_t kMaxDataFiles = 1'000;
constexpr int kSizeOnlySeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

absl::Status SystemError(std::string_view what, int error) {
  return ErrorBuilder(absl::StatusCode::kUnavailable, "WORKER_SPAWN",
                      absl::StrCat(std::string(what), " for a plugin worker: ", strerror(error)))
      .Build();
}

// A memfd of a fixed size, mapped for writing.
struct Shared {
  Descriptor descriptor;
  char* data = nullptr;
};

absl::StatusOr<Shared> MakeShared(const char* name, size_t size) {
  Shared shared;
  shared.descriptor = Descriptor(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!shared.descriptor.valid()) return SystemError("cannot make a memfd", errno);
  if (ftruncate(shared.descriptor.get(), static_cast<off_t>(size)) != 0) {
    return SystemError("cannot size a memfd", errno);
  }
  void* data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, shared.descriptor.get(), 0);
  if (data == MAP_FAILED) return SystemError("cannot map a memfd", errno);
  shared.data = static_cast<char*>(data);
  return shared;
}

// The transcript in a memfd that can neither be written nor resized any more.
absl::StatusOr<Descriptor> SealTranscript(const EncodedTranscript& transcript, size_t size) {
  absl::StatusOr<Shared> shared = MakeShared("cxscribe-transcript", size);
  if (!shared.ok()) return shared.status();
  transcript.Flatten(shared->data);
  munmap(shared->data, size);  // F_SEAL_WRITE needs that nobody has it mapped for writing
  if (fcntl(shared->descriptor.get(), F_ADD_SEALS, kSizeOnlySeals | F_SEAL_WRITE) != 0) {
    return SystemError("cannot seal a memfd", errno);
  }
  return std::move(shared->descriptor);
}

absl::Duration Since(SteadyTime begun) {
  return absl::Trunc(absl::FromChrono(SteadyNow() - begun), absl::Milliseconds(1));
}

// The number of the call that it answers; 0: none.
uint64_t AnsweredCall(const Frame& frame) {
  uint64_t call = 0;
  if ((frame.type == FrameType::kResult || frame.type == FrameType::kCallFailed) &&
      frame.payload.size() >= sizeof(call)) {
    std::memcpy(&call, frame.payload.data(), sizeof(call));
  }
  return call;
}

// The messages of a plugin that is not known yet name its file.
absl::Status Named(const PluginIdentity& identity, const std::string& file, absl::StatusCode code,
                   std::string_view reason, std::string_view message) {
  if (!identity.plugin.empty()) return PluginStatus(identity, code, reason, message);
  return ErrorBuilder(code, reason, absl::StrCat(file, ": ", std::string(message))).Build();
}

}  // namespace

WorkerClient::WorkerClient(std::unique_ptr<WorkerProcess> process) : process_(std::move(process)) {}

WorkerClient::~WorkerClient() {
  if (control_ != nullptr) munmap(control_, kControlBytes);
}

absl::StatusOr<std::unique_ptr<WorkerClient>> WorkerClient::Start(const Options& options,
                                                                  const PluginFile& file,
                                                                  SteadyTime deadline) {
  absl::StatusOr<std::unique_ptr<WorkerProcess>> process =
      WorkerProcess::Spawn(options.program, file.sanitizer_runtime());
  if (!process.ok()) return process.status();
  std::unique_ptr<WorkerClient> client(new WorkerClient(*std::move(process)));
  if (absl::Status status = client->Load(options, file, deadline); !status.ok()) return status;
  return client;
}

absl::Status WorkerClient::MakeControlPage(Descriptor& descriptor) {
  absl::StatusOr<Shared> shared = MakeShared("cxscribe-control", kControlBytes);
  if (!shared.ok()) return shared.status();
  control_ = new (shared->data) ControlPage{};
  if (fcntl(shared->descriptor.get(), F_ADD_SEALS, kSizeOnlySeals) != 0) {
    return SystemError("cannot seal a memfd", errno);
  }
  descriptor = std::move(shared->descriptor);
  return absl::OkStatus();
}

absl::Status WorkerClient::AwaitHello(const Options& options, SteadyTime deadline) {
  const std::string& program = options.program.path();
  const auto failed = [&program](std::string_view reason, std::string_view message) {
    return ErrorBuilder(absl::StatusCode::kFailedPrecondition, reason,
                        absl::StrCat(program, " ", std::string(message)))
        .Build();
  };
  LogRelay silent(stage_log_);
  Frame frame;
  const Event event = Next({.deadline = deadline, .stage_log = &silent}, frame);
  if (event == Event::kDeadline) return failed("WORKER_FAILED", "did not say hello in time");
  if (event == Event::kLost) {
    return failed("WORKER_FAILED", absl::StrCat("ended before it said hello (", loss_,
                                                "): is it cx-plugin-worker?"));
  }
  const absl::StatusOr<HelloMessage> hello =
      frame.type == FrameType::kHello ? DecodeHello(frame.payload)
                                      : absl::DataLossError("it does not say hello first");
  if (!hello.ok()) {
    LoseToGarbage(hello.status());
    return failed("WORKER_FAILED",
                  absl::StrCat("is no cx-plugin-worker: ", hello.status().message()));
  }
  if (hello->protocol != kWorkerProtocol || hello->abi_major != CX_ABI_MAJOR ||
      hello->abi_minor != CX_ABI_MINOR || hello->version != kVersion) {
    return failed("WORKER_VERSION",
                  absl::StrCat("is of cxscribe ", hello->version, " (protocol ", hello->protocol,
                               ", plugin ABI ", hello->abi_major, ".", hello->abi_minor,
                               "), this program of ", kVersion, " (protocol ", kWorkerProtocol,
                               ", plugin ABI ", CX_ABI_MAJOR, ".", CX_ABI_MINOR,
                               "): install both from one release"));
  }
  return absl::OkStatus();
}

absl::Status WorkerClient::Load(const Options& options, const PluginFile& file,
                                SteadyTime deadline) {
  file_path_ = file.path();
  abandon_ = options.abandon;
  if (absl::Status status = AwaitHello(options, deadline); !status.ok()) return status;
  Descriptor control;
  if (absl::Status status = MakeControlPage(control); !status.ok()) return status;
  const SteadyTime begun = SteadyNow();
  internal::v1::WorkerLoad load;
  load.set_sha256(file.sha256());
  load.set_memory_bytes(options.memory_bytes);
  Send(FrameType::kLoad, load.SerializeAsString(), "", {file.descriptor(), control.get()},
       deadline);
  // Nobody else reads it yet, and the dynamic linker, say, may tell there why it gave up.
  std::string last_line;
  const PluginLog keep = [&last_line](PluginLogLevel, std::string_view line) {
    last_line = absl::StrCat("; ", std::string(line));
  };
  LogRelay log(keep);
  Frame frame;
  const Event event = Next({.deadline = deadline, .stage_log = &log}, frame);
  if (event == Event::kLost) {
    loss_ += last_line;
    return LossStatus("loading it", {}, begun);
  }
  if (event == Event::kDeadline) {
    return Named({}, file_path_, absl::StatusCode::kDeadlineExceeded, "PLUGIN_TIMEOUT",
                 "loading it did not end within the start timeout");
  }
  if (frame.type == FrameType::kFailed) return Annotate(ReadLoadError(frame.payload), file_path_);
  absl::StatusOr<LoadedMessage> loaded =
      frame.type == FrameType::kLoaded
          ? ReadLoadedMessage(frame.payload)
          : absl::DataLossError("it does not answer what it was asked");
  if (!loaded.ok()) {
    LoseToGarbage(loaded.status());
    return LossStatus("loading it", {}, begun);
  }
  info_ = std::move(loaded->plugin);
  gaps_ = std::move(loaded->gaps);
  info_.file = file.path();
  info_.sha256 = file.sha256();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ConfigProblem>> WorkerClient::Check(std::string_view config_json,
                                                               SteadyTime deadline) {
  const PluginIdentity identity{"", info_.name, info_.version};
  const SteadyTime begun = SteadyNow();
  if (config_json.size() > kMaxConfigBytes) {
    return std::vector<ConfigProblem>{
        {"", absl::StrCat("has more than ", kMaxConfigBytes, " bytes")}};
  }
  Send(FrameType::kCheck, config_json, "", {}, deadline);
  LogRelay silent(stage_log_);
  Frame frame;
  const Event event = Next({.deadline = deadline, .stage_log = &silent}, frame);
  if (event == Event::kLost) return LossStatus("validate", identity, begun);
  if (event == Event::kDeadline) {
    return PluginStatus(identity, absl::StatusCode::kDeadlineExceeded, "PLUGIN_TIMEOUT",
                        "validate did not return within the start timeout");
  }
  absl::StatusOr<std::vector<ConfigProblem>> problems =
      frame.type == FrameType::kChecked
          ? ReadProblems(frame.payload)
          : absl::DataLossError("it does not answer what it was asked");
  if (!problems.ok()) {
    LoseToGarbage(problems.status());
    return LossStatus("validate", identity, begun);
  }
  return problems;
}

void WorkerClient::SendData(std::string_view name, const StageOptions& options,
                            SteadyTime deadline) {
  const std::string file_name(name);
  internal::v1::WorkerData data;
  auto bytes = ReadDataFile(options.data_directory, file_name);
  if (!bytes.ok()) {
    data.set_code(static_cast<int32_t>(bytes.status().code()));
    data.set_reason(ReasonOf(bytes.status()));
    data.set_message(std::string(bytes.status().message()));
    Send(FrameType::kData, data.SerializeAsString(), "", {}, deadline);
    return;
  }
  data.set_sha256((*bytes)->sha256());
  data_files_[file_name] = (*bytes)->sha256();
  Send(FrameType::kData, data.SerializeAsString(), "", {(*bytes)->descriptor()}, deadline);
}

absl::Status WorkerClient::Create(const PluginIdentity& identity, const StageOptions& options,
                                  SteadyTime deadline) {
  identity_ = identity;
  stage_log_ = options.log;
  const SteadyTime begun = SteadyNow();
  internal::v1::WorkerCreate create;
  create.set_stage(identity.stage);
  create.set_config_json(options.config_json);
  create.set_has_data(!options.data_directory.empty());
  Send(FrameType::kCreate, create.SerializeAsString(), "", {}, deadline);
  LogRelay log(stage_log_);
  absl::Status status;
  while (true) {
    Frame frame;
    const Event event = Next({.deadline = deadline, .stage_log = &log}, frame);
    if (event == Event::kLost) status = LossStatus("create", identity, begun);
    if (event == Event::kDeadline) {
      status = PluginStatus(identity, absl::StatusCode::kDeadlineExceeded, "PLUGIN_TIMEOUT",
                            absl::StrCat("create did not return within the start timeout of ",
                                         absl::FormatDuration(options.start_timeout)));
    }
    if (event != Event::kFrame) break;
    if (frame.type == FrameType::kOpenData && data_files_.size() < kMaxDataFiles) {
      SendData(frame.payload, options, deadline);
      continue;
    }
    if (frame.type == FrameType::kCreated) break;
    status = frame.type == FrameType::kFailed
                 ? ReadCallError(frame.payload, identity)
                 : absl::DataLossError("it does not answer what it was asked");
    if (!absl::IsDataLoss(status) || !ReasonOf(status).empty()) break;
    LoseToGarbage(status);
    status = LossStatus("create", identity, begun);
    break;
  }
  log.Finish();
  return status;
}

WorkerCallEnd WorkerClient::Call(const RunContext& context, const EncodedTranscript& transcript,
                                 SteadyTime deadline, absl::Duration grace) {
  WorkerCallEnd end;
  internal::v1::WorkerCall call = ToMessage(context, deadline);
  call.set_number(++calls_);
  const size_t size = transcript.FlatSize();
  Descriptor memory;
  std::string inline_bytes;
  if (size > kMaxInlineTranscript) {
    absl::StatusOr<Descriptor> sealed = SealTranscript(transcript, size);
    if (!sealed.ok()) {
      end.kind = WorkerCallEnd::Kind::kAnswered;
      end.result = sealed.status();
      return end;
    }
    memory = *std::move(sealed);
    call.set_transcript_bytes(size);
  } else {
    inline_bytes.resize(size);
    transcript.Flatten(inline_bytes.data());
  }
  const std::string message = call.SerializeAsString();
  const auto message_size = static_cast<uint32_t>(message.size());
  std::string head(reinterpret_cast<const char*>(&message_size), sizeof(message_size));
  head += message;

  control_->stop.store(false, std::memory_order_relaxed);
  process_->LimitCpu(context.timeout);
  LogRelay call_log(context.log);
  LogRelay stage_log(stage_log_);
  Listening listening{
      .deadline = deadline, .context = &context, .call_log = &call_log, .stage_log = &stage_log};
  std::vector<int> descriptors;
  if (memory.valid()) descriptors.push_back(memory.get());
  Send(FrameType::kCall, head, inline_bytes, descriptors, deadline);
  memory.Reset();

  Frame frame;
  Event event = Next(listening, frame);
  if (event == Event::kDeadline || event == Event::kCancelled) {
    end.stop = event == Event::kCancelled
                   ? CancelledStatus(identity_)
                   : TimeoutStatus(identity_, context, "process did not return");
    control_->stop.store(true, std::memory_order_relaxed);
    RunContext rest;  // it may still log, but there is nothing more to cancel
    rest.log = context.log;
    rest.progress = context.progress;
    listening.deadline = After(SteadyNow(), grace);
    listening.context = &rest;
    event = Next(listening, frame);
  }
  const uint64_t answered = event == Event::kFrame ? AnsweredCall(frame) : 0;
  if (answered != 0 && answered < calls_) {
    LoseToGarbage(absl::DataLossError("it answered an earlier call twice"));
    violated_ = false;  // not the doing of this call
    end.kind = WorkerCallEnd::Kind::kDied;
  } else if (event == Event::kFrame) {
    end.kind = end.stop.ok() ? WorkerCallEnd::Kind::kAnswered : WorkerCallEnd::Kind::kStopped;
    end.result = ReadAnswer(frame, transcript);
    if (violated_) end.kind = WorkerCallEnd::Kind::kViolated;
  } else if (event == Event::kLost) {
    end.kind = violated_ ? WorkerCallEnd::Kind::kViolated : WorkerCallEnd::Kind::kDied;
    if (violated_) end.result = PluginViolation(identity_, loss_);
  } else {
    end.kind = WorkerCallEnd::Kind::kOverstayed;
    process_->Kill();
    lost_ = true;
    process_->AwaitEnd(kDeathTimeout);
    loss_ = "it did not stop when it was told to, and was killed";
  }
  output_.Drain(process_->output(), call_log);
  call_log.Finish();
  stage_log.Finish();
  return end;
}

absl::StatusOr<RunOutput> WorkerClient::ReadAnswer(const Frame& frame,
                                                   const EncodedTranscript& transcript) {
  absl::StatusOr<RunOutput> result = absl::DataLossError("it does not answer what it was asked");
  const uint64_t call = AnsweredCall(frame);
  if (call == calls_) {
    const std::string_view answer = frame.payload.substr(sizeof(call));
    result = frame.type == FrameType::kResult
                 ? DecodeOutput(answer, identity_, info_.kind, transcript)
                 : ReadCallError(answer, identity_);
  }
  if (!result.ok() && absl::IsDataLoss(result.status()) && ReasonOf(result.status()).empty()) {
    LoseToGarbage(result.status());
    return PluginViolation(identity_, loss_);
  }
  if (result.ok()) {
    for (const auto& [name, sha256] : data_files_) {
      v1::ResourceDigest& digest = result->resources.emplace_back();
      digest.set_name(name);
      digest.set_sha256(sha256);
    }
  }
  return result;
}

void WorkerClient::NoteEnd() {
  if (!lost_) LoseToEnd();
  LogRelay log(stage_log_);
  output_.Drain(process_->output(), log);
  log.Finish();
}

void WorkerClient::Quit() {
  if (!lost_) Send(FrameType::kQuit, "", "", {}, SteadyNow());
}

void WorkerClient::AwaitEnd(SteadyTime deadline) {
  if (lost_) return;
  LogRelay log(stage_log_);
  Frame frame;
  // Whatever it still says, an end is all that is waited for.
  while (Next({.deadline = deadline, .stage_log = &log}, frame) == Event::kFrame) {
  }
  if (!lost_) process_->Kill();
  process_->AwaitEnd(kDeathTimeout);
  lost_ = true;
  output_.Drain(process_->output(), log);
  log.Finish();
}

void WorkerClient::LoseToEnd() {
  lost_ = true;
  if (process_->AwaitEnd(kEndTimeout)) {
    loss_ = process_->end().ToString();
    return;
  }
  process_->Kill();
  process_->AwaitEnd(kDeathTimeout);
  loss_ = "it closed its connection to the host, and was killed";
}

void WorkerClient::LoseToGarbage(const absl::Status& what) {
  lost_ = true;
  violated_ = true;
  process_->Kill();
  process_->AwaitEnd(kDeathTimeout);
  loss_ = absl::StrCat("its worker was killed because it does not keep to the protocol: ",
                       what.message());
}

absl::Status WorkerClient::LossStatus(std::string_view during, const PluginIdentity& identity,
                                      SteadyTime begun) const {
  if (violated_) {
    return Named(identity, file_path_, absl::StatusCode::kInternal, "PLUGIN_VIOLATION", loss_);
  }
  const absl::Duration elapsed = Since(begun);
  return PluginCrash(identity,
                     absl::StrCat(identity.plugin.empty() ? file_path_ : identity.ToString(), ": ",
                                  std::string(during), " killed its worker (", loss_, ") after ",
                                  absl::FormatDuration(elapsed)),
                     end().SignalName(), elapsed);
}

}  // namespace cxscribe
