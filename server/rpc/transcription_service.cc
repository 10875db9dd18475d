// TranscriptionService: jobs and their results.
#include <algorithm>
#include <charconv>
#include <utility>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "cxscribe/v1/transcription_service.grpc.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/timestamp.h"
#include "server/job/states.h"
#include "server/rpc/call.h"
#include "server/rpc/page_token.h"
#include "server/rpc/services.h"
#include "server/rpc/status.h"
#include "server/rpc/watch_reactor.h"
#include "server/telemetry/log.h"

namespace cxscribe {
namespace {

constexpr int kStandardJobPage = 50;
constexpr int kStandardEventPage = 100;
constexpr int kMostPerPage = 1000;
constexpr int kMostStates = 16;
constexpr int kMostLabels = 64;
// gRPC clients refuse messages over 4 MiB unless told otherwise; a page leaves room for the header
// and for what the message adds to each element.
constexpr int64_t kPageBytes = 3 * 1024 * 1024;
constexpr size_t kMostReasonBytes = 1000;

absl::Status UnknownJob(const std::string& job_id) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "JOB_NOT_FOUND",
                      absl::StrCat("there is no job ", job_id))
      .Resource("job", job_id)
      .Build();
}

absl::Status CheckJobId(const std::string& job_id) {
  if (IsJobId(job_id)) return absl::OkStatus();
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST",
                      "job_id is not a job id, \"job_\" and 26 characters")
      .Field("job_id", "must be a job id, \"job_\" and 26 characters")
      .Build();
}

absl::Status CheckReason(const std::string& reason) {
  if (reason.size() <= kMostReasonBytes) return absl::OkStatus();
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST", "reason is too long")
      .Field("reason",
             absl::StrCat("must be at most ", kMostReasonBytes, " bytes, got ", reason.size()))
      .Build();
}

absl::Status CheckFilters(const v1::ListJobsRequest& request) {
  std::vector<std::pair<std::string, std::string>> violations;
  if (request.states_size() > kMostStates) {
    violations.emplace_back("states", absl::StrCat("at most ", kMostStates, " are allowed"));
  }
  for (int i = 0; i < std::min(request.states_size(), kMostStates); ++i) {
    if (!v1::JobState_IsValid(request.states(i)) ||
        request.states(i) == v1::JOB_STATE_UNSPECIFIED) {
      violations.emplace_back(absl::StrCat("states[", i, "]"),
                              absl::StrCat("no state has the number ", request.states(i)));
    }
  }
  if (static_cast<int>(request.labels().size()) > kMostLabels) {
    violations.emplace_back("labels", absl::StrCat("at most ", kMostLabels, " are allowed"));
  }
  if (violations.empty()) return absl::OkStatus();
  ErrorBuilder error(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST",
                     absl::StrCat("the filter is wrong: ", violations.front().first, ": ",
                                  violations.front().second));
  for (auto& [field, description] : violations) error.Field(field, description);
  return error.Build();
}

// Why GetResult has nothing to give for a job in this state; OK when it has.
absl::Status ResultAvailable(const v1::Job& job) {
  switch (job.state()) {
    case v1::JOB_STATE_SUCCEEDED:
    case v1::JOB_STATE_QUARANTINED:
      return absl::OkStatus();
    case v1::JOB_STATE_FAILED: {
      // The job's own error travels as a detail, beside a code that says that the call was too
      // early or in vain.
      auto error = FromRpcStatus(job.error());
      ErrorBuilder builder(absl::StatusCode::kFailedPrecondition, "JOB_FAILED",
                           absl::StrCat("job ", job.job_id(), " failed: ", error.message()));
      builder.Metadata("job_error_reason", ReasonOf(error))
          .Metadata("job_error_code", absl::StatusCodeToString(error.code()))
          .Resource("job", job.job_id());
      absl::Status status = builder.Build();
      status.SetPayload("type.googleapis.com/google.rpc.Status",
                        absl::Cord(job.error().SerializeAsString()));
      return status;
    }
    case v1::JOB_STATE_CANCELLED:
      return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "JOB_CANCELLED",
                          absl::StrCat("job ", job.job_id(), " was cancelled; it has no result"))
          .Resource("job", job.job_id())
          .Build();
    case v1::JOB_STATE_NEEDS_ATTENTION:
      return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "JOB_NEEDS_ATTENTION",
                          absl::StrCat("job ", job.job_id(), " waits for an operator's decision: ",
                                       job.error().message()))
          .Resource("job", job.job_id())
          .Build();
    default:
      return ErrorBuilder(
                 absl::StatusCode::kFailedPrecondition, "JOB_NOT_FINISHED",
                 absl::StrCat("job ", job.job_id(), " is ", std::string(StateName(job.state())),
                              ", ", job.progress_percent(),
                              " percent; watch it and ask again when it has ended"))
          .Resource("job", job.job_id())
          .Build();
  }
}

void FillHeader(const internal::v1::JobRecord& record, internal::v1::ResultHeader& header,
                v1::GetResultResponse& response) {
  const auto& job = record.job();
  response.set_job_id(job.job_id());
  response.set_transcription_id(header.transcription_id());
  response.set_status(header.status());
  response.set_withheld(header.withheld());
  response.set_language(job.language());
  response.set_redaction_policy(job.redaction_policy());
  response.set_pipeline(job.pipeline());
  response.set_pipeline_hash(job.pipeline_hash());
  if (header.has_accuracy_score()) response.set_accuracy_score(header.accuracy_score());
  response.set_segment_count(header.segment_count());
  *response.mutable_completed_time() = header.completed_time();
}

class TranscriptionService final : public v1::TranscriptionService::CallbackService {
 public:
  explicit TranscriptionService(const RpcDependencies& dependencies) : on_(dependencies) {}

  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context,
                                   const v1::SubmitRequest* request,
                                   v1::SubmitResponse* response) override {
    auto* reactor = context->DefaultReactor();
    const auto call = Identify(*context, on_.authenticator, on_.random);
    if (!call.ok()) return Finish(reactor, call.status());
    auto record = PrepareRequest(*request, on_.rules);
    if (!record.ok()) return Finish(reactor, record.status());
    record->set_tenant(call->caller.tenant);
    record->set_actor(call->caller.actor);
    record->set_trace_id(call->trace_id);
    if (request->validate_only()) {
      on_.engine.CheckRecordings(
          *record, [reactor, response, job = record->job()](
                       absl::StatusOr<std::vector<v1::RecordingInfo>> recordings) mutable {
            if (recordings.ok()) {
              for (auto& recording : *recordings) *job.add_recordings() = std::move(recording);
              *response->mutable_job() = std::move(job);
            }
            reactor->Finish(ToGrpcStatus(recordings.status()));
          });
      return reactor;
    }
    on_.engine.Submit(*std::move(record),
                      [this, reactor, response](absl::StatusOr<CreateOutcome> outcome) {
                        absl::Status status = outcome.status();
                        if (status.ok()) {
                          // Of a job that was deleted since, its id is all that is left.
                          response->set_already_existed(outcome->already_existed);
                          *response->mutable_job() = std::move(*outcome->record.mutable_job());
                          if (!outcome->already_existed) on_.metrics.JobSubmitted();
                        }
                        reactor->Finish(ToGrpcStatus(status));
                      });
    return reactor;
  }

  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(grpc::CallbackServerContext* context,
                                                     const v1::WatchRequest* request) override {
    const auto call = Identify(*context, on_.authenticator, on_.random);
    if (!call.ok()) return RefuseWatch(call.status());
    if (const auto status = CheckWatchRequest(*request); !status.ok()) return RefuseWatch(status);
    return StartWatch(*request, call->caller, on_.hub, on_.metrics);
  }

  grpc::ServerUnaryReactor* GetResult(grpc::CallbackServerContext* context,
                                      const v1::GetResultRequest* request,
                                      v1::GetResultResponse* response) override {
    auto* reactor = context->DefaultReactor();
    const std::string list = "result/" + request->job_id();
    int first_segment = 0;
    const auto place = DecodePageToken(list, request->page_token());
    if (!place.ok()) return Finish(reactor, place.status());
    if (!place->empty() && (!absl::SimpleAtoi(*place, &first_segment) || first_segment < 0)) {
      first_segment = 0;
    }
    if (request->page_bytes() < 0) {
      return Finish(reactor, ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST",
                                          "page_bytes is negative")
                                 .Field("page_bytes", "must be 0 (the default) or more")
                                 .Build());
    }
    const int64_t asked = request->page_bytes() == 0 ? kPageBytes : request->page_bytes();
    WithJob(*context, reactor, request->job_id(),
            [this, reactor, response, list, first_segment,
             page_bytes = std::min(asked, kPageBytes)](internal::v1::JobRecord record) {
              if (const auto status = ResultAvailable(record.job()); !status.ok()) {
                reactor->Finish(ToGrpcStatus(status));
                return;
              }
              const std::string job_id = record.job().job_id();
              on_.store.GetResult(job_id, first_segment, page_bytes,
                                  [reactor, response, list, first_segment,
                                   record = std::move(record)](absl::StatusOr<ResultPage> page) {
                                    if (page.ok())
                                      FillPage(record, list, first_segment, *page, *response);
                                    reactor->Finish(ToGrpcStatus(page.status()));
                                  });
            });
    return reactor;
  }

  grpc::ServerUnaryReactor* GetJob(grpc::CallbackServerContext* context,
                                   const v1::GetJobRequest* request,
                                   v1::GetJobResponse* response) override {
    auto* reactor = context->DefaultReactor();
    WithJob(*context, reactor, request->job_id(),
            [reactor, response](internal::v1::JobRecord record) {
              *response->mutable_job() = std::move(*record.mutable_job());
              reactor->Finish(grpc::Status::OK);
            });
    return reactor;
  }

  grpc::ServerUnaryReactor* ListJobs(grpc::CallbackServerContext* context,
                                     const v1::ListJobsRequest* request,
                                     v1::ListJobsResponse* response) override {
    auto* reactor = context->DefaultReactor();
    const auto call = Identify(*context, on_.authenticator, on_.random);
    if (!call.ok()) return Finish(reactor, call.status());
    const auto size = PageSize(request->page_size(), kStandardJobPage, kMostPerPage);
    if (!size.ok()) return Finish(reactor, size.status());
    const auto place = DecodePageToken("jobs", request->page_token());
    if (!place.ok()) return Finish(reactor, place.status());
    if (const auto status = CheckFilters(*request); !status.ok()) return Finish(reactor, status);
    JobQuery query;
    query.tenant = call->caller.tenant;
    for (const int state : request->states()) {
      query.states.push_back(static_cast<v1::JobState>(state));
    }
    if (request->has_created_after()) {
      query.created_after = FromTimestamp(request->created_after());
    }
    if (request->has_created_before()) {
      query.created_before = FromTimestamp(request->created_before());
    }
    for (const auto& [key, value] : request->labels()) query.labels.emplace_back(key, value);
    query.limit = *size + 1;  // one more tells whether there is a next page
    query.after = *place;
    query.max_bytes = kPageBytes;
    on_.store.List(std::move(query),
                   [reactor, response,
                    page_size = *size](absl::StatusOr<std::vector<internal::v1::JobRecord>> jobs) {
                     if (jobs.ok()) FillJobs(*jobs, page_size, *response);
                     reactor->Finish(ToGrpcStatus(jobs.status()));
                   });
    return reactor;
  }

  grpc::ServerUnaryReactor* ListJobEvents(grpc::CallbackServerContext* context,
                                          const v1::ListJobEventsRequest* request,
                                          v1::ListJobEventsResponse* response) override {
    auto* reactor = context->DefaultReactor();
    const auto size = PageSize(request->page_size(), kStandardEventPage, kMostPerPage);
    if (!size.ok()) return Finish(reactor, size.status());
    const std::string list = "events/" + request->job_id();
    const auto place = DecodePageToken(list, request->page_token());
    if (!place.ok()) return Finish(reactor, place.status());
    int64_t after = 0;
    if (!place->empty() && !absl::SimpleAtoi(*place, &after)) after = 0;
    WithJob(
        *context, reactor, request->job_id(),
        [this, reactor, response, list, after, page_size = *size](internal::v1::JobRecord record) {
          on_.store.ListEvents(
              record.job().job_id(), after, page_size + 1,
              [reactor, response, list,
               page_size](absl::StatusOr<std::vector<std::pair<int64_t, v1::JobEvent>>> events) {
                if (events.ok()) {
                  const bool more = static_cast<int>(events->size()) > page_size;
                  if (more) events->resize(static_cast<size_t>(page_size));
                  for (auto& [number, event] : *events) *response->add_events() = std::move(event);
                  if (more) {
                    response->set_next_page_token(
                        EncodePageToken(list, absl::StrCat(events->back().first)));
                  }
                }
                reactor->Finish(ToGrpcStatus(events.status()));
              });
        });
    return reactor;
  }

  grpc::ServerUnaryReactor* CancelJob(grpc::CallbackServerContext* context,
                                      const v1::CancelJobRequest* request,
                                      v1::CancelJobResponse* response) override {
    auto* reactor = context->DefaultReactor();
    const auto call = CheckChange(*context, request->job_id(), request->reason());
    if (!call.ok()) return Finish(reactor, call.status());
    on_.engine.Cancel(request->job_id(), {call->caller.tenant, call->caller.actor},
                      request->reason(), [reactor, response](absl::StatusOr<v1::Job> job) {
                        if (job.ok()) *response->mutable_job() = *std::move(job);
                        reactor->Finish(ToGrpcStatus(job.status()));
                      });
    return reactor;
  }

  grpc::ServerUnaryReactor* DeleteJob(grpc::CallbackServerContext* context,
                                      const v1::DeleteJobRequest* request,
                                      v1::DeleteJobResponse*) override {
    auto* reactor = context->DefaultReactor();
    const auto call = CheckChange(*context, request->job_id(), request->reason());
    if (!call.ok()) return Finish(reactor, call.status());
    on_.engine.Delete(
        request->job_id(), {call->caller.tenant, call->caller.actor}, request->reason(),
        [reactor](const absl::Status& status) { reactor->Finish(ToGrpcStatus(status)); });
    return reactor;
  }

  grpc::ServerUnaryReactor* ResolveJob(grpc::CallbackServerContext* context,
                                       const v1::ResolveJobRequest*,
                                       v1::ResolveJobResponse*) override {
    auto* reactor = context->DefaultReactor();
    reactor->Finish(NotImplemented("resolving jobs"));
    return reactor;
  }

 private:
  static grpc::ServerUnaryReactor* Finish(grpc::ServerUnaryReactor* reactor,
                                          const absl::Status& status) {
    reactor->Finish(ToGrpcStatus(status));
    return reactor;
  }

  // Checks what CancelJob and DeleteJob have in common.
  absl::StatusOr<Call> CheckChange(const grpc::CallbackServerContext& context,
                                   const std::string& job_id, const std::string& reason) const {
    auto call = Identify(context, on_.authenticator, on_.random);
    if (!call.ok()) return call;
    if (const auto status = CheckJobId(job_id); !status.ok()) return status;
    if (const auto status = CheckReason(reason); !status.ok()) return status;
    return call;
  }

  // Reads the job and calls `then` with it on a store thread, or finishes the call: a job of
  // another tenant is as unknown as one that never was.
  template <typename Then>
  void WithJob(const grpc::CallbackServerContext& context, grpc::ServerUnaryReactor* reactor,
               const std::string& job_id, Then then) {
    const auto call = Identify(context, on_.authenticator, on_.random);
    if (!call.ok()) {
      Finish(reactor, call.status());
      return;
    }
    if (const auto status = CheckJobId(job_id); !status.ok()) {
      Finish(reactor, status);
      return;
    }
    on_.store.Get(job_id, [reactor, job_id, tenant = call->caller.tenant, then = std::move(then)](
                              absl::StatusOr<internal::v1::JobRecord> record) mutable {
      if (absl::IsNotFound(record.status()) || (record.ok() && record->tenant() != tenant)) {
        Finish(reactor, UnknownJob(job_id));
      } else if (!record.ok()) {
        Finish(reactor, record.status());
      } else {
        then(*std::move(record));
      }
    });
  }

  // As many of `jobs` as are asked for and as one message holds, one at least. Measures as the
  // store does: where that stopped because of the size, so does this, one job before.
  static void FillJobs(std::vector<internal::v1::JobRecord>& jobs, int page_size,
                       v1::ListJobsResponse& response) {
    int64_t bytes = 0;
    for (auto& record : jobs) {
      bytes += static_cast<int64_t>(record.ByteSizeLong());
      const bool full = response.jobs_size() == page_size || bytes > kPageBytes;
      if (full && response.jobs_size() > 0) {
        response.set_next_page_token(
            EncodePageToken("jobs", response.jobs(response.jobs_size() - 1).job_id()));
        return;
      }
      *response.add_jobs() = std::move(*record.mutable_job());
    }
  }

  static void FillPage(const internal::v1::JobRecord& record, const std::string& list,
                       int first_segment, ResultPage& page, v1::GetResultResponse& response) {
    FillHeader(record, page.header, response);
    *response.mutable_audit() = page.audit;
    response.set_first_segment(first_segment);
    if (first_segment == 0) {
      response.mutable_stages()->Swap(page.header.mutable_stages());
      response.mutable_compliance()->Swap(page.header.mutable_compliance());
      response.mutable_talk_statistics()->Swap(page.header.mutable_talk_statistics());
      response.mutable_annotations()->Swap(page.header.mutable_annotations());
    }
    int next = first_segment;
    for (auto& chunk : page.chunks) {
      next = chunk.first_segment() + chunk.segments_size();
      for (auto& segment : *chunk.mutable_segments()) *response.add_segments() = std::move(segment);
      for (auto& turn : *chunk.mutable_turns()) *response.add_turns() = std::move(turn);
      for (auto& finding : *chunk.mutable_findings()) *response.add_findings() = std::move(finding);
      for (auto& annotation : *chunk.mutable_annotations()) {
        *response.add_annotations() = std::move(annotation);
      }
    }
    if (!page.last) response.set_next_page_token(EncodePageToken(list, absl::StrCat(next)));
  }

  const RpcDependencies on_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeTranscriptionService(const RpcDependencies& dependencies) {
  return std::make_unique<TranscriptionService>(dependencies);
}

}  // namespace cxscribe
