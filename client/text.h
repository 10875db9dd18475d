// Text for terminals: neutralised, measured in columns, wrapped, padded, coloured. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cxscribe::client {

// `text` with everything replaced that could steer a terminal or disguise text: C0 and C1 controls
// and DEL (also newlines and tabs, which become spaces), bidirectional controls, invisible
// separators and invalid UTF-8. Apply it to all text that came from elsewhere.
std::string Neutralise(std::string_view text);

// The same, but newlines stay: for messages of several lines.
std::string NeutraliseLines(std::string_view text);

// Columns that `text` (neutralised UTF-8) takes on a terminal.
int DisplayWidth(std::string_view text);

// `text` cut to at most `width` columns, with "…" at the end where something was cut.
std::string Truncate(std::string_view text, int width);

// `text` filled with spaces to `width` columns; longer text stays as it is.
std::string PadRight(std::string_view text, int width);
std::string PadLeft(std::string_view text, int width);

// `text` broken at spaces into lines of at most `width` columns; a longer word is broken where it
// must. At least one line. `width` < 1 counts as 1.
std::vector<std::string> Wrap(std::string_view text, int width);

enum class Style { kPlain, kBold, kDim, kRed, kGreen, kYellow, kBlue, kCyan };

// `text` between the escape codes of `style`; as it is when `colour` is false or the style plain.
std::string Paint(std::string_view text, Style style, bool colour);

}  // namespace cxscribe::client
