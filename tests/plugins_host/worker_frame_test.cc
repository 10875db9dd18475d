// Frames: whole, in pieces, and everything that is none.
#include "plugins/host/worker_frame.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxscribe {
namespace {

using testing::HasSubstr;

void Feed(FrameReader& reader, std::string_view bytes) {
  while (!bytes.empty()) {
    size_t size = 0;
    char* space = reader.Space(size);
    ASSERT_GT(size, 0u);
    size = std::min(size, bytes.size());
    std::memcpy(space, bytes.data(), size);
    reader.Commit(size);
    bytes.remove_prefix(size);
  }
}

std::string Whole(FrameType type, const std::string& payload) {
  return FrameHeader(type, payload.size()) + payload;
}

TEST(WorkerFrame, SeveralAtOnceComeOutOneByOne) {
  FrameReader reader(FrameSender::kWorker);
  Feed(reader, Whole(FrameType::kResult, "abc") + Whole(FrameType::kCreated, "") +
                   Whole(FrameType::kOpenData, "words.txt"));
  Frame frame;
  ASSERT_TRUE(*reader.Next(frame));
  EXPECT_EQ(frame.type, FrameType::kResult);
  EXPECT_EQ(frame.payload, "abc");
  ASSERT_TRUE(*reader.Next(frame));
  EXPECT_EQ(frame.type, FrameType::kCreated);
  ASSERT_TRUE(*reader.Next(frame));
  EXPECT_EQ(frame.payload, "words.txt");
  EXPECT_FALSE(*reader.Next(frame));
}

TEST(WorkerFrame, ByteByByteIsTheSame) {
  FrameReader reader(FrameSender::kHost);
  const std::string bytes = Whole(FrameType::kCheck, "{}") + Whole(FrameType::kQuit, "");
  std::vector<std::string> payloads;
  for (const char byte : bytes) {
    Feed(reader, std::string_view(&byte, 1));
    Frame frame;
    while (*reader.Next(frame)) payloads.emplace_back(frame.payload);
  }
  EXPECT_EQ(payloads, (std::vector<std::string>{"{}", ""}));
}

TEST(WorkerFrame, LargeOnesGrowWithWhatHasCome) {
  FrameReader reader(FrameSender::kWorker);
  const std::string large(20 << 20, 'x');
  for (int i = 0; i < 2; ++i) {
    Feed(reader, FrameHeader(FrameType::kResult, large.size()));
    size_t size = 0;
    Frame frame;
    EXPECT_FALSE(*reader.Next(frame));
    reader.Space(size);
    EXPECT_LT(size, size_t{1} << 20) << "only a header has come";
    Feed(reader, large);
    ASSERT_TRUE(*reader.Next(frame));
    EXPECT_EQ(frame.payload, large);
  }
}

TEST(WorkerFrame, WhatIsNoFrameIsAnError) {
  const auto error_of = [](FrameSender sender, const std::string& bytes) {
    FrameReader reader(sender);
    Feed(reader, bytes);
    Frame frame;
    return std::string(reader.Next(frame).status().message());
  };
  EXPECT_THAT(error_of(FrameSender::kWorker, "GET / HTTP/1.1\r\n\r\n"),
              HasSubstr("not send frames"));
  EXPECT_THAT(error_of(FrameSender::kWorker, FrameHeader(static_cast<FrameType>(99), 1)),
              HasSubstr("type 99"));
  // Each side sends its own types only.
  EXPECT_THAT(error_of(FrameSender::kWorker, FrameHeader(FrameType::kCall, 10)),
              HasSubstr("there are none of"));
  EXPECT_THAT(error_of(FrameSender::kHost, FrameHeader(FrameType::kResult, 10)),
              HasSubstr("there are none of"));
  EXPECT_THAT(error_of(FrameSender::kWorker, FrameHeader(FrameType::kResult, 0xFFFFFFFF)),
              HasSubstr("at most"));
  EXPECT_THAT(error_of(FrameSender::kWorker, FrameHeader(FrameType::kCreated, 1)),
              HasSubstr("there are none of"));
}

TEST(WorkerFrame, HelloSaysWhichVersionItIs) {
  HelloMessage hello;
  hello.abi_major = 3;
  hello.abi_minor = 4;
  hello.version = "1.2.3";
  const auto read = DecodeHello(EncodeHello(hello));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->protocol, kWorkerProtocol);
  EXPECT_EQ(read->abi_major, 3);
  EXPECT_EQ(read->abi_minor, 4);
  EXPECT_EQ(read->version, "1.2.3");
  std::string other = EncodeHello(hello);
  other[0] ^= 1;
  EXPECT_FALSE(DecodeHello(other).ok());
  EXPECT_FALSE(DecodeHello(EncodeHello(hello).substr(0, 15)).ok());
}

}  // namespace
}  // namespace cxscribe
