// Interrupt: Ctrl-C, as something that a command can ask about and that cuts waits short.
#pragma once

#include <memory>

#include <absl/time/time.h>

namespace cxscribe::client {

// While nobody holds it, Ctrl-C ends the program with exit code 130 at once; while a command holds
// it, the first Ctrl-C only makes raised() true and the second ends the program.
class Interrupt {
 public:
  virtual ~Interrupt() = default;
  virtual void Hold() = 0;
  virtual void Release() = 0;
  virtual bool raised() const = 0;
  // Waits; true when it was raised before or meanwhile.
  virtual bool WaitFor(absl::Duration duration) = 0;
};

class InterruptHold {
 public:
  explicit InterruptHold(Interrupt& interrupt) : interrupt_(interrupt) { interrupt_.Hold(); }
  ~InterruptHold() { interrupt_.Release(); }
  InterruptHold(const InterruptHold&) = delete;
  InterruptHold& operator=(const InterruptHold&) = delete;

 private:
  Interrupt& interrupt_;
};

// SIGINT and SIGTERM of this process. Make it before any other thread: it blocks both signals for
// the threads that are started afterwards and takes them on a thread of its own. Thread-safe.
std::unique_ptr<Interrupt> InterruptBySignals();

}  // namespace cxscribe::client
