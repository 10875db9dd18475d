#include "client/interrupt.h"

#include <cerrno>
#include <chrono>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <thread>
#include <unistd.h>

#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include "client/exit_code.h"
#include "server/base/mutex.h"

namespace cxscribe::client {
namespace {

class SignalInterrupt final : public Interrupt {
 public:
  SignalInterrupt() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    signals_ = signalfd(-1, &signals, SFD_CLOEXEC);
    stop_ = eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] { Take(); });
  }

  ~SignalInterrupt() override {
    const uint64_t one = 1;
    while (write(stop_, &one, sizeof one) < 0 && errno == EINTR) {
    }
    thread_.join();
    close(signals_);
    close(stop_);
  }

  void Hold() override {
    MutexLock lock(mutex_);
    ++holders_;
  }

  void Release() override {
    MutexLock lock(mutex_);
    --holders_;
  }

  bool raised() const override {
    MutexLock lock(mutex_);
    return raised_;
  }

  bool WaitFor(absl::Duration duration) override {
    using SteadyClock = std::chrono::steady_clock;
    const auto until = SteadyClock::now() + absl::ToChronoMilliseconds(duration);
    MutexLock lock(mutex_);
    for (;;) {
      const auto left = until - SteadyClock::now();
      if (raised_ || left <= SteadyClock::duration::zero()) return raised_;
      wake_.WaitFor(mutex_, absl::FromChrono(left));
    }
  }

 private:
  void Take() {
    for (;;) {
      pollfd fds[] = {{signals_, POLLIN, 0}, {stop_, POLLIN, 0}};
      if (poll(fds, 2, -1) < 0) continue;
      if (fds[1].revents != 0) return;
      signalfd_siginfo info;
      if (read(signals_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) continue;
      MutexLock lock(mutex_);
      if (holders_ == 0 || raised_) _exit(128 + static_cast<int>(info.ssi_signo));
      raised_ = true;
      wake_.NotifyAll();
    }
  }

  mutable Mutex mutex_;
  CondVar wake_;
  int holders_ ABSL_GUARDED_BY(mutex_) = 0;
  bool raised_ ABSL_GUARDED_BY(mutex_) = false;
  int signals_ = -1;
  int stop_ = -1;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Interrupt> InterruptBySignals() { return std::make_unique<SignalInterrupt>(); }

}  // namespace cxscribe::client
