// The server put together: a start that fails leaves everything as it was, a stop takes no longer
// than it must, and readiness says what is wrong.
#include "server/app.h"

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "cxscribe/v1/pipeline_service.grpc.pb.h"
#include "cxscribe/v1/transcription_service.grpc.pb.h"
#include "server/audit/entry.h"
#include "server/base/error.h"
#include "server/base/timestamp.h"
#include "server/store/sqlite_store.h"
#include "tests/engine/engine_fixture.h"
#include "tests/support/log_capture.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

constexpr char kJob[] = "job_01ARZ3NDEKTSV4RRFFQ69G5FAV";

class AppTest : public testing::Test {
 protected:
  AppTest() {
    settings_.listen.grpc = "127.0.0.1:0";
    settings_.listen.metrics = "";
    AccountSettings account;
    account.name = "default";
    account.base_url = "https://127.0.0.1:1";  // nobody answers there
    account.token_url = "https://127.0.0.1:1/oauth2/token";
    account.client_id = "id";
    account.client_secret = Secret("secret");
    settings_.accounts["default"] = account;
    settings_.storage.path = dir_.File("jobs.db");
    settings_.audit.path = dir_.File("audit.jsonl");
    settings_.redaction_policies["pii"] = {"pii", {"CREDIT_CARD"}, "pii"};
    settings_.pipelines.emplace_back().name = "default";
    auto pipelines = std::make_shared<PipelineSet>();
    pipelines->pipelines["default"] = std::make_shared<ScriptedPipeline>();
    pipelines->redaction_policies = settings_.redaction_policies;
    pipelines_ = pipelines;
  }

  std::unique_ptr<SqliteJobStore> OpenStore() const {
    SqliteStoreOptions options;
    options.path = settings_.storage.path;
    options.sealer = SealAuditEntry;
    auto store = SqliteJobStore::Open(std::move(options));
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }

  // A job whose submission was under way when the server stopped: a start decides about it at once.
  void StoreOpenJob() const {
    const auto store = OpenStore();
    JobWrite write;
    auto& record = write.record;
    record.set_tenant("default");
    record.set_submission_phase(internal::v1::SUBMISSION_PHASE_INTENT);
    auto* job = record.mutable_job();
    job->set_job_id(kJob);
    job->set_revision(1);
    job->set_state(v1::JOB_STATE_TRANSCRIBING);
    job->set_account("default");
    job->set_pipeline("default");
    job->set_redaction_policy("pii");
    job->add_recording_ids("rec_1");
    *job->mutable_create_time() = ToTimestamp(absl::Now());
    std::promise<absl::Status> created;
    store->Create(std::move(write), absl::InfinitePast(), 10,
                  [&](const auto& outcome) { created.set_value(outcome.status()); });
    ASSERT_TRUE(created.get_future().get().ok());
  }

  static PipelineReloader::Load NoReload() {
    return [](const PipelineReloader::AbandonFlag&, std::vector<ConfigError>&) {
      return LoadedConfiguration();
    };
  }

  v1::JobState StoredState() const {
    const auto store = OpenStore();
    std::promise<v1::JobState> state;
    store->Get(kJob, [&](const absl::StatusOr<internal::v1::JobRecord>& record) {
      state.set_value(record.ok() ? record->job().state() : v1::JOB_STATE_UNSPECIFIED);
    });
    return state.get_future().get();
  }

  const TempDir dir_;
  Settings settings_;
  std::shared_ptr<const PipelineSet> pipelines_;
};

TEST_F(AppTest, AStartWhosePortIsTakenLeavesTheJobsAsTheyAre) {
  Settings other = settings_;
  other.storage.path = dir_.File("other.db");
  other.audit.path = dir_.File("other.jsonl");
  auto first = App::Start(other, pipelines_, NoReload());
  ASSERT_TRUE(first.ok()) << first.status();
  StoreOpenJob();
  settings_.listen.grpc = "127.0.0.1:" + std::to_string((*first)->grpc_port());
  const auto second = App::Start(settings_, pipelines_, NoReload());
  EXPECT_EQ(ReasonOf(second.status()), "LISTEN_FAILED");
  EXPECT_EQ(StoredState(), v1::JOB_STATE_TRANSCRIBING);
}

TEST_F(AppTest, AStartTakesUpTheJobs) {
  StoreOpenJob();
  auto app = App::Start(settings_, pipelines_, NoReload());
  ASSERT_TRUE(app.ok()) << app.status();
  const auto channel = grpc::CreateChannel("127.0.0.1:" + std::to_string((*app)->grpc_port()),
                                           grpc::InsecureChannelCredentials());
  const auto stub = v1::TranscriptionService::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  v1::WatchRequest request;
  request.add_targets()->set_job_id(kJob);
  const auto reader = stub->Watch(&context, request);
  v1::JobState state = v1::JOB_STATE_UNSPECIFIED;
  for (v1::WatchResponse message; reader->Read(&message);) {
    if (message.has_job()) state = message.job().state();
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(state, v1::JOB_STATE_NEEDS_ATTENTION);
  (*app)->Drain();
}

// ---------------------------------------------------------------- reloads

// Calls ReloadPipelines on a thread of its own.
class ReloadCall {
 public:
  explicit ReloadCall(int port)
      : stub_(v1::PipelineService::NewStub(grpc::CreateChannel(
            "127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()))),
        thread_([this] {
          grpc::ClientContext context;
          context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
          status_ = stub_->ReloadPipelines(&context, v1::ReloadPipelinesRequest(), &response_);
        }) {}
  ~ReloadCall() { Wait(); }
  ReloadCall(const ReloadCall&) = delete;
  ReloadCall& operator=(const ReloadCall&) = delete;

  const grpc::Status& Wait() {
    if (thread_.joinable()) thread_.join();
    return status_;
  }
  const v1::ReloadPipelinesResponse& response() const { return response_; }

 private:
  const std::unique_ptr<v1::PipelineService::Stub> stub_;
  v1::ReloadPipelinesResponse response_;
  grpc::Status status_;
  std::thread thread_;
};

TEST_F(AppTest, AStopGivesUpTheReloadThatIsUnderWay) {
  std::promise<void> loading;
  auto app = App::Start(
      settings_, pipelines_,
      [&loading](const PipelineReloader::AbandonFlag& abandon, std::vector<ConfigError>& errors) {
        loading.set_value();
        abandon->wait(false);
        errors.push_back({{"c.yaml", 1, 1}, "was not loaded"});
        return LoadedConfiguration();
      });
  ASSERT_TRUE(app.ok()) << app.status();
  ReloadCall call((*app)->grpc_port());
  loading.get_future().wait();
  EXPECT_TRUE((*app)->Drain());
  const grpc::Status& status = call.Wait();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), testing::HasSubstr("shutting down"));
  const LogCapture log;
  (*app)->ReloadPipelines();  // a signal that comes late
  EXPECT_EQ(log.With("reload_failed").size(), 1u);
}

TEST_F(AppTest, AStopSaysWhenAReloadIsStuckAndDoesNotWaitForIt) {
  settings_.server.drain_timeout = absl::Seconds(1);
  std::promise<void> loading;
  std::promise<void> released;
  auto app =
      App::Start(settings_, pipelines_,
                 [&](const PipelineReloader::AbandonFlag&, std::vector<ConfigError>& errors) {
                   loading.set_value();
                   released.get_future().wait();
                   errors.push_back({{"c.yaml", 1, 1}, "was not loaded"});
                   return LoadedConfiguration();
                 });
  ASSERT_TRUE(app.ok()) << app.status();
  ReloadCall call((*app)->grpc_port());
  loading.get_future().wait();
  EXPECT_FALSE((*app)->Drain());
  EXPECT_EQ(call.Wait().error_code(), grpc::StatusCode::UNAVAILABLE);
  released.set_value();
}

TEST_F(AppTest, AReloadNamesWhatNeedsARestartAndLogsNoValue) {
  auto app = App::Start(settings_, pipelines_,
                        [this](const PipelineReloader::AbandonFlag&, std::vector<ConfigError>&) {
                          LoadedConfiguration loaded{pipelines_, settings_};
                          loaded.settings.listen.grpc = "127.0.0.1:4242";
                          loaded.settings.accounts["default"].client_secret = Secret("a-new-one");
                          loaded.settings.jobs.max_queued = 31'415;
                          return loaded;
                        });
  ASSERT_TRUE(app.ok()) << app.status();
  const LogCapture log;
  ReloadCall call((*app)->grpc_port());
  ASSERT_TRUE(call.Wait().ok()) << call.Wait().error_message();
  EXPECT_THAT(call.response().restart_required(),
              testing::ElementsAre("listen.grpc", "jobs.max_queued"));
  EXPECT_EQ(log.With("\"listen.grpc, jobs.max_queued\"").size(), 1u);
  for (const char* value : {"4242", "a-new-one", "31415"}) EXPECT_EQ(log.With(value).size(), 0u);
  (*app)->Drain();
}

TEST(WorstHealthTest, PluginsOfOneNameAreAsWellAsTheWorst) {
  std::vector<v1::Plugin> plugins(3);
  plugins[0].set_name("acme");
  plugins[0].set_health(v1::PLUGIN_HEALTH_FAILED);
  plugins[1].set_name("acme");
  plugins[1].set_health(v1::PLUGIN_HEALTH_OK);
  plugins[2].set_name("other");
  plugins[2].set_health(v1::PLUGIN_HEALTH_OK);
  EXPECT_THAT(WorstHealth(plugins),
              testing::ElementsAre(testing::Pair("acme", v1::PLUGIN_HEALTH_FAILED),
                                   testing::Pair("other", v1::PLUGIN_HEALTH_OK)));
}

// ---------------------------------------------------------------- readiness

Conditions Well() {
  Conditions now;
  now.serving = true;
  now.upstream = {{"default", ""}};
  return now;
}

TEST(ReadinessTest, IsReadyWhenAllIsWellAndWhenOnlyUpstreamIsDown) {
  EXPECT_TRUE(ReadinessOf(Well()).ready());
  Conditions now = Well();
  now.upstream["default"] = "503 for 2 minutes";
  EXPECT_TRUE(ReadinessOf(now).ready());
  now.plugins.emplace_back().set_name("acme");
  now.plugins.back().set_health(v1::PLUGIN_HEALTH_FAILED);
  const Readiness readiness = ReadinessOf(now);
  EXPECT_TRUE(readiness.ready()) << "jobs that do not need the plugin go on";
  EXPECT_EQ(readiness.components.back().name, "plugin:acme");
  EXPECT_EQ(readiness.components.back().health, Health::kDegraded);
  EXPECT_EQ(readiness.components.back().message, "FAILED");
}

TEST(ReadinessTest, IsNotReadyWhileTheAuditFileCannotBeWritten) {
  Conditions now = Well();
  now.audit = absl::UnavailableError("no space left");
  EXPECT_FALSE(ReadinessOf(now).ready());
}

TEST(ReadinessTest, IsNotReadyAfterACommitThatFailedUntilItIsTimeToTryAgain) {
  Conditions now = Well();
  now.commit = absl::ResourceExhaustedError("the disk is full");
  EXPECT_FALSE(ReadinessOf(now).ready());
  now.commit_age = absl::Minutes(5);
  const Readiness later = ReadinessOf(now);
  EXPECT_TRUE(later.ready()) << "an unready server gets no calls, and would stay so";
  for (const auto& component : later.components) {
    if (component.name == "store") {
      EXPECT_EQ(component.health, Health::kDegraded);
    }
  }
}

TEST(ReadinessTest, IsNotReadyBeforeItServesAndWhileItDrains) {
  Conditions now = Well();
  now.draining = true;
  EXPECT_FALSE(ReadinessOf(now).ready());
  EXPECT_FALSE(ReadinessOf(Conditions()).ready());
}

}  // namespace
}  // namespace cxscribe
