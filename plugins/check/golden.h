// Golden files: a transcript, and what the plugin is to make of it.
#pragma once

#include <string>

#include "plugins/check/request.h"
#include "plugins/host/stage_runner.h"

namespace cxscribe {

// What the plugin made of `input`, as pretty JSON that ends in a newline:
//
//   {"outcome": "OUTCOME_PASS", "reason": "", "transcript": {"segments": [...], "findings": [...],
//    "annotations": [...]}}
//
// the transcript as proto JSON with its fields' original names, fields without a value left out.
std::string GoldenJson(const v1::Transcript& input, const RunOutput& output);

// Where two such documents differ, as JSON Pointers; the values are not told: they are text. Empty:
// they are equal.
std::string GoldenDifference(const std::string& expected_json, const std::string& actual_json);

}  // namespace cxscribe
