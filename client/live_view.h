// The live picture of jobs on a terminal: one line with a bar for one job, a table for several.
#pragma once

#include <string>
#include <vector>

#include "client/format.h"
#include "cxscribe/v1/job.pb.h"

namespace cxscribe::client {

// "[=====>    ]" of `width` columns, brackets included.
std::string ProgressBar(int percent, int width);

// The lines that show `jobs`, each within the view's width, at most `max_lines` of them: where
// there are more jobs, those that have not ended come first and the last line counts the rest. A
// job that has not been heard of has only its id.
std::vector<std::string> RenderLive(const std::vector<v1::Job>& jobs, const View& view,
                                    int max_lines);

// Redraws a block of lines in place, with escape codes.
class LiveBlock {
 public:
  // What to write to show `lines` where the block's last lines stood.
  std::string Draw(const std::vector<std::string>& lines);
  // What to write to take the block away, leaving the cursor where it began.
  std::string Clear();

 private:
  std::string MoveToTop() const;
  size_t drawn_ = 0;
};

}  // namespace cxscribe::client
