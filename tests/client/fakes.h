// A scripted ApiClient, virtual time and a Ctrl-C that tests press: cxctl without a server, a
// terminal or a clock.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "client/api_client.h"
#include "client/interrupt.h"
#include "client/session.h"
#include "cxscribe/v1/pipeline_service.pb.h"
#include "cxscribe/v1/transcription_service.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"

namespace cxscribe::client {

class FakeClock final : public Clock {
 public:
  absl::Time Now() const override { return now_; }
  void Advance(absl::Duration duration) { now_ += duration; }

 private:
  absl::Time now_ = absl::FromUnixSeconds(1'705'312'800);  // 2024-01-15 10:00:00 UTC
};

// Waiting moves the clock. Raised by Raise, or by the wait number `raise_at_wait` (from 1).
class FakeInterrupt final : public Interrupt {
 public:
  explicit FakeInterrupt(FakeClock& clock) : clock_(clock) {}

  void Hold() override { ++holders; }
  void Release() override { --holders; }
  bool raised() const override { return raised_; }
  bool WaitFor(absl::Duration duration) override {
    waits.push_back(duration);
    if (static_cast<int>(waits.size()) == raise_at_wait) raised_ = true;
    if (!raised_) clock_.Advance(duration);
    return raised_;
  }
  void Raise() { raised_ = true; }

  std::vector<absl::Duration> waits;
  int raise_at_wait = 0;
  int holders = 0;

 private:
  FakeClock& clock_;
  bool raised_ = false;
};

// One step of a scripted Watch stream.
struct WatchStep {
  v1::WatchResponse message;     // sent when it holds anything
  absl::Duration silence;        // ticks for so long first
  std::function<void()> before;  // run before the step
  static WatchStep Of(v1::Job job) {
    WatchStep step;
    *step.message.mutable_job() = std::move(job);
    return step;
  }
  static WatchStep Heartbeat() {
    WatchStep step;
    step.message.mutable_heartbeat();
    return step;
  }
  static WatchStep Silence(absl::Duration duration) {
    WatchStep step;
    step.silence = duration;
    return step;
  }
  static WatchStep Do(std::function<void()> action) {
    WatchStep step;
    step.before = std::move(action);
    return step;
  }
};

struct WatchScript {
  std::vector<WatchStep> steps;
  absl::Status end;  // after the last step
};

// Answers with what the tests set; a call that no test expects fails with INTERNAL. Keeps requests.
class FakeApi final : public ApiClient {
 public:
  explicit FakeApi(FakeClock& clock) : clock_(clock) {}

  template <typename Request, typename Response>
  struct Method {
    std::vector<Request> requests;
    std::function<absl::StatusOr<Response>(const Request&)> answer;

    absl::StatusOr<Response> Call(const Request& request) {
      requests.push_back(request);
      if (!answer) return absl::InternalError("the test did not expect this call");
      return answer(request);
    }
  };

  Method<v1::SubmitRequest, v1::SubmitResponse> submit;
  Method<v1::GetResultRequest, v1::GetResultResponse> get_result;
  Method<v1::GetJobRequest, v1::GetJobResponse> get_job;
  Method<v1::ListJobsRequest, v1::ListJobsResponse> list_jobs;
  Method<v1::ListJobEventsRequest, v1::ListJobEventsResponse> list_events;
  Method<v1::CancelJobRequest, v1::CancelJobResponse> cancel_job;
  Method<v1::DeleteJobRequest, v1::DeleteJobResponse> delete_job;
  Method<v1::ResolveJobRequest, v1::ResolveJobResponse> resolve_job;
  Method<v1::ListPipelinesRequest, v1::ListPipelinesResponse> list_pipelines;
  Method<v1::ListPluginsRequest, v1::ListPluginsResponse> list_plugins;
  Method<v1::ReloadPipelinesRequest, v1::ReloadPipelinesResponse> reload_pipelines;
  std::vector<v1::WatchRequest> watch_requests;
  std::deque<WatchScript> watches;  // the streams to come; none left: UNAVAILABLE

  absl::StatusOr<v1::SubmitResponse> Submit(const v1::SubmitRequest& r) override {
    return submit.Call(r);
  }
  absl::StatusOr<v1::GetResultResponse> GetResult(const v1::GetResultRequest& r) override {
    return get_result.Call(r);
  }
  absl::StatusOr<v1::GetJobResponse> GetJob(const v1::GetJobRequest& r) override {
    return get_job.Call(r);
  }
  absl::StatusOr<v1::ListJobsResponse> ListJobs(const v1::ListJobsRequest& r) override {
    return list_jobs.Call(r);
  }
  absl::StatusOr<v1::ListJobEventsResponse> ListJobEvents(
      const v1::ListJobEventsRequest& r) override {
    return list_events.Call(r);
  }
  absl::StatusOr<v1::CancelJobResponse> CancelJob(const v1::CancelJobRequest& r) override {
    return cancel_job.Call(r);
  }
  absl::StatusOr<v1::DeleteJobResponse> DeleteJob(const v1::DeleteJobRequest& r) override {
    return delete_job.Call(r);
  }
  absl::StatusOr<v1::ResolveJobResponse> ResolveJob(const v1::ResolveJobRequest& r) override {
    return resolve_job.Call(r);
  }
  absl::StatusOr<v1::ListPipelinesResponse> ListPipelines(
      const v1::ListPipelinesRequest& r) override {
    return list_pipelines.Call(r);
  }
  absl::StatusOr<v1::ListPluginsResponse> ListPlugins(const v1::ListPluginsRequest& r) override {
    return list_plugins.Call(r);
  }
  absl::StatusOr<v1::ReloadPipelinesResponse> ReloadPipelines(
      const v1::ReloadPipelinesRequest& r) override {
    return reload_pipelines.Call(r);
  }
  std::unique_ptr<WatchStream> Watch(const v1::WatchRequest& request) override {
    watch_requests.push_back(request);
    WatchScript script;
    script.end = absl::UnavailableError("connection refused");
    if (!watches.empty()) {
      script = std::move(watches.front());
      watches.pop_front();
    }
    return std::make_unique<Stream>(std::move(script), clock_);
  }

 private:
  class Stream final : public WatchStream {
   public:
    Stream(WatchScript script, FakeClock& clock) : script_(std::move(script)), clock_(clock) {}

    Event Next(absl::Duration wait, v1::WatchResponse& response) override {
      while (next_ < script_.steps.size()) {
        WatchStep& step = script_.steps[next_];
        if (step.before) std::exchange(step.before, nullptr)();
        if (step.silence > absl::ZeroDuration()) {
          step.silence -= wait;
          clock_.Advance(wait);
          return Event::kTick;
        }
        ++next_;
        if (step.message.event_case() == v1::WatchResponse::EVENT_NOT_SET) return Event::kTick;
        response = step.message;
        return Event::kMessage;
      }
      return Event::kEnd;
    }
    absl::Status Finish() override { return script_.end; }

   private:
    WatchScript script_;
    FakeClock& clock_;
    size_t next_ = 0;
  };

  FakeClock& clock_;
};

inline v1::Job MakeJob(const std::string& job_id, v1::JobState state, int64_t revision,
                       int percent = 0) {
  v1::Job job;
  job.set_job_id(job_id);
  job.set_state(state);
  job.set_revision(revision);
  job.set_progress_percent(percent);
  job.set_language("en-US");
  job.set_redaction_policy("pii");
  job.set_pipeline("default");
  job.set_punctuation(true);
  job.set_diarization(true);
  job.add_recording_ids("rec_8a7f3b2c1d4e");
  job.mutable_create_time()->set_seconds(1'705'312'800 - 60);
  job.mutable_update_time()->set_seconds(1'705'312'800 - 30);
  return job;
}

// A result that is compliant.
inline v1::GetResultResponse MakeResult(const std::string& job_id) {
  v1::GetResultResponse result;
  result.set_job_id(job_id);
  result.set_redaction_policy("pii");
  result.mutable_compliance()->set_vendor_redaction(v1::OUTCOME_PASS);
  result.mutable_compliance()->set_pii_redacted(v1::OUTCOME_PASS);
  return result;
}

// Runs cxctl as a user would, against the fakes.
struct Harness {
  FakeClock clock;
  SeededRandom random{7};
  FakeInterrupt interrupt{clock};
  FakeApi api{clock};
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  std::map<std::string, std::string> variables;
  ServerOptions server;  // what cxctl connected to
  Environment environment;

  Harness() {
    environment.in = &in;
    environment.out = &out;
    environment.err = &err;
    environment.zone = absl::UTCTimeZone();
    environment.getenv = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      if (found == variables.end()) return std::nullopt;
      return found->second;
    };
    environment.clock = &clock;
    environment.random = &random;
    environment.interrupt = &interrupt;
    environment.connect =
        [this](const ServerOptions& options) -> absl::StatusOr<std::shared_ptr<ApiClient>> {
      server = options;
      return std::shared_ptr<ApiClient>(&api, [](ApiClient*) {});  // not owned
    };
  }

  int Run(const std::vector<std::string>& arguments) {
    out.str("");
    err.str("");
    return RunCxctl(arguments, environment);
  }
};

}  // namespace cxscribe::client
