// AuditLogFile: the audit file, open for comparing and appending. Owned by the projector; not
// thread-safe; blocks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace cxscribe {

class AuditLogFile {
 public:
  // Opens the file, making it (mode 0600) and its folders (0700) where they are missing, and locks
  // it. Comparing starts at its beginning. Errors as in AuditProjector.
  static absl::StatusOr<std::unique_ptr<AuditLogFile>> Open(const std::string& path);
  ~AuditLogFile();
  AuditLogFile(const AuditLogFile&) = delete;
  AuditLogFile& operator=(const AuditLogFile&) = delete;

  // Holds the next line of the file against entry `sequence`. True: it is that line, and comparing
  // moves on. False: the file has no further whole line, and comparing ends. AUDIT_FILE_DISAGREES:
  // it is another line.
  absl::StatusOr<bool> MatchNext(int64_t sequence, std::string_view line);

  // Ends comparing: everything after the lines that matched is cut off. It may be a torn line at
  // most; AUDIT_FILE_DISAGREES when there is a whole line, which the table (that ends at entry
  // `last_sequence`) does not have.
  absl::Status CutTornTail(int64_t last_sequence);

  // Appends whole lines and flushes them to the disk. After an error the file must be opened again.
  absl::Status Append(std::string_view lines);

 private:
  AuditLogFile(std::string path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}

  absl::Status Error(std::string_view action, int error) const;
  absl::Status Disagreement(int64_t line, std::string_view what) const;
  // Whether there is a newline at or after the place that comparing has reached.
  absl::StatusOr<bool> HasWholeLine() const;

  const std::string path_;
  const int descriptor_;
  int64_t matched_bytes_ = 0;
};

}  // namespace cxscribe
