// What the API promises beyond the plain course of things, over the wire: withheld and undecided
// results, a full queue, request ids that outlive their jobs, filters, traces, counted calls.
#include "server/base/timestamp.h"
#include "tests/rpc/rpc_fixture.h"

namespace cxscribe {
namespace {

using Stub = v1::TranscriptionService::Stub;

TEST_F(RpcTest, AQuarantinedResultIsOkAndWithheld) {
  OnLoop([this] {
    pipeline_->run = [](v1::Transcript transcript, const PipelineRequest&) {
      PipelineResult result;
      for (auto& segment : *transcript.mutable_segments()) segment.clear_text();
      auto& span = *transcript.add_findings()->add_spans();
      span.set_segment_index(0);
      transcript.mutable_findings(0)->set_entity_type("CREDIT_CARD");
      result.transcript = std::move(transcript);
      result.disposition = Disposition::kQuarantine;
      result.withheld = true;
      result.compliance.set_pii_redacted(v1::OUTCOME_FAIL);
      return result;
    };
  });
  const v1::Job job = Submit(Request());
  const auto [watched, states] = WatchToEnd(job.job_id());
  ASSERT_TRUE(watched.ok());
  EXPECT_EQ(states.back().state(), v1::JOB_STATE_QUARANTINED);
  v1::GetResultRequest request;
  request.set_job_id(job.job_id());
  v1::GetResultResponse result;
  const grpc::Status status = Call(*jobs_, &Stub::GetResult, request, result);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(result.withheld());
  EXPECT_EQ(result.status(), "completed");
  ASSERT_EQ(result.segments_size(), 1);
  EXPECT_EQ(result.segments(0).text(), "");
  ASSERT_EQ(result.findings_size(), 1);
  EXPECT_EQ(result.findings(0).entity_type(), "CREDIT_CARD");
  EXPECT_EQ(result.compliance().pii_redacted(), v1::OUTCOME_FAIL);
}

TEST_F(RpcTest, AJobThatNeedsAttentionHasNoResultYet) {
  OnLoop([this] {
    cxone_.submit_failures.push_back(
        Failure(UpstreamFailure::kUnavailable, 0, RequestFate::kUnknown));
  });
  const v1::Job job = Submit(Request());
  const auto [watched, states] = WatchToEnd(job.job_id());
  ASSERT_TRUE(watched.ok());
  EXPECT_EQ(states.back().state(), v1::JOB_STATE_NEEDS_ATTENTION);
  v1::GetResultRequest request;
  request.set_job_id(job.job_id());
  v1::GetResultResponse result;
  const grpc::Status status = Call(*jobs_, &Stub::GetResult, request, result);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(status), "JOB_NEEDS_ATTENTION");
}

TEST_F(RpcTest, NegativePageBytesAreRefused) {
  v1::GetResultRequest request;
  request.set_job_id("job_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  request.set_page_bytes(-1);
  v1::GetResultResponse result;
  const grpc::Status status = Call(*jobs_, &Stub::GetResult, request, result);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const auto bad_request = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_TRUE(bad_request.has_value());
  EXPECT_EQ(bad_request->field_violations(0).field(), "page_bytes");
}

// Words, findings and annotations weigh more than the text here; the client takes 4 MiB, as clients
// do.
TEST_F(RpcTest, EveryPageOfAHeavyResultCanBeRead) {
  constexpr int kSegments = 4000;
  OnLoop([this] {
    pipeline_->run = [](v1::Transcript transcript, const PipelineRequest&) {
      PipelineResult result;
      transcript.clear_segments();
      for (int i = 0; i < kSegments; ++i) {
        auto* segment = transcript.add_segments();
        segment->set_recording_id("rec_1");
        segment->set_text("one two three");
        for (int n = 0; n < 40; ++n) segment->add_words()->set_text("three");
        for (int n = 0; n < 10; ++n) {
          auto* finding = transcript.add_findings();
          finding->add_spans()->set_segment_index(i);
          finding->set_reason(std::string(200, 'r'));
          auto* annotation = transcript.add_annotations();
          annotation->set_segment_index(i);
          annotation->set_value(std::string(200, 'v'));
        }
      }
      for (int n = 0; n < 5000; ++n) {
        transcript.add_annotations()->set_value(std::string(1000, 'w'));
      }
      result.transcript = std::move(transcript);
      return result;
    };
  });
  const v1::Job job = Submit(Request());
  ASSERT_TRUE(WatchToEnd(job.job_id()).first.ok());
  v1::GetResultRequest request;
  request.set_job_id(job.job_id());
  int segments = 0;
  int findings = 0;
  int annotations = 0;
  for (int pages = 0; pages < 100; ++pages) {
    v1::GetResultResponse page;
    const grpc::Status status = Call(*jobs_, &Stub::GetResult, request, page);
    ASSERT_TRUE(status.ok()) << status.error_message();
    for (const auto& finding : page.findings()) {
      EXPECT_GE(finding.spans(0).segment_index(), page.first_segment());
      EXPECT_LT(finding.spans(0).segment_index(), page.first_segment() + page.segments_size());
    }
    segments += page.segments_size();
    findings += page.findings_size();
    annotations += page.annotations_size();
    request.set_page_token(page.next_page_token());
    if (request.page_token().empty()) break;
  }
  EXPECT_EQ(segments, kSegments);
  EXPECT_EQ(findings, kSegments * 10);
  EXPECT_EQ(annotations, kSegments * 10 + 5000);
}

TEST_F(RpcTest, AFailedJobsLongErrorStillReachesTheCaller) {
  v1::SubmitRequest submit;
  OnLoop([this] {
    for (int i = 0; i < 1000; ++i) cxone_.unknown.insert("rec_" + std::to_string(i));
  });
  for (int i = 0; i < 1000; ++i) submit.add_recording_ids("rec_" + std::to_string(i));
  const v1::Job job = Submit(submit);
  ASSERT_TRUE(WatchToEnd(job.job_id()).first.ok());
  v1::GetResultRequest request;
  request.set_job_id(job.job_id());
  v1::GetResultResponse result;
  const grpc::Status status = Call(*jobs_, &Stub::GetResult, request, result);
  EXPECT_EQ(Reason(status), "JOB_FAILED");
  const auto nested = DetailOf<google::rpc::Status>(status);
  ASSERT_TRUE(nested.has_value());
  EXPECT_EQ(ReasonOf(FromRpcStatus(*nested)), "RECORDINGS_INVALID");
}

class SmallQueueTest : public RpcTest {
 protected:
  SmallQueueTest() { settings_.jobs.max_queued = 1; }
};

TEST_F(SmallQueueTest, AFullQueueSaysWhenToComeBack) {
  OnLoop([this] { cxone_.hold_submissions = true; });
  Submit(Request());
  v1::SubmitResponse response;
  const grpc::Status status = Call(*jobs_, &Stub::Submit, Request(), response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Reason(status), "QUEUE_FULL");
  const auto retry = DetailOf<google::rpc::RetryInfo>(status);
  ASSERT_TRUE(retry.has_value());
  EXPECT_GT(retry->retry_delay().seconds(), 0);
  const auto quota = DetailOf<google::rpc::QuotaFailure>(status);
  ASSERT_TRUE(quota.has_value());
  EXPECT_EQ(quota->violations(0).subject(), "jobs.max_queued");
}

TEST_F(RpcTest, ARequestIdOutlivesItsJob) {
  auto request = Request();
  request.set_request_id("once");
  const v1::Job job = Submit(request);
  ASSERT_TRUE(WatchToEnd(job.job_id()).first.ok());
  v1::DeleteJobRequest remove;
  remove.set_job_id(job.job_id());
  v1::DeleteJobResponse removed;
  ASSERT_TRUE(Call(*jobs_, &Stub::DeleteJob, remove, removed).ok());
  v1::SubmitResponse again;
  ASSERT_TRUE(Call(*jobs_, &Stub::Submit, request, again).ok());
  EXPECT_TRUE(again.already_existed());
  EXPECT_EQ(again.job().job_id(), job.job_id());
  v1::GetJobRequest get;
  get.set_job_id(job.job_id());
  v1::GetJobResponse got;
  EXPECT_EQ(Call(*jobs_, &Stub::GetJob, get, got).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(store_.Jobs().empty()) << "nothing was started again";
}

TEST_F(RpcTest, ACallersTraceIsTheJobs) {
  grpc::ClientContext context;
  SetDeadline(context);
  context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  v1::SubmitResponse response;
  ASSERT_TRUE(jobs_->Submit(&context, Request(), &response).ok());
  const auto record = store_.Find(response.job().job_id());
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->trace_id(), "0af7651916cd43dd8448eb211c80319c");
}

TEST_F(RpcTest, ListsByTime) {
  const v1::Job job = Submit(Request());
  const absl::Time created = FromTimestamp(job.create_time());
  const auto count = [this](std::optional<absl::Time> after, std::optional<absl::Time> before) {
    v1::ListJobsRequest request;
    if (after.has_value()) *request.mutable_created_after() = ToTimestamp(*after);
    if (before.has_value()) *request.mutable_created_before() = ToTimestamp(*before);
    v1::ListJobsResponse response;
    EXPECT_TRUE(Call(*jobs_, &Stub::ListJobs, request, response).ok());
    return response.jobs_size();
  };
  EXPECT_EQ(count(created, std::nullopt), 1) << "at or after";
  EXPECT_EQ(count(created + absl::Nanoseconds(1), std::nullopt), 0);
  EXPECT_EQ(count(std::nullopt, created), 0) << "before";
  EXPECT_EQ(count(std::nullopt, created + absl::Nanoseconds(1)), 1);
}

TEST_F(RpcTest, StatesThatAreNoneAreNamed) {
  v1::ListJobsRequest request;
  request.add_states(v1::JOB_STATE_SUCCEEDED);
  request.add_states(v1::JOB_STATE_UNSPECIFIED);
  request.add_states(static_cast<v1::JobState>(99));
  v1::ListJobsResponse response;
  const grpc::Status status = Call(*jobs_, &Stub::ListJobs, request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const auto bad_request = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_TRUE(bad_request.has_value());
  ASSERT_EQ(bad_request->field_violations_size(), 2);
  EXPECT_EQ(bad_request->field_violations(0).field(), "states[1]");
  EXPECT_EQ(bad_request->field_violations(1).field(), "states[2]");
}

// A list of large jobs: bounded pages, none lost on the way.
TEST_F(RpcTest, ListsLargeJobsInPagesThatCanBeRead) {
  OnLoop([this] { cxone_.hold_submissions = true; });
  v1::SubmitRequest request;
  for (int i = 0; i < 1000; ++i) {
    std::string id = std::to_string(i);
    request.add_recording_ids(id + std::string(128 - id.size(), 'r'));
  }
  constexpr int kJobs = 40;
  for (int i = 0; i < kJobs; ++i) Submit(request);
  v1::ListJobsRequest list;
  list.set_page_size(1000);
  std::set<std::string> ids;
  int pages = 0;
  do {
    v1::ListJobsResponse response;
    const grpc::Status status = Call(*jobs_, &Stub::ListJobs, list, response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    for (const auto& job : response.jobs()) ids.insert(job.job_id());
    list.set_page_token(response.next_page_token());
  } while (!list.page_token().empty() && ++pages < 100);
  EXPECT_EQ(ids.size(), static_cast<size_t>(kJobs));
  EXPECT_GE(pages, 1);
}

TEST_F(RpcTest, AForbiddenCheckOfRecordingsIsNotTheCallersOwn) {
  OnLoop([this] { cxone_.lookup_failures.push_back(Failure(UpstreamFailure::kForbidden, 403)); });
  auto request = Request();
  request.set_validate_only(true);
  v1::SubmitResponse response;
  const grpc::Status status = Call(*jobs_, &Stub::Submit, request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(status), "UPSTREAM_FORBIDDEN");
}

TEST_F(RpcTest, CountsItsAnswersByMethodAndCode) {
  Submit(Request());
  v1::GetJobRequest get;
  get.set_job_id("nonsense");
  v1::GetJobResponse got;
  for (int i = 0; i < 2; ++i) (void)Call(*jobs_, &Stub::GetJob, get, got);
  const std::string metrics = metrics_.Render();
  EXPECT_THAT(metrics, testing::HasSubstr("cxscribe_rpc_calls_total{code=\"OK\","
                                          "method=\"TranscriptionService/Submit\"} 1"));
  EXPECT_THAT(metrics, testing::HasSubstr("cxscribe_rpc_calls_total{code=\"INVALID_ARGUMENT\","
                                          "method=\"TranscriptionService/GetJob\"} 2"));
}

}  // namespace
}  // namespace cxscribe
