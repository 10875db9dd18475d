// FakeSender: an HttpSender without a network. Keeps what is sent until the test answers it.
// FixedClock: time that the test sets.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/time/time.h>

#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/cxone/http_loop.h"

namespace cxscribe {

class FixedClock final : public Clock {
 public:
  absl::Time Now() const override {
    MutexLock lock(mutex_);
    return now_;
  }
  void Advance(absl::Duration by) {
    MutexLock lock(mutex_);
    now_ += by;
  }

 private:
  mutable Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_) = absl::FromUnixSeconds(1'705'312'800);
};

// Thread-safe.
class FakeSender final : public HttpSender {
 public:
  struct Sent {
    HttpRequest request;
    HttpCallback done;

    // The first header called `name`, or "".
    std::string Header(const std::string& name) const {
      for (const auto& [key, value] : request.headers) {
        if (key == name) return value;
      }
      return "";
    }
    void Answer(int status, std::string body, HttpHeaders headers = {}) {
      HttpResult result;
      result.request_sent = true;
      result.status = status;
      result.body = std::move(body);
      result.headers = std::move(headers);
      done(std::move(result));
    }
    void Fail(HttpError error, bool sent, int status = 0) {
      HttpResult result;
      result.error = error;
      result.request_sent = sent;
      result.status = status;
      result.message = "it went wrong";
      done(std::move(result));
    }
  };

  void Send(HttpRequest request, HttpCallback done) override {
    MutexLock lock(mutex_);
    ++count_;
    waiting_.push_back({std::move(request), std::move(done)});
  }

  // The oldest request that waits for an answer; aborts when there is none.
  Sent Take() {
    MutexLock lock(mutex_);
    if (waiting_.empty()) std::abort();
    Sent sent = std::move(waiting_.front());
    waiting_.pop_front();
    return sent;
  }
  size_t waiting() const {
    MutexLock lock(mutex_);
    return waiting_.size();
  }
  int count() const {
    MutexLock lock(mutex_);
    return count_;
  }

 private:
  mutable Mutex mutex_;
  std::deque<Sent> waiting_ ABSL_GUARDED_BY(mutex_);
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace cxscribe
