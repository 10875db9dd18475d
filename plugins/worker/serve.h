// Serve: a worker's life, from Hello until its host has gone.
#pragma once

#include "plugins/worker/sandbox.h"

namespace cxscribe {

// `socket`: to the host. `sandbox`: entered, and no further. The host is told of its gaps.
[[noreturn]] void Serve(int socket, Sandbox sandbox);

}  // namespace cxscribe
