// Completion scripts for shells, made from the shape of the command line. Pure functions.
#pragma once

#include <string>

#include "client/command.h"

namespace cxscribe::client {

std::string BashCompletion(const CommandShape& root);
std::string ZshCompletion(const CommandShape& root);
std::string FishCompletion(const CommandShape& root);

}  // namespace cxscribe::client
