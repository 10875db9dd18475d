#include "server/cxone/http_loop.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <iterator>
#include <mutex>
#include <pthread.h>
#include <signal.h>
#include <thread>
#include <unordered_map>

#include <absl/base/thread_annotations.h>
#include <curl/curl.h>

#include "server/base/mutex.h"
#include "server/cxone/http_transfer.h"

namespace cxscribe {

std::string_view HttpResult::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

class HttpLoop::Impl {
 public:
  explicit Impl(HttpLoopLimits limits) : limits_(limits) {
    static std::once_flag initialised;
    std::call_once(initialised, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    multi_ = curl_multi_init();
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    thread_ = std::thread([this] { Run(); });
    pthread_setname_np(thread_.native_handle(), "http");
  }

  ~Impl() {
    Stop();
    curl_multi_cleanup(multi_);
  }

  void Send(HttpRequest request, HttpCallback done) {
    auto transfer = std::make_unique<HttpTransfer>(std::move(request), std::move(done));
    if (Enqueue(transfer)) {
      curl_multi_wakeup(multi_);
    } else {
      transfer->Fail(HttpError::kCancelled, "the HTTP loop is stopped");
    }
  }

  void Stop() {
    {
      MutexLock lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    if (thread_.joinable()) thread_.join();
  }

 private:
  using Transfers = std::deque<std::unique_ptr<HttpTransfer>>;
  // Bounds one wait for sockets; new work ends it early.
  static constexpr int kLongestWaitMs = 1000;
  // How exactly a request that waits for its turn meets its deadline.
  static constexpr int kSweepMs = 100;

  // Takes `transfer`, to be started or refused on the loop's thread. False: the loop has ended.
  bool Enqueue(std::unique_ptr<HttpTransfer>& transfer) {
    MutexLock lock(mutex_);
    if (stopped_) return false;
    const bool full = incoming_.size() >= limits_.queued;
    (full ? refused_ : incoming_).push_back(std::move(transfer));
    return true;
  }

  void Run() {
    // OpenSSL writes with plain write(): to a peer that has gone, that would end the process.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    while (TakeWork()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      // What has ended leaves room for what waits: no pause in between.
      if (FinishTransfers()) continue;
      curl_multi_poll(multi_, nullptr, 0, wait_ms_, nullptr);
    }
    CancelAll();
  }

  // Starts what there is room for and ends what was refused or has waited too long. False: stop.
  bool TakeWork() {
    Transfers start;
    Transfers refused;
    Transfers expired;
    const auto now = HttpTransfer::SteadyClock::now();
    {
      MutexLock lock(mutex_);
      if (stopping_) return false;
      refused.swap(refused_);
      while (!incoming_.empty() && active_.size() + start.size() < limits_.concurrent) {
        start.push_back(std::move(incoming_.front()));
        incoming_.pop_front();
      }
      if (now >= next_sweep_) {
        next_sweep_ = now + std::chrono::milliseconds(kSweepMs);
        const auto late = std::stable_partition(
            incoming_.begin(), incoming_.end(),
            [now](const auto& transfer) { return transfer->deadline() > now; });
        std::move(late, incoming_.end(), std::back_inserter(expired));
        incoming_.erase(late, incoming_.end());
      }
      wait_ms_ = incoming_.empty() ? kLongestWaitMs : kSweepMs;
    }
    for (const auto& transfer : refused) {
      transfer->Fail(HttpError::kOverloaded, "too many requests are waiting");
    }
    for (const auto& transfer : expired) {
      transfer->Fail(HttpError::kTimeout, "the request waited too long for its turn");
    }
    for (auto& transfer : start) Start(std::move(transfer));
    return true;
  }

  void Start(std::unique_ptr<HttpTransfer> transfer) {
    CURL* const handle = transfer->Prepare();
    if (handle == nullptr) return;  // it has called back
    if (curl_multi_add_handle(multi_, handle) != CURLM_OK) {
      transfer->Fail(HttpError::kConnect, "the request could not be started");
      return;
    }
    active_.emplace(handle, std::move(transfer));
  }

  // False: none has ended.
  bool FinishTransfers() {
    bool any = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const handle = message->easy_handle;
      const CURLcode code = message->data.result;  // `message` dies with the next call
      const std::unique_ptr<HttpTransfer> transfer = Remove(handle);
      if (transfer != nullptr) transfer->Finish(code);
      any = true;
    }
    return any;
  }

  std::unique_ptr<HttpTransfer> Remove(CURL* handle) {
    const auto found = active_.find(handle);
    if (found == active_.end()) return nullptr;
    std::unique_ptr<HttpTransfer> transfer = std::move(found->second);
    active_.erase(found);
    curl_multi_remove_handle(multi_, handle);
    return transfer;
  }

  void CancelAll() {
    while (!active_.empty()) {
      Remove(active_.begin()->first)->Fail(HttpError::kCancelled, "the HTTP loop is stopping");
    }
    // A callback may send again; from `stopped_` on such a Send fails by itself.
    for (bool more = true; more;) {
      Transfers waiting;
      {
        MutexLock lock(mutex_);
        waiting.swap(incoming_);
        std::move(refused_.begin(), refused_.end(), std::back_inserter(waiting));
        refused_.clear();
        more = !waiting.empty();
        if (!more) stopped_ = true;
      }
      for (const auto& transfer : waiting) {
        transfer->Fail(HttpError::kCancelled, "the HTTP loop is stopping");
      }
    }
  }

  const HttpLoopLimits limits_;
  CURLM* multi_ = nullptr;

  Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;  // asked to end
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;   // takes nothing any more
  Transfers incoming_ ABSL_GUARDED_BY(mutex_);
  Transfers refused_ ABSL_GUARDED_BY(mutex_);
  HttpTransfer::SteadyClock::time_point next_sweep_ ABSL_GUARDED_BY(mutex_);

  // The loop's thread only.
  int wait_ms_ = kLongestWaitMs;
  std::unordered_map<CURL*, std::unique_ptr<HttpTransfer>> active_;

  std::thread thread_;
};

HttpLoop::HttpLoop(HttpLoopLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
HttpLoop::~HttpLoop() = default;

void HttpLoop::Send(HttpRequest request, HttpCallback done) {
  impl_->Send(std::move(request), std::move(done));
}

void HttpLoop::Stop() { impl_->Stop(); }

}  // namespace cxscribe
