// redaction-calls: writes generated calls as JSON lines, for a scorer of redaction.
#include <iostream>

#include <CLI/CLI.hpp>

#include "tests/plugins_redaction/generator/calls.h"

int main(int argc, char** argv) {
  cxscribe::calls::CallOptions options;
  options.count = 100;
  CLI::App app{
      "Writes generated calls, one JSON object a line, with the places of what redaction "
      "has to take out of them"};
  app.add_option("--seed", options.seed, "the same seed, the same calls")->capture_default_str();
  app.add_option("--count", options.count, "how many calls")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  app.add_option("--noise", options.noise.percent, "word errors, in percent")
      ->check(CLI::Range(0, 50))
      ->capture_default_str();
  app.add_flag("--noise-inside", options.noise.inside, "also within what is to be found");
  bool clean = false;
  app.add_flag("--clean", clean, "calls in which nothing is to be found");
  CLI11_PARSE(app, argc, argv);
  options.with_data = !clean;
  for (const auto& call : cxscribe::calls::MakeCalls(options)) {
    std::cout << cxscribe::calls::ToJson(call) << '\n';
  }
  return std::cout.flush() ? 0 : 1;
}
