#include "client/completion.h"

#include <functional>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>

namespace cxscribe::client {
namespace {

// Calls `visit` with each command and its words after the program's name: "", "pipeline",
// "pipeline run".
void ForEachCommand(
    const CommandShape& root,
    const std::function<void(const std::string& path, const CommandShape& command)>& visit) {
  const std::function<void(const std::string&, const CommandShape&)> walk =
      [&](const std::string& path, const CommandShape& command) {
        visit(path, command);
        for (const CommandShape& child : command.commands) {
          walk(path.empty() ? child.name : path + " " + child.name, child);
        }
      };
  walk("", root);
}

// The options of `command` that are not the root's: those are allowed everywhere, and told once.
std::vector<OptionShape> OwnOptions(const CommandShape& root, const CommandShape& command) {
  if (&command == &root) return {};
  std::vector<OptionShape> options;
  for (const OptionShape& option : command.options) {
    bool is_global = false;
    for (const OptionShape& other : root.options) is_global |= other.names == option.names;
    if (!is_global) options.push_back(option);
  }
  return options;
}

// What may stand as the next word of `command` without being an option.
std::vector<std::string> WordsAt(const CommandShape& command) {
  std::vector<std::string> words;
  for (const CommandShape& child : command.commands) words.push_back(child.name);
  for (const OptionShape& positional : command.positionals) {
    words.insert(words.end(), positional.choices.begin(), positional.choices.end());
  }
  return words;
}

bool TakesFile(const CommandShape& command) {
  for (const OptionShape& positional : command.positionals) {
    if (positional.value == ValueKind::kFile || positional.value == ValueKind::kDirectory) {
      return true;
    }
  }
  return false;
}

// The patterns `"path|--name"` of an option at `path`, joined with "|"; with "*" for every path.
std::string Patterns(const std::string& path, const OptionShape& option) {
  std::vector<std::string> patterns;
  for (const std::string& name : option.names) {
    patterns.push_back(path == "*" ? absl::StrCat("*\"|", name, "\"")
                                   : absl::StrCat("\"", path, "|", name, "\""));
  }
  return absl::StrJoin(patterns, "|");
}

// Calls `visit` with each option and the path that it is allowed at, "*" for the root's.
void ForEachOption(
    const CommandShape& root,
    const std::function<void(const std::string& path, const OptionShape& option)>& visit) {
  ForEachCommand(root, [&](const std::string& path, const CommandShape& command) {
    for (const OptionShape& option : OwnOptions(root, command)) visit(path, option);
  });
  for (const OptionShape& option : root.options) visit("*", option);
}

// The shell code, alike in bash and zsh, that leaves the command's words in `at`.
std::string WalkCases(const CommandShape& root) {
  std::string cases;
  ForEachCommand(root, [&](const std::string& path, const CommandShape& command) {
    for (const CommandShape& child : command.commands) {
      const std::string next = path.empty() ? child.name : path + " " + child.name;
      absl::StrAppend(&cases, "      \"", path, "|", child.name, "\") at=\"", next, "\" ;;\n");
    }
  });
  ForEachOption(root, [&](const std::string& path, const OptionShape& option) {
    if (option.value == ValueKind::kNone) return;
    absl::StrAppend(&cases, "      ", Patterns(path, option), ") i=$((i + 1)) ;;\n");
  });
  return cases;
}

std::vector<std::string> NamesOf(const std::vector<OptionShape>& options) {
  std::vector<std::string> names;
  for (const OptionShape& option : options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

// Within single quotes of a shell.
std::string Quoted(const std::string& text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

std::string FishQuoted(const std::string& text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

}  // namespace

std::string BashCompletion(const CommandShape& root) {
  std::string values;
  ForEachOption(root, [&values](const std::string& path, const OptionShape& option) {
    if (option.value == ValueKind::kNone) return;
    absl::StrAppend(&values, "    ", Patterns(path, option), ")\n");
    if (!option.choices.empty()) {
      absl::StrAppend(&values, "      COMPREPLY=($(compgen -W \"",
                      absl::StrJoin(option.choices, " "), "\" -- \"$cur\"))\n");
    } else if (option.value == ValueKind::kFile || option.value == ValueKind::kDirectory) {
      absl::StrAppend(&values,
                      "      compopt -o filenames 2>/dev/null\n      COMPREPLY=($(compgen ",
                      option.value == ValueKind::kFile ? "-f" : "-d", " -- \"$cur\"))\n");
    }
    absl::StrAppend(&values, "      return ;;\n");
  });
  std::string words;
  ForEachCommand(root, [&](const std::string& path, const CommandShape& command) {
    std::vector<std::string> own = WordsAt(command);
    for (const std::string& name : NamesOf(OwnOptions(root, command))) own.push_back(name);
    absl::StrAppend(&words, "    \"", path, "\") own=\"", absl::StrJoin(own, " "), "\"",
                    TakesFile(command) ? " files=1" : "", " ;;\n");
  });
  return absl::StrCat("# bash completion of ", root.name, "; made by: ", root.name,
                      " completion bash\n_", root.name,
                      "() {\n"
                      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
                      "  local at=\"\" own=\"\" files=\"\" i=1\n"
                      "  if [[ $cur == \"=\" ]]; then cur=\"\"; fi\n"
                      "  if [[ $prev == \"=\" ]]; then prev=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
                      "  COMPREPLY=()\n"
                      "  while ((i < COMP_CWORD)); do\n"
                      "    case \"$at|${COMP_WORDS[i]}\" in\n",
                      WalkCases(root),
                      "    esac\n"
                      "    i=$((i + 1))\n"
                      "  done\n"
                      "  case \"$at|$prev\" in\n",
                      values,
                      "  esac\n"
                      "  case \"$at\" in\n",
                      words,
                      "  esac\n"
                      "  COMPREPLY=($(compgen -W \"$own ",
                      absl::StrJoin(NamesOf(root.options), " "),
                      "\" -- \"$cur\"))\n"
                      "  if [[ -n $files && $cur != -* ]]; then\n"
                      "    compopt -o filenames 2>/dev/null\n"
                      "    COMPREPLY+=($(compgen -f -- \"$cur\"))\n"
                      "  fi\n"
                      "}\n"
                      "complete -F _",
                      root.name, " ", root.name, "\n");
}

std::string ZshCompletion(const CommandShape& root) {
  const auto entry = [](const std::string& name, const std::string& summary) {
    return Quoted(absl::StrCat(absl::StrReplaceAll(name, {{":", "\\:"}}), ":", summary));
  };
  const auto entries_of = [&entry](const std::vector<OptionShape>& options) {
    std::vector<std::string> entries;
    for (const OptionShape& option : options) {
      for (const std::string& name : option.names) entries.push_back(entry(name, option.summary));
    }
    return absl::StrJoin(entries, " ");
  };
  std::string values;
  ForEachOption(root, [&values](const std::string& path, const OptionShape& option) {
    if (option.value == ValueKind::kNone) return;
    absl::StrAppend(&values, "    ", Patterns(path, option), ")\n");
    if (!option.choices.empty()) {
      absl::StrAppend(&values, "      compadd -- ", absl::StrJoin(option.choices, " "), "\n");
    } else if (option.value == ValueKind::kFile) {
      absl::StrAppend(&values, "      _files\n");
    } else if (option.value == ValueKind::kDirectory) {
      absl::StrAppend(&values, "      _files -/\n");
    }
    absl::StrAppend(&values, "      return ;;\n");
  });
  std::string words;
  ForEachCommand(root, [&](const std::string& path, const CommandShape& command) {
    std::vector<std::string> entries;
    for (const CommandShape& child : command.commands) {
      entries.push_back(entry(child.name, child.summary));
    }
    for (const OptionShape& positional : command.positionals) {
      for (const std::string& choice : positional.choices) entries.push_back(entry(choice, ""));
    }
    absl::StrAppend(&words, "    \"", path, "\")\n      entries=(", absl::StrJoin(entries, " "),
                    ")\n      own=(", entries_of(OwnOptions(root, command)), ")\n",
                    TakesFile(command) ? "      _files\n" : "", "      ;;\n");
  });
  return absl::StrCat("#compdef ", root.name, "\n# Made by: ", root.name, " completion zsh\n_",
                      root.name,
                      "() {\n"
                      "  local at=\"\" i=2\n"
                      "  local -a entries own\n"
                      "  local -a global=(",
                      entries_of(root.options),
                      ")\n"
                      "  while ((i < CURRENT)); do\n"
                      "    case \"$at|${words[i]}\" in\n",
                      WalkCases(root),
                      "    esac\n"
                      "    i=$((i + 1))\n"
                      "  done\n"
                      "  case \"$at|${words[CURRENT-1]}\" in\n",
                      values,
                      "  esac\n"
                      "  case \"$at\" in\n",
                      words,
                      "  esac\n"
                      "  _describe 'command' entries\n"
                      "  _describe -o 'option' own\n"
                      "  _describe -o 'global option' global\n"
                      "}\n"
                      "if [ \"$funcstack[1]\" = \"_",
                      root.name, "\" ]; then _", root.name, " \"$@\"; else compdef _", root.name,
                      " ", root.name, "; fi\n");
}

std::string FishCompletion(const CommandShape& root) {
  const std::string is_at = absl::StrCat("__", root.name, "_is_at");
  const std::string complete = absl::StrCat("complete -c ", root.name);
  const auto at = [&](const std::string& path) {
    return path == "*" ? complete
                       : absl::StrCat(complete, " -n ", FishQuoted(is_at + " \"" + path + "\""));
  };
  std::string cases;
  std::string lines;
  ForEachCommand(root, [&](const std::string& path, const CommandShape& command) {
    for (const CommandShape& child : command.commands) {
      const std::string next = path.empty() ? child.name : path + " " + child.name;
      absl::StrAppend(&cases, "      case ", FishQuoted(path + "|" + child.name),
                      "\n        set at ", FishQuoted(next), "\n");
      absl::StrAppend(&lines, at(path), " -f -a ", child.name, " -d ", FishQuoted(child.summary),
                      "\n");
    }
    for (const OptionShape& positional : command.positionals) {
      for (const std::string& choice : positional.choices) {
        absl::StrAppend(&lines, at(path), " -f -a ", choice, "\n");
      }
    }
    if (TakesFile(command)) absl::StrAppend(&lines, at(path), " -F\n");
  });
  ForEachOption(root, [&](const std::string& path, const OptionShape& option) {
    std::string line = at(path);
    for (const std::string& name : option.names) {
      const bool is_long = name.rfind("--", 0) == 0;
      absl::StrAppend(&line, is_long ? " -l " : " -s ", name.substr(is_long ? 2 : 1));
    }
    if (option.value == ValueKind::kFile || option.value == ValueKind::kDirectory) {
      line += " -r -F";
    } else if (option.value == ValueKind::kText) {
      line += " -x";
      if (!option.choices.empty()) {
        absl::StrAppend(&line, " -a ", FishQuoted(absl::StrJoin(option.choices, " ")));
      }
    }
    absl::StrAppend(&lines, line, " -d ", FishQuoted(option.summary), "\n");
    if (option.value == ValueKind::kNone) return;
    for (const std::string& name : option.names) {
      absl::StrAppend(&cases, "      case ", FishQuoted(absl::StrCat(path, "|", name)),
                      "\n        set skip 1\n");
    }
  });
  return absl::StrCat("# fish completion of ", root.name, "; made by: ", root.name,
                      " completion fish\nfunction ", is_at,
                      "\n"
                      "  set -l at ''\n"
                      "  set -l skip 0\n"
                      "  for word in (commandline -opc)[2..-1]\n"
                      "    if test $skip = 1\n"
                      "      set skip 0\n"
                      "      continue\n"
                      "    end\n"
                      "    switch \"$at|$word\"\n",
                      cases,
                      "    end\n"
                      "  end\n"
                      "  test \"$at\" = \"$argv[1]\"\n"
                      "end\n"
                      "complete -c ",
                      root.name, " -f\n", lines);
}

}  // namespace cxscribe::client
