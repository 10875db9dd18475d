// A call as words that know which entity they belong to, before noise and writing make text of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::calls {

// What a finding over a gold span, or none, means to a score.
enum class Keep {
  kWhole,    // must be found
  kDamaged,  // noise took or changed what identifies it: no miss if left, no false alarm if found
  kPart,     // a remainder that policies differ about ("ending in 1111", a first name): the same
};

struct Entity {
  std::string_view type;
  Keep keep = Keep::kWhole;
};

struct Word {
  std::string text;   // as it is written in a text with capitals
  std::string after;  // the mark after it, written in a text with marks
  int entity = -1;    // index into Script::entities; -1: none
};

struct Line {
  std::string_view speaker;
  std::vector<Word> words;
};

struct Script {
  std::vector<Line> lines;
  std::vector<Entity> entities;
};

struct Segment {
  std::string_view speaker;
  std::string text;  // UTF-8
};

// Bytes [begin, end) of one segment, from the first to the last word of an entity in it.
struct Gold {
  std::size_t segment = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view type;
  Keep keep = Keep::kWhole;
};

struct Call {
  std::string id;
  std::vector<Segment> segments;
  std::vector<Gold> gold;  // in the order of the text; those of one segment do not overlap
};

// With capitals and marks, or in lower case without marks. Lines without words are left out.
Call Write(const Script& script, bool with_marks);

}  // namespace cxscribe::calls
