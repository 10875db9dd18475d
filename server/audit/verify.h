// Verifying an audit log: whether its lines are whole and make one unbroken chain.
//
// What a chain proves: no entry was changed, removed from the middle, inserted or reordered since
// it was written, as long as the last hash can be trusted. That a log was cut at its end shows only
// against an anchor kept elsewhere, such as the one in a GetResult answer.
//
// Streams: memory does not grow with the log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

namespace cxscribe {

// A known entry: the log must hold it.
struct AuditLogAnchor {
  int64_t sequence = 0;
  std::string hash;
};

struct AuditProblem {
  enum class Kind {
    kMalformed,     // not an entry: not JSON, a field missing, too long
    kTornLine,      // the file ends in the middle of a line
    kHash,          // the line's bytes do not have the hash that it states
    kPreviousHash,  // does not continue the entry before it
    kGap,           // sequence numbers are missing
    kDuplicate,     // a sequence number that was there already, or goes back
    kAnchor,        // the log does not hold the anchor
  };
  Kind kind;
  int64_t line = 0;  // from 1; 0: about the log as a whole
  std::string message;
};

// "hash", "gap", ...: for programs.
std::string_view AuditProblemName(AuditProblem::Kind kind);

struct AuditReport {
  int64_t lines = 0;
  int64_t entries = 0;  // lines that are entries
  // Of the first and the last entry; 0 and empty when there is none.
  int64_t first_sequence = 0;
  int64_t last_sequence = 0;
  std::string head_hash;
  // The first kMaxProblems, and how many there are.
  std::vector<AuditProblem> problems;
  int64_t problem_count = 0;

  bool ok() const { return problem_count == 0; }

  static constexpr size_t kMaxProblems = 100;
};

// The longest line that is taken for an entry; the longest that the server writes (1,000
// recordings with 128-byte ids and some stages) is well below.
inline constexpr size_t kMaxAuditLineBytes = size_t{4} << 20;

// The parts of one line that the chain is made of. Nothing when the line (without newline) is not
// an entry; `why` then says what is wrong with it.
struct AuditLink {
  int64_t sequence = 0;
  std::string prev_hash;
  std::string hash;  // as stated
  bool hash_matches = false;
};
std::optional<AuditLink> ParseAuditLine(std::string_view line, std::string& why);

AuditReport VerifyAuditLog(std::istream& log,
                           const std::optional<AuditLogAnchor>& anchor = std::nullopt);

// NOT_FOUND or UNAVAILABLE when the file cannot be read.
absl::StatusOr<AuditReport> VerifyAuditLogFile(
    const std::string& path, const std::optional<AuditLogAnchor>& anchor = std::nullopt);

}  // namespace cxscribe
