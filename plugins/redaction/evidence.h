// What a reviewer is told about one run: how much was read, what for, and what came of it. Numbers
// and names of types only.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "plugins/redaction/own_detectors.h"
#include "plugins/redaction/plan.h"
#include "plugins/redaction/verifier.h"

namespace cxscribe::redaction {

// The name of what was found. `own` may be null where no verdict is the operator's own. The view lives
// as long as `own`.
std::string_view TypeOf(const Verdict& verdict, const OwnDetectors* own);

class Evidence {
 public:
  // Both are borrowed; `own` may be null.
  Evidence(const Plan& plan, const OwnDetectors* own) : plan_(plan), own_(own) {}

  // Once for each recording.
  void Add(const Verified& verified, std::size_t segments);

  bool found_any() const { return !found_.empty(); }
  bool overflowed() const { return overflowed_; }

  // "read 12 segments, 345 words; ...".
  std::string Summary() const;

 private:
  const Plan& plan_;
  const OwnDetectors* own_;
  std::size_t segments_ = 0;
  std::size_t words_ = 0;
  std::map<std::string, std::size_t, std::less<>> found_;
  std::map<std::string, std::size_t, std::less<>> flagged_;
  LetStand let_stand_;
  MarkCounts marks_;
  bool overflowed_ = false;
};

}  // namespace cxscribe::redaction
