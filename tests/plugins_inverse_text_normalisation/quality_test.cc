// A floor under what is written in calls: lines made for this project, each with how a person would
// write it down. Not a measure of how well it does on real calls; it falls when a rule breaks another.
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "plugins/inverse_text_normalisation/formatter.h"

namespace cxscribe::itn {
namespace {

struct Line {
  std::string said;
  std::string written;
};

// By class, as each line names it first; "none" is written as it was said.
std::map<std::string, std::vector<Line>> ReadLines() {
  std::ifstream file(CXSCRIBE_QUALITY_LINES);
  std::map<std::string, std::vector<Line>> lines;
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    const std::string said = line.substr(first + 1, second - first - 1);
    lines[line.substr(0, first)].push_back(
        {said, second == std::string::npos ? said : line.substr(second + 1)});
  }
  return lines;
}

std::string Write(const std::string& said) { return Format(said, {}).text; }

TEST(Quality, NothingChangesWhereNothingMay) {
  const auto lines = ReadLines();
  ASSERT_GE(lines.at("none").size(), 40U);
  for (const Line& line : lines.at("none")) EXPECT_EQ(Write(line.said), line.said);
}

TEST(Quality, OfEachClass) {
  // Lines that are written to the letter: one fewer than was measured.
  const std::map<std::string, std::size_t> floors = {
      {"money", 15},  {"date", 12},   {"time", 11},   {"digits", 12}, {"cardinal", 13},
      {"ordinal", 6}, {"decimal", 7}, {"measure", 9}, {"address", 4}, {"electronic", 7}};
  const auto lines = ReadLines();
  ASSERT_EQ(lines.size(), floors.size() + 1);
  for (const auto& [name, floor] : floors) {
    std::size_t right = 0;
    for (const Line& line : lines.at(name)) right += Write(line.said) == line.written ? 1 : 0;
    std::printf("%s: %zu of %zu\n", name.c_str(), right, lines.at(name).size());
    EXPECT_GE(right, floor) << name;
  }
}

}  // namespace
}  // namespace cxscribe::itn
