// A look at a file's first bytes, before dlopen gets it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace cxscribe {

// What is wrong with the bytes as a shared library of this machine, to stand after the file's name
// ("is not an ELF file"); empty: nothing. dlopen would refuse most of it too, but with words that
// do not help.
std::string ElfProblem(std::string_view bytes);

}  // namespace cxscribe
