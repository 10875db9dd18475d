#include "plugins/training/dialogues.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>
#include <zlib.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace cxscribe::training {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Dialogues : public ::testing::Test {
 protected:
  std::string Write(const std::string& text) {
    std::ofstream(directory_.File("plain.tsv"), std::ios::binary) << text;
    return directory_.File("plain.tsv");
  }
  std::string WriteGzipped(const std::string& text) {
    std::string path = directory_.File("packed.tsv.gz");
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return path;
  }
  static std::vector<std::string> Lines(const std::string& path) {
    std::vector<std::string> lines;
    ReadLines(path, [&](std::string_view line) { lines.emplace_back(line); });
    return lines;
  }
  TempDir directory_;
};

TEST_F(Dialogues, LinesComeWithoutTheirNewline) {
  EXPECT_THAT(Lines(Write("a\n\nb")), ElementsAre("a", "", "b"));
  EXPECT_THAT(Lines(WriteGzipped("a\nb\n")), ElementsAre("a", "b"));
  EXPECT_THAT(Lines(Write("")), IsEmpty());
}

TEST_F(Dialogues, ALineMayBeLong) {
  const std::string text(100'000, 'x');
  EXPECT_THAT(Lines(WriteGzipped(text + "\ny\n")), ElementsAre(text, "y"));
}

TEST_F(Dialogues, ATurnHasItsColumns) {
  std::vector<std::string> seen;
  ReadDialogues(Write("d1\ta\thello\nd2\tb\tanother column\tbye\n"), [&](const DialogueTurn& turn) {
    seen.push_back(std::string(turn.dialogue) + "|" + std::string(turn.speaker) + "|" +
                   std::string(turn.text));
  });
  EXPECT_THAT(seen, ElementsAre("d1|a|hello", "d2|b|bye"));
}

TEST_F(Dialogues, WhatCannotBeReadIsAnError) {
  const auto nothing = [](const DialogueTurn&) {};
  EXPECT_THROW(ReadDialogues(directory_.File("absent"), nothing), std::runtime_error);
  EXPECT_THROW(ReadDialogues(Write("one\ttab\n"), nothing), std::runtime_error);
}

TEST_F(Dialogues, AFileThatWasCutOffIsAnError) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i * 7919) + "\n";
  const std::string path = WriteGzipped(text);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_THROW(Lines(path), std::runtime_error);
}

}  // namespace
}  // namespace cxscribe::training
