// StageTimings: how long the stages of a pipeline took, over many runs. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/format.h"
#include "cxscribe/v1/evidence.pb.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace cxscribe::client {

class StageTimings {
 public:
  // The stages of one run.
  void Add(const google::protobuf::RepeatedPtrField<v1::StageRecord>& stages);

  // A table: stage, runs, and their shortest, median and longest time; at the end the whole.
  std::string Render(const View& view) const;

 private:
  void AddTime(const std::string& name, double milliseconds);

  std::vector<std::pair<std::string, std::vector<double>>> stages_;  // in the order of their run
  std::vector<double> totals_;
};

}  // namespace cxscribe::client
