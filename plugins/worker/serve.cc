#include "plugins/worker/serve.h"

#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <unistd.h>
#include <utility>

#include <absl/strings/str_cat.h>
#include <sys/mman.h>

#include "cxscribe/internal/v1/worker.pb.h"
#include "plugins/host/call.h"
#include "plugins/host/flat_output.h"
#include "plugins/host/instance.h"
#include "plugins/host/limits.h"
#include "plugins/host/loaded_plugin.h"
#include "plugins/host/sealed_bytes.h"
#include "plugins/host/worker_client.h"
#include "plugins/host/worker_messages.h"
#include "plugins/worker/link.h"
#include "plugins/worker/sandbox.h"
#include "server/base/version.h"

namespace cxscribe {
namespace {

// Progress is advice: more of it than anybody can watch is not sent.
constexpr absl::Duration kProgressInterval = absl::Milliseconds(20);

enum class Origin : char { kStage = 0, kCall = 1 };

[[noreturn]] void Nonsense() { _exit(kLostHost); }

template <typename Message>
Message Parse(std::string_view payload) {
  Message message;
  if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) Nonsense();
  return message;
}

template <typename T>
std::string AsBytes(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

// Sends log lines, so many of a call and no more; thread-safe.
class LogSender {
 public:
  LogSender(Link& link, Origin origin) : link_(link), origin_(origin) {}

  void Send(PluginLogLevel level, std::string_view text) {
    if (sent_.fetch_add(1, std::memory_order_relaxed) >= kMaxRelayedLines) return;
    SendLine(level, text);
  }
  void Finish() {
    const uint64_t sent = sent_.exchange(0);
    if (sent <= kMaxRelayedLines) return;
    SendLine(PluginLogLevel::kWarning,
             absl::StrCat(sent - kMaxRelayedLines, " more log lines were dropped"));
  }

 private:
  void SendLine(PluginLogLevel level, std::string_view text) {
    std::string payload = {static_cast<char>(origin_), static_cast<char>(level)};
    payload += text;
    link_.Send(FrameType::kLog, payload);
  }

  Link& link_;
  const Origin origin_;
  std::atomic<uint64_t> sent_{0};
};

class Worker {
 public:
  Worker(Link& link, Sandbox sandbox)
      : link_(link), stage_log_(link, Origin::kStage), sandbox_(std::move(sandbox)) {}

  [[noreturn]] void Run() {
    HelloMessage hello;
    hello.abi_major = CX_ABI_MAJOR;
    hello.abi_minor = CX_ABI_MINOR;
    hello.version = kVersion;
    link_.Send(FrameType::kHello, EncodeHello(hello));
    while (true) {
      const Frame frame = link_.Receive();
      switch (frame.type) {
        case FrameType::kLoad:
          Load(frame.payload);
          break;
        case FrameType::kCheck:
          Check(frame.payload);
          break;
        case FrameType::kCreate:
          Create(frame.payload);
          break;
        case FrameType::kCall:
          Process(frame.payload);
          break;
        case FrameType::kQuit:
          instance_.reset();
          // Not through exit: the plugin's own end-of-process code is not wanted any more.
          _exit(0);
        default:
          Nonsense();
      }
    }
  }

 private:
  void Load(std::string_view payload) {
    const auto load = Parse<internal::v1::WorkerLoad>(payload);
    Descriptor library = link_.TakeDescriptor();
    Descriptor control = link_.TakeDescriptor();
    void* page = mmap(nullptr, sizeof(ControlPage), PROT_READ, MAP_SHARED, control.get(), 0);
    if (page == MAP_FAILED) Nonsense();
    // Of the process, never unmapped.
    stop_ = std::shared_ptr<const std::atomic<bool>>(std::shared_ptr<void>(),
                                                     &static_cast<const ControlPage*>(page)->stop);
    sandbox_.LimitMemory(load.memory_bytes());
    sandbox_.RestrictFiles();
    sandbox_.InstallBroadFilter();
    // Kept open: a library is known by /proc/self/fd/N as long as it is loaded.
    const absl::StatusOr<const LoadedPlugin*> plugin =
        LoadedPlugin::LoadBytes(library.Release(), load.sha256());
    if (!plugin.ok()) {
      link_.Send(FrameType::kFailed, ToErrorMessage(plugin.status()).SerializeAsString());
      return;
    }
    plugin_ = *plugin;
    internal::v1::WorkerPlugin message = ToMessage(plugin_->info());
    message.set_abi_major(plugin_->table().abi_major);
    message.set_abi_minor(plugin_->table().abi_minor);
    for (const std::string& gap : sandbox_.gaps()) message.add_gaps(gap);
    link_.Send(FrameType::kLoaded, message.SerializeAsString());
  }

  void Check(std::string_view config) {
    if (plugin_ == nullptr) Nonsense();
    const std::string json(config);
    link_.Send(FrameType::kChecked, ToMessage(plugin_->CheckConfig(json)).SerializeAsString());
  }

  absl::StatusOr<std::shared_ptr<const SealedBytes>> OpenData(const std::string& name) {
    // The plugin may ask from several threads; the host answers one after the other.
    MutexLock lock(opening_);
    // The plugin's own mistake: too long for any file, and for the frame.
    if (name.empty() || name.size() > kMaxFileNameBytes) {
      return absl::InvalidArgumentError("the data file's name is empty or too long");
    }
    link_.Send(FrameType::kOpenData, name);
    const Frame frame = link_.Receive();
    if (frame.type != FrameType::kData) Nonsense();
    const auto data = Parse<internal::v1::WorkerData>(frame.payload);
    if (data.code() != 0) {
      return absl::Status(static_cast<absl::StatusCode>(data.code()), data.message());
    }
    return SealedBytes::Adopt(link_.TakeDescriptor(), data.sha256());
  }

  void Create(std::string_view payload) {
    if (plugin_ == nullptr || instance_ != nullptr) Nonsense();
    const auto create = Parse<internal::v1::WorkerCreate>(payload);
    PluginInstance::Options options;
    options.plugin = plugin_;
    options.identity = identity_ = {create.stage(), plugin_->info().name, plugin_->info().version};
    options.config_json = create.config_json();
    options.open_data = [this](const std::string& name) { return OpenData(name); };
    options.log = [this](cx_log_level level, const cx_string& message) {
      PluginLogBuffer buffer;  // makes it printable
      buffer.Add(level, message);
      for (const PluginLogLine& line : buffer.Take()) stage_log_.Send(line.level, line.text);
    };
    absl::StatusOr<std::shared_ptr<PluginInstance>> instance =
        PluginInstance::Create(std::move(options));
    stage_log_.Finish();
    if (!instance.ok()) {
      link_.Send(FrameType::kFailed, ToErrorMessage(instance.status()).SerializeAsString());
      return;
    }
    instance_ = *std::move(instance);
    sandbox_.InstallStrictFilter();
    link_.Send(FrameType::kCreated, "");
  }

  // The transcript, in memory that the plugin may write to without harm to anybody.
  std::unique_ptr<const EncodedTranscript> TakeTranscript(uint64_t mapped_bytes,
                                                          std::string_view inline_bytes) {
    absl::StatusOr<std::unique_ptr<const EncodedTranscript>> transcript =
        absl::UnknownError("none");
    if (mapped_bytes > 0) {
      const Descriptor memory = link_.TakeDescriptor();
      void* data =
          mmap(nullptr, mapped_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, memory.get(), 0);
      if (data == MAP_FAILED) return nullptr;
      transcript = EncodedTranscript::FromFlat(
          static_cast<char*>(data), mapped_bytes,
          std::shared_ptr<void>(data, [mapped_bytes](void* p) { munmap(p, mapped_bytes); }));
    } else {
      const size_t size = inline_bytes.size();
      std::shared_ptr<char[]> copy(new char[size + 1]);  // operator new aligns it
      std::memcpy(copy.get(), inline_bytes.data(), size);
      transcript = EncodedTranscript::FromFlat(copy.get(), size, copy);
    }
    if (!transcript.ok()) Nonsense();
    return *std::move(transcript);
  }

  void Process(std::string_view payload) {
    uint32_t head = 0;
    if (instance_ == nullptr || payload.size() < sizeof(head)) Nonsense();
    std::memcpy(&head, payload.data(), sizeof(head));
    payload.remove_prefix(sizeof(head));
    if (head > payload.size()) Nonsense();
    const auto message = Parse<internal::v1::WorkerCall>(payload.substr(0, head));
    std::unique_ptr<const EncodedTranscript> transcript =
        TakeTranscript(message.transcript_bytes(), payload.substr(head));
    if (transcript == nullptr) {
      Fail(message.number(),
           PluginOwnError(identity_, "process", CX_RESOURCE_EXHAUSTED, "WORKER_MEMORY",
                          "the transcript does not fit into the worker's memory; "
                          "plugins.worker_memory_mb sets it"));
      return;
    }
    RunContext context = ReadCall(message);
    context.cancelled = stop_;
    LogSender log(link_, Origin::kCall);
    context.log = [&log](PluginLogLevel level, std::string_view text) { log.Send(level, text); };
    SteadyTime last_progress = SteadyTime::min();
    context.progress = [&](double fraction) {
      // The newest within an interval is dropped, too: advice.
      if (SteadyNow() < last_progress + absl::ToChronoNanoseconds(kProgressInterval)) return;
      last_progress = SteadyNow();
      link_.Send(FrameType::kProgress, AsBytes(fraction));
    };
    FlatOutput output;
    Call call(identity_, plugin_->info().kind, context, std::move(transcript), DeadlineOf(message),
              output);
    std::mutex delivering;
    call.set_notify([&] {
      const std::lock_guard<std::mutex> lock(delivering);
      call.Deliver(context);
    });
    call.Execute(*instance_);
    call.MarkDone();  // so that what was dropped is told, too
    call.Deliver(context);
    log.Finish();
    if (const absl::Status status = call.status(); !status.ok()) {
      Fail(message.number(), status);
      return;
    }
    link_.Send(FrameType::kResult, AsBytes(message.number()), output.Bytes());
  }

  void Fail(uint64_t call, const absl::Status& status) {
    link_.Send(FrameType::kCallFailed, AsBytes(call), ToErrorMessage(status).SerializeAsString());
  }

  Link& link_;
  LogSender stage_log_;
  Sandbox sandbox_;
  std::shared_ptr<const std::atomic<bool>> stop_;
  const LoadedPlugin* plugin_ = nullptr;
  PluginIdentity identity_;
  Mutex opening_;
  std::shared_ptr<PluginInstance> instance_;
};

}  // namespace

void Serve(int socket, Sandbox sandbox) {
  // Never destroyed: a plugin's threads may use them until the process ends.
  auto& link = *new Link(socket);
  auto& worker = *new Worker(link, std::move(sandbox));
  worker.Run();
}

}  // namespace cxscribe
