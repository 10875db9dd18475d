// Fuzzes the audit log's check: any bytes may stand in a log that someone hands in.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "server/audit/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::istringstream log(std::string(reinterpret_cast<const char*>(data), size));
  const cxscribe::AuditReport report =
      cxscribe::VerifyAuditLog(log, cxscribe::AuditLogAnchor{1, std::string(64, '0')});
  if (report.entries > report.lines) std::abort();
  if (report.entries == 0 && report.last_sequence != 0) std::abort();
  if (report.problems.size() > cxscribe::AuditReport::kMaxProblems) std::abort();
  return 0;
}
