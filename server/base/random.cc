#include "server/base/random.h"

#include <cstdlib>

#include <openssl/rand.h>

namespace cxscribe {

uint64_t SystemRandom::Next() {
  uint64_t value = 0;
  // OpenSSL 3 fails here only when the operating system has no entropy source: nothing safe can
  // follow.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&value), sizeof value) != 1) std::abort();
  return value;
}

uint64_t SeededRandom::Next() {
  MutexLock lock(mutex_);
  return engine_();
}

}  // namespace cxscribe
