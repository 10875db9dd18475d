#include "client/fields.h"

#include <algorithm>

namespace cxscribe::client {

std::string Fields::Render(const View& view, int indent) const {
  int name_width = 0;
  for (const auto& field : fields_) name_width = std::max(name_width, DisplayWidth(field.first));
  const int value_column = indent + name_width + 2;
  const std::string margin(static_cast<size_t>(indent), ' ');
  std::string out;
  for (const auto& field : fields_) {
    const auto lines = Wrap(Neutralise(field.second.text), std::max(20, view.width - value_column));
    out += margin + Paint(PadRight(Neutralise(field.first), name_width), Style::kDim, view.colour) +
           "  " + Paint(lines.front(), field.second.style, view.colour) + "\n";
    for (size_t i = 1; i < lines.size(); ++i) {
      out += std::string(static_cast<size_t>(value_column), ' ') +
             Paint(lines[i], field.second.style, view.colour) + "\n";
    }
  }
  return out;
}

}  // namespace cxscribe::client
