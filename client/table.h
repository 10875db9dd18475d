// Table: rows of cells in aligned columns.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/format.h"
#include "client/text.h"

namespace cxscribe::client {

// One cell; its text is neutralised when it is drawn.
struct Cell {
  // Implicit, so that a row reads as the texts that it holds.
  // NOLINTBEGIN(google-explicit-constructor)
  Cell(std::string cell_text, Style cell_style = Style::kPlain)
      : text(std::move(cell_text)), style(cell_style) {}
  Cell(const char* cell_text) : text(cell_text) {}
  // NOLINTEND(google-explicit-constructor)

  std::string text;
  Style style = Style::kPlain;
};

struct Column {
  std::string title;
  bool right = false;  // numbers
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // Missing cells are empty, surplus ones are dropped.
  void Add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }

  // Every line ends in a newline and begins with `indent` spaces. Where the table is wider than the
  // view, the last column is cut, down to 12 columns; then lines are longer than the view.
  std::string Render(const View& view, int indent = 0) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace cxscribe::client
