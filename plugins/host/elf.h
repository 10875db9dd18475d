// A look at a file's first bytes, before dlopen gets it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cxscribe {

// What is wrong with the bytes as a shared library of this machine, to stand after the file's name
// ("is not an ELF file"); empty: nothing. dlopen would refuse most of it too, but with words that
// do not help.
std::string ElfProblem(std::string_view bytes);

// The names of the libraries that it asks for, in order (DT_NEEDED); of bytes that ElfProblem
// refuses, or that make no sense further on, what could be read.
std::vector<std::string> NeededLibraries(std::string_view bytes);

// The run-time library of the sanitizer that it was built with, "libasan.so.8" for example; empty:
// with none that has to be there first.
std::string SanitizerRuntime(std::string_view bytes);

}  // namespace cxscribe
