// A floor under the model's quality: calls written for this project, never trained on. Not a
// measure of how good it is on real calls (docs/quality.md has those), but it falls when something
// between the words and the model breaks.
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "plugins/punctuation/embedded_model.h"
#include "plugins/punctuation/speech.h"
#include "plugins/punctuation/words.h"

namespace cxscribe::punctuation {
namespace {

struct Call {
  std::vector<std::string> speakers;
  std::vector<std::string> texts;
};

std::map<std::string, Call> ReadCalls() {
  std::ifstream file(CXSCRIBE_QUALITY_CALLS);
  std::map<std::string, Call> calls;
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    Call& call = calls[line.substr(0, first)];
    call.speakers.push_back(line.substr(first + 1, second - first - 1));
    call.texts.push_back(line.substr(second + 1));
  }
  return calls;
}

bool IsMark(char c) { return c == ',' || c == '.' || c == '?'; }

std::string Bare(std::string text) {
  std::erase_if(text, IsMark);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

struct Tally {
  int right = 0;
  int said = 0;
  int is = 0;
  double F1() const { return 200.0 * right / (said + is); }
};

// What a speaker says in one breath, some of it in pieces: the model is not told where sentences
// end.
std::vector<std::string> Pieces(const std::string& text, std::size_t words) {
  std::vector<std::string> pieces(1);
  std::size_t count = 0;
  for (const char c : text) {
    if (c == ' ' && ++count % words == 0) {
      pieces.emplace_back();
    } else {
      pieces.back() += c;
    }
  }
  return pieces;
}

class Quality : public ::testing::Test {
 protected:
  Quality() {
    std::string error;
    model_ = ReadModel(EmbeddedModel(), &error);
    EXPECT_NE(model_, nullptr) << error;
  }

  void Measure(std::size_t words_a_piece) {
    const Tagger tagger(*model_);
    const Speech speech(tagger, {});
    for (const auto& [name, call] : ReadCalls()) {
      std::vector<std::string> bare;
      std::vector<std::string_view> speakers;
      for (std::size_t i = 0; i < call.texts.size(); ++i) {
        for (std::string& piece : Pieces(Bare(call.texts[i]), words_a_piece)) {
          bare.push_back(std::move(piece));
          speakers.push_back(call.speakers[i]);
        }
      }
      std::vector<Line> lines;
      for (std::size_t i = 0; i < bare.size(); ++i) lines.push_back({speakers[i], bare[i]});
      std::string said;
      speech.Punctuate(lines, {}, [&](std::size_t line, const Punctuated& result) {
        EXPECT_EQ(Bare(result.text), bare[line]);
        said += result.text + " ";
      });
      std::string is;
      for (const std::string& text : call.texts) is += text + " ";
      Compare(SplitWords(is), is, SplitWords(said), said);
    }
  }

  void Compare(const std::vector<Word>& is, std::string_view is_text, const std::vector<Word>& said,
               std::string_view said_text) {
    ASSERT_EQ(is.size(), said.size());
    for (std::size_t i = 0; i < is.size(); ++i) {
      marks_.is += is[i].marks.empty() ? 0 : 1;
      marks_.said += said[i].marks.empty() ? 0 : 1;
      marks_.right += !is[i].marks.empty() && is[i].marks == said[i].marks ? 1 : 0;
      const auto letters = [](std::string_view text, const Word& word) {
        return text.substr(word.begin, word.core.size());
      };
      const std::string_view wanted = letters(is_text, is[i]);
      const std::string_view written = letters(said_text, said[i]);
      capitals_.is += wanted == is[i].core ? 0 : 1;
      capitals_.said += written == said[i].core ? 0 : 1;
      capitals_.right += wanted != is[i].core && wanted == written ? 1 : 0;
    }
  }

  std::unique_ptr<const Model> model_;
  Tally marks_;
  Tally capitals_;
};

TEST_F(Quality, OfCallsWhoseTurnsAreKnown) {
  Measure(1000);
  EXPECT_GE(marks_.F1(), 78);
  EXPECT_GE(capitals_.F1(), 92);
  std::printf("marks %.1f, capitals %.1f\n", marks_.F1(), capitals_.F1());
}

TEST_F(Quality, OfCallsInPiecesOfSixWords) {
  Measure(6);
  EXPECT_GE(marks_.F1(), 77);
  EXPECT_GE(capitals_.F1(), 92);
  std::printf("marks %.1f, capitals %.1f\n", marks_.F1(), capitals_.F1());
}

}  // namespace
}  // namespace cxscribe::punctuation
