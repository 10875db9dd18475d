// OutputBuilder: makes a RunOutput of what a plugin emitted.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "plugins/host/output_checker.h"
#include "plugins/host/stage_runner.h"

namespace cxscribe {

// Not thread-safe.
class OutputBuilder final : public OutputTarget {
 public:
  // `input` must outlive the builder: the transcript that the plugin was given.
  OutputBuilder(std::string stage, const EncodedTranscript& input)
      : stage_(std::move(stage)), input_(input) {}

  void TakeSegment(const cx_segment& segment) override;
  void TakeFinding(const cx_finding& finding) override;
  void TakeAnnotation(const cx_annotation& annotation) override;
  void TakeOutcome(v1::Outcome outcome, std::string reason) override;
  std::string_view TextOf(size_t segment) const override {
    return output_.segments[segment].text();
  }

  // Once; without resources.
  RunOutput Take() { return std::move(output_); }

 private:
  const std::string stage_;
  const EncodedTranscript& input_;
  RunOutput output_;
};

}  // namespace cxscribe
