// Audit entries: from a draft to the line that the audit log keeps. docs/evidence.md defines the
// form. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/job/job_store.h"

namespace cxscribe {

// What the first entry has for prev_hash: 64 zeros.
extern const char kGenesisHash[];

// What stands between the bytes that an entry's hash covers and the hash itself, and how the line
// ends: `…,"hash":"<64 hex digits>"}`.
inline constexpr std::string_view kHashPrefix = ",\"hash\":\"";
inline constexpr std::string_view kHashSuffix = "\"}";

// An AuditSealer: the draft as one line of JSON, with its place in the chain. Never holds
// transcript text: of what stages say in words, nothing is taken over.
AuditLine SealAuditEntry(const internal::v1::AuditDraft& draft, int64_t sequence,
                         const std::string& prev_hash);

}  // namespace cxscribe
