// The C++ wrapper, driven through the table that it makes, as a host would.
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <cxscribe/plugin.hpp>
#include <gtest/gtest.h>

namespace cx = cxscribe::plugin;

namespace {

class Scripted {
 public:
  static constexpr cx::Info kInfo{CX_KIND_TRANSFORM, "scripted",      "1.2.3",
                                  "For the test",    "acme.scripted", R"({"type": "object"})"};

  static void Validate(std::string_view config, cx::Problems& problems) {
    if (config == "{\"bad\":1}") {
      problems.Report("/bad", "is bad");
      problems.Report("", "is bad as a whole");
    }
    if (config == "throw") throw std::runtime_error("validate threw");
  }

  Scripted(std::string_view config, const cx::Host&) : config_(config) {
    if (config_ == "create is at a loss") throw std::runtime_error("no such model");
    if (config_ == "create throws") throw cx::Error(CX_NOT_FOUND, "NO_MODEL", "no model");
  }

  void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) {
    if (config_ == "error") throw cx::Error(CX_UNAVAILABLE, "LATER", "try later");
    if (config_ == "cancelled" && context.cancelled()) throw cx::Cancelled();
    if (config_ == "bad_alloc") throw std::bad_alloc();
    if (config_ == "exception") throw std::runtime_error("bad number 4111111111111111");
    if (config_ == "int") throw 7;
    for (const cx::Segment segment : transcript) {
      if (config_ == "own words") {
        sink.Emit(segment.Edit().Text("new").Speaker("agent").Times(5, 6).Confidence(0.25).Words(
            {cx::NewWord{"new", 0.5, 5, 6}}));
      } else {
        sink.Emit(segment);
      }
    }
  }

 private:
  const std::string config_;
};

class NoValidate {
 public:
  static constexpr cx::Info kInfo{CX_KIND_VERIFY, "plain", "1.0.0", "", "acme.plain"};
  NoValidate(std::string_view, const cx::Host&) {}
  void Process(const cx::Context&, const cx::Transcript&, cx::Sink&) {}
};

// A host that remembers what it was told.
struct FakeHost {
  std::vector<std::string> problems;
  cx_code failed_code = CX_OK;
  std::string failed_reason;
  std::string failed_message;
  cx_code answer = CX_OK;
  std::vector<cx_segment> emitted;
  std::vector<std::string> texts;
  std::vector<std::string> words;

  cx_host host = {};
  cx_problems raw_problems = {};
  cx_sink sink = {};
  cx_context context = {};

  FakeHost() {
    host.host_data = this;
    host.fail = [](const cx_host* self, cx_code code, cx_string reason, cx_string message) {
      static_cast<FakeHost*>(self->host_data)->Failed(code, reason, message);
    };
    raw_problems.host_data = this;
    raw_problems.report = [](const cx_problems* self, cx_string pointer, cx_string message) {
      static_cast<FakeHost*>(self->host_data)
          ->problems.push_back(std::string(cx::View(pointer)) + ": " +
                               std::string(cx::View(message)));
    };
    sink.host_data = this;
    sink.fail = [](const cx_sink* self, cx_code code, cx_string reason, cx_string message) {
      static_cast<FakeHost*>(self->host_data)->Failed(code, reason, message);
    };
    sink.emit_segment = [](const cx_sink* self, const cx_segment* segment) {
      auto& fake = *static_cast<FakeHost*>(self->host_data);
      fake.emitted.push_back(*segment);
      fake.texts.emplace_back(cx::View(segment->text));
      for (uint64_t i = 0; i < segment->word_count; ++i) {
        fake.words.emplace_back(cx::View(cx_word_at(segment, i)->text));
      }
      return fake.answer;
    };
    context.is_cancelled = [](const cx_context*) { return 1; };
  }

  void Failed(cx_code code, cx_string reason, cx_string message) {
    failed_code = code;
    failed_reason = cx::View(reason);
    failed_message = cx::View(message);
  }
};

const cx_plugin kTable = cx::internal::Adapter<Scripted>::Table(Scripted::kInfo);

class WrapperTest : public testing::Test {
 protected:
  WrapperTest() {
    word_.text = CX_STRING("old");
    segment_.text = CX_STRING("old");
    segment_.words = &word_;
    segment_.word_count = 1;
    segment_.word_stride = sizeof(word_);
    segment_.source_count = 1;
    transcript_.segments = &segment_;
    transcript_.segment_count = 1;
    transcript_.segment_stride = sizeof(segment_);
  }

  cx_code Process(const std::string& config) {
    cx_instance* instance = nullptr;
    EXPECT_EQ(kTable.create(cx::Borrow(config), &host_.host, &instance), CX_OK);
    const cx_code code = kTable.process(instance, &host_.context, &transcript_, &host_.sink);
    kTable.destroy(instance);
    return code;
  }

  FakeHost host_;
  cx_word word_ = {};
  cx_segment segment_ = {};
  cx_transcript transcript_ = {};
};

TEST_F(WrapperTest, AnErrorCarriesItsCodeReasonAndMessage) {
  EXPECT_EQ(Process("error"), CX_UNAVAILABLE);
  EXPECT_EQ(host_.failed_code, CX_UNAVAILABLE);
  EXPECT_EQ(host_.failed_reason, "LATER");
  EXPECT_EQ(host_.failed_message, "try later");
}

TEST_F(WrapperTest, NoExceptionEscapesProcess) {
  EXPECT_EQ(Process("cancelled"), CX_CANCELLED);
  EXPECT_EQ(Process("bad_alloc"), CX_RESOURCE_EXHAUSTED);
  EXPECT_EQ(Process("exception"), CX_INTERNAL);
  EXPECT_EQ(host_.failed_reason, "EXCEPTION");
  EXPECT_EQ(Process("int"), CX_INTERNAL);
  EXPECT_EQ(host_.failed_reason, "EXCEPTION");
}

// std::stoi, std::regex, nlohmann::json: what they say may quote what they were given.
TEST_F(WrapperTest, WhatAnExceptionSaysOfATranscriptIsNotPassedOn) {
  EXPECT_EQ(Process("exception"), CX_INTERNAL);
  EXPECT_EQ(host_.failed_message.find("4111"), std::string::npos) << host_.failed_message;
  EXPECT_NE(host_.failed_message.find("runtime_error"), std::string::npos) << host_.failed_message;
}

TEST_F(WrapperTest, WhatAnExceptionSaysInCreateIsPassedOn) {
  cx_instance* instance = nullptr;
  EXPECT_EQ(kTable.create(cx::Borrow("create is at a loss"), &host_.host, &instance), CX_INTERNAL);
  EXPECT_EQ(host_.failed_message, "no such model");
}

TEST_F(WrapperTest, NoExceptionEscapesCreate) {
  cx_instance* instance = nullptr;
  EXPECT_EQ(kTable.create(cx::Borrow("create throws"), &host_.host, &instance), CX_NOT_FOUND);
  EXPECT_EQ(instance, nullptr);
  EXPECT_EQ(host_.failed_reason, "NO_MODEL");
}

TEST_F(WrapperTest, ValidateReportsEveryProblemAndNoExceptionEscapesIt) {
  EXPECT_EQ(kTable.validate(cx::Borrow("{\"bad\":1}"), &host_.raw_problems), CX_OK);
  EXPECT_EQ(host_.problems, (std::vector<std::string>{"/bad: is bad", ": is bad as a whole"}));
  EXPECT_EQ(kTable.validate(cx::Borrow("throw"), &host_.raw_problems), CX_INTERNAL);
  EXPECT_EQ(host_.problems.back(), ": validate threw");
}

TEST_F(WrapperTest, ARefusedEmissionEndsTheCallWithTheHostsCodeAndNoSecondReason) {
  host_.answer = CX_RESOURCE_EXHAUSTED;
  EXPECT_EQ(Process("copy"), CX_RESOURCE_EXHAUSTED);
  EXPECT_EQ(host_.failed_code, CX_OK);
}

TEST_F(WrapperTest, AnUnchangedSegmentKeepsItsWordsAndNamesItsSize) {
  EXPECT_EQ(Process("copy"), CX_OK);
  ASSERT_EQ(host_.emitted.size(), 1u);
  EXPECT_EQ(host_.emitted[0].struct_size, sizeof(cx_segment));
  EXPECT_EQ(host_.texts[0], "old");
  EXPECT_EQ(host_.words, std::vector<std::string>{"old"});
}

TEST_F(WrapperTest, AnEditedSegmentHasWhatWasSet) {
  EXPECT_EQ(Process("own words"), CX_OK);
  ASSERT_EQ(host_.emitted.size(), 1u);
  const cx_segment& segment = host_.emitted[0];
  EXPECT_EQ(host_.texts[0], "new");
  EXPECT_EQ(host_.words, std::vector<std::string>{"new"});
  EXPECT_EQ(segment.start_ms, 5);
  EXPECT_EQ(segment.end_ms, 6);
  EXPECT_EQ(segment.flags, static_cast<uint32_t>(CX_HAS_CONFIDENCE));
  EXPECT_EQ(segment.confidence, 0.25);
  EXPECT_EQ(segment.source_count, 1);
}

TEST_F(WrapperTest, AConfidenceCanBeTakenAway) {
  segment_.flags = CX_HAS_CONFIDENCE;
  segment_.confidence = 0.75;
  std::vector<cx_word> words;
  const cx_segment raw = cx::Segment(segment_).Edit().Confidence(std::nullopt).Raw(words);
  EXPECT_EQ(raw.flags, 0u);
  EXPECT_EQ(raw.confidence, 0);
}

TEST(Wrapper, ALanguageIsThePrimarySubtagOfItsTag) {
  const auto is_english = [](std::string_view tag) {
    cx_context raw = {};
    raw.language = cx::Borrow(tag);
    return cx::Context(&raw).language_is("en");
  };
  for (const char* tag : {"en", "EN", "en-US", "En-gb", "en-Latn-US", "en_GB"}) {
    EXPECT_TRUE(is_english(tag)) << tag;
  }
  for (const char* tag : {"", "e", "eng", "-en", "fr-en", "\xC3\xA9n"}) {
    EXPECT_FALSE(is_english(tag)) << tag;
  }
}

TEST(Wrapper, TheTableSaysWhatTheClassSays) {
  EXPECT_EQ(kTable.magic, CX_PLUGIN_MAGIC);
  EXPECT_EQ(kTable.struct_size, sizeof(cx_plugin));
  EXPECT_EQ(cx::View(kTable.name), "scripted");
  EXPECT_EQ(cx::View(kTable.config_schema), R"({"type": "object"})");
}

TEST(Wrapper, AClassWithoutValidateAcceptsEverything) {
  const cx_plugin table = cx::internal::Adapter<NoValidate>::Table(NoValidate::kInfo);
  FakeHost host;
  EXPECT_EQ(table.validate(cx::Borrow("{}"), &host.raw_problems), CX_OK);
  EXPECT_TRUE(host.problems.empty());
}

}  // namespace
