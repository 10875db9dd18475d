#include "server/audit/verify.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

#include "server/audit/entry.h"
#include "server/base/error.h"
#include "server/base/hash.h"

namespace cxscribe {
namespace {

constexpr size_t kHashDigits = 64;

bool IsHash(std::string_view text) {
  return text.size() == kHashDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// Takes the two fields of the chain from the top level of an entry without building the rest of it,
// so that a hostile line costs no more memory than its length.
class LinkReader final : public nlohmann::json::json_sax_t {
 public:
  explicit LinkReader(AuditLink& link) : link_(link) {}

  bool complete() const { return has_sequence_ && has_prev_hash_; }

  bool null() override { return Value(); }
  bool boolean(bool) override { return Value(); }
  bool number_integer(number_integer_t) override { return Value(); }
  bool number_unsigned(number_unsigned_t value) override {
    if (depth_ == 1 && key_ == "sequence") {
      // A second "sequence" would let a reader see another number than this one.
      if (has_sequence_ || value == 0 || value > static_cast<uint64_t>(INT64_MAX)) return false;
      link_.sequence = static_cast<int64_t>(value);
      has_sequence_ = true;
    }
    return Value();
  }
  bool number_float(number_float_t, const string_t&) override { return Value(); }
  bool string(string_t& value) override {
    if (depth_ == 1 && key_ == "prev_hash") {
      if (has_prev_hash_) return false;
      link_.prev_hash = std::move(value);
      has_prev_hash_ = true;
    }
    return Value();
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    ++depth_;
    return true;
  }
  bool end_object() override {
    --depth_;
    return Value();
  }
  bool start_array(std::size_t) override {
    // The whole line is an object.
    if (depth_++ == 0) return false;
    return true;
  }
  bool end_array() override {
    --depth_;
    return Value();
  }
  bool key(string_t& name) override {
    if (depth_ == 1) key_ = name;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  // Ends a value; at the top level, nothing may follow.
  bool Value() {
    if (depth_ == 1) key_.clear();
    return true;
  }

  AuditLink& link_;
  int64_t depth_ = 0;
  std::string key_;
  bool has_sequence_ = false;
  bool has_prev_hash_ = false;
};

// Holds each line against the one before it.
class Verifier {
 public:
  explicit Verifier(const std::optional<AuditLogAnchor>& anchor) : anchor_(anchor) {}

  void AddLine(std::string_view line) {
    ++report_.lines;
    std::string why;
    const std::optional<AuditLink> link = ParseAuditLine(line, why);
    if (!link.has_value()) {
      Report(AuditProblem::Kind::kMalformed, std::move(why));
      broken_ = true;
      return;
    }
    ++report_.entries;
    CheckSequence(*link);
    if (!link->hash_matches) {
      Report(AuditProblem::Kind::kHash,
             absl::StrCat("entry ", link->sequence,
                          " was changed: its bytes do not have the hash that it states"));
    }
    CheckPreviousHash(*link);
    CheckAnchor(*link);
    if (report_.first_sequence == 0) report_.first_sequence = link->sequence;
    report_.last_sequence = link->sequence;
    report_.head_hash = link->hash;
    broken_ = false;
  }

  void AddTooLong() {
    ++report_.lines;
    Report(AuditProblem::Kind::kMalformed,
           absl::StrCat("the line is longer than ", kMaxAuditLineBytes, " bytes"));
    broken_ = true;
  }

  void AddTorn(size_t bytes) {
    ++report_.lines;
    Report(AuditProblem::Kind::kTornLine,
           absl::StrCat("the log ends in the middle of a line, after ", bytes,
                        " bytes of it; a running server completes it, another copy may have been "
                        "cut"));
  }

  AuditReport Finish() {
    if (anchor_.has_value() && !anchor_seen_) {
      report_.problem_count++;
      Keep({AuditProblem::Kind::kAnchor, 0,
            absl::StrCat("the log does not hold entry ", anchor_->sequence,
                         " of the anchor: it ends at ", report_.last_sequence,
                         ", so entries were cut off, or it is another log")});
    }
    return std::move(report_);
  }

 private:
  void CheckSequence(const AuditLink& link) {
    const int64_t expected = report_.last_sequence + 1;
    if (link.sequence == expected) return;
    if (link.sequence < expected) {
      Report(AuditProblem::Kind::kDuplicate,
             absl::StrCat("entry ", link.sequence, " comes after entry ", report_.last_sequence));
    } else {
      Report(AuditProblem::Kind::kGap,
             link.sequence == expected + 1
                 ? absl::StrCat("entry ", expected, " is missing")
                 : absl::StrCat("entries ", expected, " to ", link.sequence - 1, " are missing"));
    }
  }

  void CheckPreviousHash(const AuditLink& link) {
    // After a broken line, or a gap that is already reported, there is nothing to compare with.
    const int64_t expected = report_.last_sequence + 1;
    if (broken_ || link.sequence != expected) return;
    const std::string_view previous =
        report_.last_sequence == 0 ? std::string_view(kGenesisHash) : report_.head_hash;
    if (link.prev_hash == previous) return;
    Report(AuditProblem::Kind::kPreviousHash,
           absl::StrCat("entry ", link.sequence, " does not continue entry ", expected - 1,
                        ": its prev_hash is another"));
  }

  void CheckAnchor(const AuditLink& link) {
    if (!anchor_.has_value() || link.sequence != anchor_->sequence) return;
    anchor_seen_ = true;
    if (link.hash == anchor_->hash) return;
    Report(AuditProblem::Kind::kAnchor,
           absl::StrCat("entry ", link.sequence,
                        " has another hash than the anchor: the log was "
                        "written anew"));
  }

  void Report(AuditProblem::Kind kind, std::string message) {
    ++report_.problem_count;
    Keep({kind, report_.lines, std::move(message)});
  }

  void Keep(AuditProblem problem) {
    if (report_.problems.size() < AuditReport::kMaxProblems) {
      report_.problems.push_back(std::move(problem));
    }
  }

  const std::optional<AuditLogAnchor> anchor_;
  AuditReport report_;
  bool broken_ = false;  // the line before was not an entry
  bool anchor_seen_ = false;
};

}  // namespace

std::string_view AuditProblemName(AuditProblem::Kind kind) {
  switch (kind) {
    case AuditProblem::Kind::kMalformed:
      return "malformed";
    case AuditProblem::Kind::kTornLine:
      return "torn_line";
    case AuditProblem::Kind::kHash:
      return "hash";
    case AuditProblem::Kind::kPreviousHash:
      return "previous_hash";
    case AuditProblem::Kind::kGap:
      return "gap";
    case AuditProblem::Kind::kDuplicate:
      return "duplicate";
    case AuditProblem::Kind::kAnchor:
      return "anchor";
  }
  return "unknown";
}

std::optional<AuditLink> ParseAuditLine(std::string_view line, std::string& why) {
  constexpr size_t kTail = kHashPrefix.size() + kHashDigits + kHashSuffix.size();
  if (line.size() <= kTail) {
    why = "the line is not an audit entry: too short";
    return std::nullopt;
  }
  const std::string_view body = line.substr(0, line.size() - kTail);
  std::string_view tail = line.substr(body.size());
  const std::string_view hash = tail.substr(kHashPrefix.size(), kHashDigits);
  if (tail.substr(0, kHashPrefix.size()) != kHashPrefix ||
      tail.substr(kHashPrefix.size() + kHashDigits) != kHashSuffix || !IsHash(hash)) {
    why = "the line is not an audit entry: it does not end with its hash";
    return std::nullopt;
  }
  AuditLink link;
  LinkReader reader(link);
  if (!nlohmann::json::sax_parse(line.begin(), line.end(), &reader) || !reader.complete() ||
      !IsHash(link.prev_hash)) {
    why = "the line is not an audit entry: not one JSON object with sequence and prev_hash";
    return std::nullopt;
  }
  link.hash = std::string(hash);
  link.hash_matches = Sha256Hex(body) == hash;
  return link;
}

AuditReport VerifyAuditLog(std::istream& log, const std::optional<AuditLogAnchor>& anchor) {
  Verifier verifier(anchor);
  std::array<char, 64 * 1024> buffer;
  std::string line;
  bool too_long = false;
  while (log.read(buffer.data(), buffer.size()), log.gcount() > 0) {
    std::string_view rest(buffer.data(), static_cast<size_t>(log.gcount()));
    while (!rest.empty()) {
      const size_t newline = rest.find('\n');
      const std::string_view part = rest.substr(0, newline);
      if (line.size() + part.size() > kMaxAuditLineBytes) {
        too_long = true;
        line.clear();
      }
      if (!too_long) line.append(part);
      if (newline == std::string_view::npos) break;
      if (too_long) {
        verifier.AddTooLong();
      } else {
        verifier.AddLine(line);
      }
      line.clear();
      too_long = false;
      rest.remove_prefix(newline + 1);
    }
  }
  if (too_long) {
    verifier.AddTooLong();
  } else if (!line.empty()) {
    verifier.AddTorn(line.size());
  }
  return verifier.Finish();
}

absl::StatusOr<AuditReport> VerifyAuditLogFile(const std::string& path,
                                               const std::optional<AuditLogAnchor>& anchor) {
  std::ifstream log(path, std::ios::binary);
  if (!log) {
    return ErrorBuilder(
               errno == ENOENT ? absl::StatusCode::kNotFound : absl::StatusCode::kUnavailable,
               "AUDIT_LOG_UNREADABLE",
               absl::StrCat("cannot read ", path, ": ", std::strerror(errno)))
        .Build();
  }
  AuditReport report = VerifyAuditLog(log, anchor);
  if (log.bad()) {
    return ErrorBuilder(absl::StatusCode::kUnavailable, "AUDIT_LOG_UNREADABLE",
                        absl::StrCat("reading ", path, " failed after ", report.lines, " lines"))
        .Build();
  }
  return report;
}

}  // namespace cxscribe
