// Serve: a worker's life, from Hello until its host has gone.
#pragma once

#include <string>
#include <vector>

namespace cxscribe {

// `socket`: to the host. `gaps`: what EnterSandbox could not give up; the host is told.
[[noreturn]] void Serve(int socket, std::vector<std::string> gaps);

}  // namespace cxscribe
