// Fields: names and values in two columns.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/table.h"

namespace cxscribe::client {

class Fields {
 public:
  // The value is neutralised when it is drawn.
  void Add(std::string name, Cell value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }

  // A line per field and more where a value is wider than the view; each begins with `indent`
  // spaces.
  std::string Render(const View& view, int indent = 0) const;

 private:
  std::vector<std::pair<std::string, Cell>> fields_;
};

}  // namespace cxscribe::client
