// Serve: a worker's life, from Hello until its host has gone.
#pragma once

#include <string>

namespace cxscribe {

// `socket`: to the host. `kept_root`: why this process is still root, if it is; the host is told.
[[noreturn]] void Serve(int socket, const std::string& kept_root);

}  // namespace cxscribe
