// Submit, read, list, cancel and delete, as a caller sees them.
#include "tests/rpc/rpc_fixture.h"

namespace cxscribe {
namespace {

using Stub = v1::TranscriptionService::Stub;

constexpr char kUnknownJob[] = "job_01ARZ3NDEKTSV4RRFFQ69G5FAV";

std::set<std::string> Fields(const grpc::Status& status) {
  google::rpc::Status all;
  all.ParseFromString(status.error_details());
  std::set<std::string> fields;
  for (const auto& any : all.details()) {
    google::rpc::BadRequest bad_request;
    if (!any.UnpackTo(&bad_request)) continue;
    for (const auto& violation : bad_request.field_violations()) fields.insert(violation.field());
  }
  return fields;
}

TEST_F(RpcTest, SubmitNamesEveryWrongFieldAtOnce) {
  v1::SubmitRequest request;
  request.add_recording_ids("not an id");
  request.set_language("english");
  request.set_redaction_policy("whatever");
  request.set_pipeline("nonesuch");
  v1::SubmitResponse response;
  const grpc::Status status = Call(*jobs_, &Stub::Submit, request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Reason(status), "INVALID_REQUEST");
  const auto fields = Fields(status);
  EXPECT_TRUE(fields.count("recording_ids[0]") == 1 || fields.count("recording_ids") == 1);
  EXPECT_EQ(fields.count("language"), 1u);
  EXPECT_EQ(fields.count("redaction_policy"), 1u);
  EXPECT_EQ(fields.count("pipeline"), 1u);
  EXPECT_TRUE(store_.Jobs().empty());
}

TEST_F(RpcTest, ASubmittedJobIsStoredAndCanBeRead) {
  const v1::Job job = Submit(Request());
  EXPECT_EQ(job.state(), v1::JOB_STATE_QUEUED);
  EXPECT_EQ(job.language(), "en-US");
  EXPECT_TRUE(job.punctuation());
  EXPECT_TRUE(store_.Find(job.job_id()).has_value());
  v1::GetJobRequest get;
  get.set_job_id(job.job_id());
  v1::GetJobResponse got;
  ASSERT_TRUE(Call(*jobs_, &Stub::GetJob, get, got).ok());
  EXPECT_EQ(got.job().job_id(), job.job_id());
}

TEST_F(RpcTest, TheSameRequestIdIsTheSameJob) {
  auto request = Request();
  request.set_request_id("once");
  const v1::Job first = Submit(request);
  v1::SubmitResponse again;
  ASSERT_TRUE(Call(*jobs_, &Stub::Submit, request, again).ok());
  EXPECT_TRUE(again.already_existed());
  EXPECT_EQ(again.job().job_id(), first.job_id());
  request.set_language("de-DE");
  v1::SubmitResponse other;
  const grpc::Status status = Call(*jobs_, &Stub::Submit, request, other);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

TEST_F(RpcTest, ValidateOnlyStartsNothing) {
  auto request = Request();
  request.set_validate_only(true);
  v1::SubmitResponse response;
  ASSERT_TRUE(Call(*jobs_, &Stub::Submit, request, response).ok());
  EXPECT_EQ(response.job().job_id(), "");
  ASSERT_EQ(response.job().recordings_size(), 1);
  EXPECT_TRUE(store_.Jobs().empty());
  OnLoop([this] { cxone_.unknown.insert("rec_1"); });
  const grpc::Status status = Call(*jobs_, &Stub::Submit, request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Reason(status), "RECORDINGS_INVALID");
}

TEST_F(RpcTest, UnknownAndMalformedJobIdsAreToldApart) {
  v1::GetJobRequest request;
  v1::GetJobResponse response;
  request.set_job_id(kUnknownJob);
  const grpc::Status unknown = Call(*jobs_, &Stub::GetJob, request, response);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(DetailOf<google::rpc::ResourceInfo>(unknown).has_value());
  request.set_job_id("'; DROP TABLE jobs");
  EXPECT_EQ(Call(*jobs_, &Stub::GetJob, request, response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(RpcTest, AnotherTenantsJobIsNotFound) {
  internal::v1::JobRecord record;
  record.set_tenant("rivals");
  record.mutable_job()->set_job_id(kUnknownJob);
  record.mutable_job()->set_state(v1::JOB_STATE_SUCCEEDED);
  record.mutable_job()->set_revision(1);
  JobWrite write;
  write.record = record;
  std::promise<absl::Status> created;
  store_.Create(std::move(write), absl::InfinitePast(), 10,
                [&](const auto& outcome) { created.set_value(outcome.status()); });
  ASSERT_TRUE(created.get_future().get().ok());
  v1::GetJobRequest get;
  get.set_job_id(kUnknownJob);
  v1::GetJobResponse job;
  EXPECT_EQ(Call(*jobs_, &Stub::GetJob, get, job).error_code(), grpc::StatusCode::NOT_FOUND);
  v1::GetResultRequest result_request;
  result_request.set_job_id(kUnknownJob);
  v1::GetResultResponse result;
  EXPECT_EQ(Call(*jobs_, &Stub::GetResult, result_request, result).error_code(),
            grpc::StatusCode::NOT_FOUND);
  v1::DeleteJobRequest remove;
  remove.set_job_id(kUnknownJob);
  v1::DeleteJobResponse removed;
  EXPECT_EQ(Call(*jobs_, &Stub::DeleteJob, remove, removed).error_code(),
            grpc::StatusCode::NOT_FOUND);
  v1::ListJobsResponse list;
  ASSERT_TRUE(Call(*jobs_, &Stub::ListJobs, v1::ListJobsRequest(), list).ok());
  EXPECT_EQ(list.jobs_size(), 0);
}

TEST_F(RpcTest, GivesTheResultOnceTheJobHasSucceeded) {
  const v1::Job job = Submit(Request());
  const auto [watched, states] = WatchToEnd(job.job_id());
  ASSERT_TRUE(watched.ok());
  v1::GetResultRequest request;
  request.set_job_id(job.job_id());
  v1::GetResultResponse result;
  const grpc::Status status = Call(*jobs_, &Stub::GetResult, request, result);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(result.status(), "completed");
  EXPECT_FALSE(result.withheld());
  ASSERT_EQ(result.segments_size(), 1);
  EXPECT_EQ(result.segments(0).text(), "hello");
  EXPECT_EQ(result.segment_count(), 1);
  EXPECT_EQ(result.audit().sequence(), 1);
  EXPECT_EQ(result.next_page_token(), "");
}

TEST_F(RpcTest, PagesAResultThatIsLargerThanAMessage) {
  constexpr int kSegments = 3000;
  OnLoop([this] {
    pipeline_->run = [](v1::Transcript transcript, const PipelineRequest&) {
      PipelineResult result;
      for (int i = 0; i < kSegments; ++i) {
        auto* segment = transcript.add_segments();
        segment->set_recording_id("rec_1");
        segment->set_text(std::string(4000, static_cast<char>('a' + i % 26)));
        segment->set_start_ms(i * 1000);
      }
      result.transcript = std::move(transcript);
      return result;
    };
  });
  const v1::Job job = Submit(Request());
  ASSERT_TRUE(WatchToEnd(job.job_id()).first.ok());
  v1::GetResultRequest request;
  request.set_job_id(job.job_id());
  int next = 0;
  int pages = 0;
  do {
    v1::GetResultResponse page;
    const grpc::Status status = Call(*jobs_, &Stub::GetResult, request, page);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(page.first_segment(), next);
    EXPECT_EQ(page.segment_count(), kSegments + 1);
    next += page.segments_size();
    ++pages;
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && pages < 100);
  EXPECT_EQ(next, kSegments + 1);
  EXPECT_GE(pages, 3) << "12 MB in messages of at most 4 MiB";
}

TEST_F(RpcTest, SaysWhyThereIsNoResult) {
  OnLoop([this] { cxone_.hold_submissions = true; });
  const v1::Job running = Submit(Request());
  v1::GetResultRequest request;
  v1::GetResultResponse result;
  request.set_job_id(running.job_id());
  const grpc::Status early = Call(*jobs_, &Stub::GetResult, request, result);
  EXPECT_EQ(early.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(early), "JOB_NOT_FINISHED");

  v1::CancelJobRequest cancel;
  cancel.set_job_id(running.job_id());
  v1::CancelJobResponse cancelled;
  ASSERT_TRUE(Call(*jobs_, &Stub::CancelJob, cancel, cancelled).ok());
  EXPECT_EQ(cancelled.job().state(), v1::JOB_STATE_CANCELLED);
  EXPECT_EQ(Reason(Call(*jobs_, &Stub::GetResult, request, result)), "JOB_CANCELLED");

  OnLoop([this] {
    cxone_.hold_submissions = false;
    cxone_.unknown.insert("rec_gone");
  });
  const v1::Job failed = Submit(Request("rec_gone"));
  const auto [watched, states] = WatchToEnd(failed.job_id());
  EXPECT_TRUE(watched.ok()) << "a failed job is data";
  ASSERT_FALSE(states.empty());
  EXPECT_EQ(states.back().state(), v1::JOB_STATE_FAILED);
  request.set_job_id(failed.job_id());
  const grpc::Status late = Call(*jobs_, &Stub::GetResult, request, result);
  EXPECT_EQ(late.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(late), "JOB_FAILED");
  EXPECT_TRUE(DetailOf<google::rpc::Status>(late).has_value()) << "the job's own error";
}

TEST_F(RpcTest, ListsNewestFirstInPages) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(Submit(Request()).job_id());
  v1::ListJobsRequest request;
  request.set_page_size(2);
  std::vector<std::string> listed;
  for (int page = 0; page < 5; ++page) {
    v1::ListJobsResponse response;
    ASSERT_TRUE(Call(*jobs_, &Stub::ListJobs, request, response).ok());
    EXPECT_LE(response.jobs_size(), 2);
    for (const auto& job : response.jobs()) listed.push_back(job.job_id());
    request.set_page_token(response.next_page_token());
    if (request.page_token().empty()) break;
  }
  std::reverse(listed.begin(), listed.end());
  EXPECT_EQ(listed, ids);
}

TEST_F(RpcTest, ListsByLabelAndState) {
  auto labelled = Request();
  (*labelled.mutable_labels())["team"] = "claims";
  const std::string wanted = Submit(labelled).job_id();
  Submit(Request());
  ASSERT_TRUE(WatchToEnd(wanted).first.ok());
  v1::ListJobsRequest request;
  (*request.mutable_labels())["team"] = "claims";
  request.add_states(v1::JOB_STATE_SUCCEEDED);
  v1::ListJobsResponse response;
  ASSERT_TRUE(Call(*jobs_, &Stub::ListJobs, request, response).ok());
  ASSERT_EQ(response.jobs_size(), 1);
  EXPECT_EQ(response.jobs(0).job_id(), wanted);
}

TEST_F(RpcTest, TellsAJobsHistoryInPages) {
  const v1::Job job = Submit(Request());
  ASSERT_TRUE(WatchToEnd(job.job_id()).first.ok());
  v1::ListJobEventsRequest request;
  request.set_job_id(job.job_id());
  request.set_page_size(2);
  std::vector<std::string> types;
  for (int page = 0; page < 20; ++page) {
    v1::ListJobEventsResponse response;
    ASSERT_TRUE(Call(*jobs_, &Stub::ListJobEvents, request, response).ok());
    for (const auto& event : response.events()) types.push_back(event.type());
    request.set_page_token(response.next_page_token());
    if (request.page_token().empty()) break;
  }
  ASSERT_GE(types.size(), 5u);
  EXPECT_EQ(types.front(), "SUBMITTED");
  EXPECT_EQ(types.back(), "STATE_CHANGED");
}

TEST_F(RpcTest, APageTokenOfAnotherListIsRefused) {
  for (int i = 0; i < 3; ++i) Submit(Request());
  v1::ListJobsRequest jobs;
  jobs.set_page_size(1);
  v1::ListJobsResponse listed;
  ASSERT_TRUE(Call(*jobs_, &Stub::ListJobs, jobs, listed).ok());
  v1::ListJobEventsRequest events;
  events.set_job_id(listed.jobs(0).job_id());
  events.set_page_token(listed.next_page_token());
  v1::ListJobEventsResponse response;
  EXPECT_EQ(Call(*jobs_, &Stub::ListJobEvents, events, response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(RpcTest, DeletesAFinishedJobWhoseRequestIdStaysTaken) {
  auto request = Request();
  request.set_request_id("keep-me");
  const v1::Job job = Submit(request);
  ASSERT_TRUE(WatchToEnd(job.job_id()).first.ok());
  v1::DeleteJobRequest remove;
  remove.set_job_id(job.job_id());
  v1::DeleteJobResponse removed;
  ASSERT_TRUE(Call(*jobs_, &Stub::DeleteJob, remove, removed).ok());
  v1::GetJobRequest get;
  get.set_job_id(job.job_id());
  v1::GetJobResponse got;
  EXPECT_EQ(Call(*jobs_, &Stub::GetJob, get, got).error_code(), grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace cxscribe
