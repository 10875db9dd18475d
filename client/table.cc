#include "client/table.h"

#include <algorithm>

namespace cxscribe::client {
namespace {

constexpr int kGap = 2;
constexpr int kNarrowestLastColumn = 12;

}  // namespace

void Table::Add(std::vector<Cell> row) {
  for (Cell& cell : row) cell.text = Neutralise(cell.text);
  row.resize(columns_.size(), Cell(""));
  rows_.push_back(std::move(row));
}

std::string Table::Render(const View& view, int indent) const {
  std::vector<int> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    int width = DisplayWidth(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, DisplayWidth(row[i].text));
    widths.push_back(width);
  }
  if (!widths.empty()) {
    int before_last = indent;
    for (size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + kGap;
    widths.back() =
        std::min(widths.back(), std::max({kNarrowestLastColumn, DisplayWidth(columns_.back().title),
                                          view.width - before_last}));
  }

  std::string out;
  const auto draw = [&](const std::vector<Cell>& row) {
    out.append(static_cast<size_t>(indent), ' ');
    for (size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      const std::string text = Truncate(row[i].text, widths[i]);
      const int fill = widths[i] - DisplayWidth(text);
      const std::string spaces(static_cast<size_t>(std::max(0, fill)), ' ');
      if (columns_[i].right) out += spaces;
      out += Paint(text, row[i].style, view.colour);
      if (!columns_[i].right && !last) out += spaces;
      if (!last) out.append(kGap, ' ');
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();  // an empty last cell
    out.push_back('\n');
  };
  std::vector<Cell> header;
  for (const Column& column : columns_) header.emplace_back(column.title, Style::kDim);
  draw(header);
  for (const auto& row : rows_) draw(row);
  return out;
}

}  // namespace cxscribe::client
