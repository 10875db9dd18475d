// Watch over the wire: at once, then each change, resume, refusal, drain.
#include "server/base/timestamp.h"
#include "server/rpc/watch_reactor.h"
#include "tests/rpc/rpc_fixture.h"

namespace cxscribe {
namespace {

TEST_F(RpcTest, WatchStreamsRisingRevisionsToTheEnd) {
  const v1::Job job = Submit(Request());
  const auto [status, seen] = WatchToEnd(job.job_id());
  EXPECT_TRUE(status.ok()) << status.error_message();
  ASSERT_FALSE(seen.empty());
  int64_t revision = 0;
  for (const v1::Job& state : seen) {
    EXPECT_GT(state.revision(), revision);
    revision = state.revision();
  }
  EXPECT_EQ(seen.back().state(), v1::JOB_STATE_SUCCEEDED);
}

TEST_F(RpcTest, WatchingAFinishedJobSendsItOnceAlsoWhenTheCursorIsCurrent) {
  const v1::Job job = Submit(Request());
  const auto [first, seen] = WatchToEnd(job.job_id());
  const auto [status, again] = WatchToEnd(job.job_id(), seen.back().revision());
  EXPECT_TRUE(status.ok());
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].revision(), seen.back().revision());
}

TEST_F(RpcTest, ACursorAheadOfTheStoreIsOutOfRange) {
  const v1::Job job = Submit(Request());
  ASSERT_TRUE(WatchToEnd(job.job_id()).first.ok());
  const auto [status, seen] = WatchToEnd(job.job_id(), 1'000'000);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(Reason(status), "CURSOR_AHEAD");
  EXPECT_TRUE(seen.empty());
}

TEST_F(RpcTest, WatchingAnUnknownJobIsNotFound) {
  const auto [status, seen] = WatchToEnd("job_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(RpcTest, WatchNamesEveryWrongTarget) {
  v1::WatchRequest request;
  request.add_targets()->set_job_id("nonsense");
  request.add_targets()->set_job_id("job_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  request.add_targets()->set_job_id("job_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  request.mutable_targets(1)->set_after_revision(-1);
  grpc::ClientContext context;
  SetDeadline(context);
  const auto reader = jobs_->Watch(&context, request);
  v1::WatchResponse message;
  EXPECT_FALSE(reader->Read(&message));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const auto bad_request = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_TRUE(bad_request.has_value());
  EXPECT_EQ(bad_request->field_violations_size(), 3);
}

TEST(WatchRequestTest, BoundsTheHeartbeat) {
  v1::WatchRequest request;
  EXPECT_EQ(HeartbeatInterval(request), absl::Seconds(30));
  request.mutable_heartbeat_interval()->set_nanos(1);
  EXPECT_EQ(HeartbeatInterval(request), absl::Seconds(1));
  request.mutable_heartbeat_interval()->set_seconds(86'400);
  EXPECT_EQ(HeartbeatInterval(request), absl::Minutes(5));
}

TEST_F(RpcTest, AWatcherThatLeavesIsForgottenAndItsJobGoesOn) {
  OnLoop([this] { cxone_.hold_submissions = true; });
  const v1::Job job = Submit(Request());
  {
    v1::WatchRequest request;
    request.add_targets()->set_job_id(job.job_id());
    grpc::ClientContext context;
    SetDeadline(context);
    const auto reader = jobs_->Watch(&context, request);
    v1::WatchResponse message;
    ASSERT_TRUE(reader->Read(&message));
    EXPECT_EQ(hub_.watches(), 1u);
    context.TryCancel();
    while (reader->Read(&message)) {
    }
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  const absl::Time give_up = absl::Now() + absl::Seconds(30);
  while (hub_.watches() > 0 && absl::Now() < give_up) OnLoop([] {});
  EXPECT_EQ(hub_.watches(), 0u);
  EXPECT_NE(store_.Find(job.job_id())->job().state(), v1::JOB_STATE_CANCELLED);
}

TEST_F(RpcTest, DrainingEndsStreamsWithUnavailableAndWhenToComeBack) {
  OnLoop([this] { cxone_.hold_submissions = true; });
  const v1::Job job = Submit(Request());
  v1::WatchRequest request;
  request.add_targets()->set_job_id(job.job_id());
  grpc::ClientContext context;
  SetDeadline(context);
  const auto reader = jobs_->Watch(&context, request);
  v1::WatchResponse message;
  ASSERT_TRUE(reader->Read(&message));
  hub_.Drain(absl::Seconds(3));
  while (reader->Read(&message)) {
  }
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Reason(status), "DRAINING");
  const auto retry = DetailOf<google::rpc::RetryInfo>(status);
  ASSERT_TRUE(retry.has_value());
  EXPECT_EQ(retry->retry_delay().seconds(), 3);
}

TEST_F(RpcTest, AQuietStreamCarriesHeartbeats) {
  OnLoop([this] { cxone_.hold_submissions = true; });
  const v1::Job job = Submit(Request());
  v1::WatchRequest request;
  request.add_targets()->set_job_id(job.job_id());
  request.mutable_heartbeat_interval()->set_nanos(1);  // as short as the server allows: a second
  grpc::ClientContext context;
  SetDeadline(context);
  const absl::Time begin = absl::Now();
  const auto reader = jobs_->Watch(&context, request);
  v1::WatchResponse message;
  do {
    ASSERT_TRUE(reader->Read(&message));
  } while (!message.has_heartbeat());
  EXPECT_GE(FromTimestamp(message.heartbeat().time()), begin - absl::Seconds(1));
  context.TryCancel();
  while (reader->Read(&message)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(RpcTest, ManyWatchersOfOneJobAllSeeItsEnd) {
  OnLoop([this] { cxone_.hold_submissions = true; });
  const v1::Job job = Submit(Request());
  constexpr int kWatchers = 50;
  std::vector<std::future<v1::JobState>> ends;
  for (int i = 0; i < kWatchers; ++i) {
    ends.push_back(std::async(std::launch::async, [this, &job] {
      const auto [status, seen] = WatchToEnd(job.job_id());
      return seen.empty() ? v1::JOB_STATE_UNSPECIFIED : seen.back().state();
    }));
  }
  const absl::Time give_up = absl::Now() + absl::Seconds(30);
  while (hub_.watches() < kWatchers && absl::Now() < give_up) OnLoop([] {});
  OnLoop([this] {
    for (auto& done : cxone_.held) {
      UpstreamResult<std::string> accepted;
      accepted.value = "txn_1";
      done(accepted);
    }
    cxone_.held.clear();
  });
  for (auto& end : ends) EXPECT_EQ(end.get(), v1::JOB_STATE_SUCCEEDED);
}

}  // namespace
}  // namespace cxscribe
