#include "plugins/check/board.h"

#include <gtest/gtest.h>

#include "plugins/check/request.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

TEST(Board, WhatOneWritesTheOtherReads) {
  const TempDir folder;
  auto reader = Board::Make(folder.File("board"));
  auto writer = Board::Open(folder.File("board"));
  ASSERT_TRUE(reader.ok() && writer.ok());
  EXPECT_FALSE(reader->reported());
  writer->SetPhase("process");
  writer->SetInfo("{}");
  writer->SetFingerprint("abc");
  writer->NoteSystemCall(0);
  EXPECT_EQ(reader->phase(), "process");
  EXPECT_EQ(reader->info(), "{}");
  EXPECT_EQ(reader->fingerprint(), "abc");
  EXPECT_EQ(reader->system_call(0), 0);
  EXPECT_EQ(reader->system_call(1), -1);
  writer->Report(Block("it crashed"));
  EXPECT_TRUE(reader->reported());
  EXPECT_EQ(reader->verdict().result, CheckResult::kFail);
  EXPECT_TRUE(reader->verdict().blocks);
  EXPECT_EQ(reader->verdict().why, "it crashed");
}

TEST(Board, LongTextIsCutAndAShorterOneReplacesIt) {
  Board board;
  board.SetPhase(std::string(10'000, 'x'));
  EXPECT_LT(board.phase().size(), 1'000U);
  board.SetPhase("y");
  EXPECT_EQ(board.phase(), "y");
  board.Report(Fail(std::string(100'000, 'x')));
  EXPECT_TRUE(board.reported());
}

TEST(Board, AFileThatIsThereIsNotTakenOver) {
  const TempDir folder;
  EXPECT_FALSE(Board::Make(folder.Write("board", "mine")).ok());
  EXPECT_FALSE(Board::Open(folder.File("none")).ok());
}

TEST(CheckRequest, TravelsWhole) {
  CheckRequest request;
  request.file = "/x.so";
  request.entity_types = {"EMAIL", "SSN"};
  request.timeout = absl::Seconds(3);
  GoldenCase& golden = request.golden.emplace_back();
  golden.name = "call";
  golden.input.add_segments()->set_text(std::string("a\0\n", 3));
  golden.expected_json = "{}";
  const auto read = ParseRequest(SerializeRequest(request));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->file, request.file);
  EXPECT_EQ(read->entity_types, request.entity_types);
  EXPECT_EQ(read->timeout, request.timeout);
  EXPECT_EQ(read->golden.at(0).input.SerializeAsString(), golden.input.SerializeAsString());
  EXPECT_FALSE(ParseRequest("nonsense").ok());
}

}  // namespace
}  // namespace cxscribe
