// Reads the table that a plugin's entry returned, without trusting it.
#pragma once

#include <cstdint>

#include <absl/status/statusor.h>

#include "cxscribe/plugin.h"
#include "plugins/host/plugin_info.h"

namespace cxscribe {

struct AbiVersion {
  uint16_t major = CX_ABI_MAJOR;
  uint16_t minor = CX_ABI_MINOR;
};

// The table, cut or zero-extended to the form that this host knows.
struct PluginTable {
  cx_plugin table = {};
  // All but file and sha256.
  PluginInfo info;
};

// Reads no byte of `table` beyond its head before the head was found good, and none beyond its
// struct_size. FAILED_PRECONDITION with reason PLUGIN_NULL_TABLE, PLUGIN_MAGIC, PLUGIN_ABI,
// PLUGIN_SHORT_TABLE or PLUGIN_TABLE, the last one with everything that is wrong at once. `path` is
// for messages.
absl::StatusOr<PluginTable> ReadPluginTable(const cx_plugin* table, AbiVersion host = {});

}  // namespace cxscribe
