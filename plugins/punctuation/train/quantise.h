// From trained parameters to a model file's.
#pragma once

#include <string>
#include <vector>

#include "plugins/punctuation/model.h"
#include "plugins/punctuation/train/network.h"

namespace cxscribe::punctuation {

// Rounds `parameters`: embeddings with one scale for all tables, large matrices with one a row, to
// 8 bits. `words` are those of the vocabulary.
Model Quantise(const Parameters& parameters, std::string name, std::vector<std::string> words,
               std::vector<std::string> mixed_forms);

}  // namespace cxscribe::punctuation
