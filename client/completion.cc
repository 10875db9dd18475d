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

// Every option of `command` with the root's, which are allowed everywhere.
std::vector<OptionShape> OptionsAt(const CommandShape& root, const CommandShape& command) {
  std::vector<OptionShape> options = command.options;
  if (&command != &root) {
    for (const OptionShape& option : root.options) {
      bool is_own = false;
      for (const OptionShape& own : command.options) is_own |= own.names == option.names;
      if (!is_own) options.push_back(option);
    }
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

// The patterns `"path|--name"` of an option at `path`, joined with "|".
std::string Patterns(const std::string& path, const OptionShape& option) {
  std::vector<std::string> patterns;
  for (const std::string& name : option.names) {
    patterns.push_back(absl::StrCat("\"", path, "|", name, "\""));
  }
  return absl::StrJoin(patterns, "|");
}

// The shell code, alike in bash and zsh, that leaves the command's words in `path`.
std::string WalkCases(const CommandShape& root) {
  std::string cases;
  ForEachCommand(root, [&](const std::string& path, const CommandShape& command) {
    for (const CommandShape& child : command.commands) {
      const std::string next = path.empty() ? child.name : path + " " + child.name;
      absl::StrAppend(&cases, "      \"", path, "|", child.name, "\") at=\"", next, "\" ;;\n");
    }
    for (const OptionShape& option : OptionsAt(root, command)) {
      if (option.value == ValueKind::kNone) continue;
      absl::StrAppend(&cases, "      ", Patterns(path, option), ") i=$((i + 1)) ;;\n");
    }
  });
  return cases;
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
  std::string words;
  ForEachCommand(root, [&](const std::string& path, const CommandShape& command) {
    std::vector<std::string> all = WordsAt(command);
    for (const OptionShape& option : OptionsAt(root, command)) {
      all.insert(all.end(), option.names.begin(), option.names.end());
      if (option.value == ValueKind::kNone) continue;
      absl::StrAppend(&values, "    ", Patterns(path, option), ")\n");
      if (!option.choices.empty()) {
        absl::StrAppend(&values, "      COMPREPLY=($(compgen -W \"",
                        absl::StrJoin(option.choices, " "), "\" -- \"$cur\"))\n");
      } else if (option.value == ValueKind::kFile) {
        absl::StrAppend(&values, "      compopt -o filenames 2>/dev/null\n",
                        "      COMPREPLY=($(compgen -f -- \"$cur\"))\n");
      } else if (option.value == ValueKind::kDirectory) {
        absl::StrAppend(&values, "      compopt -o filenames 2>/dev/null\n",
                        "      COMPREPLY=($(compgen -d -- \"$cur\"))\n");
      }
      absl::StrAppend(&values, "      return ;;\n");
    }
    absl::StrAppend(&words, "    \"", path, "\")\n      COMPREPLY=($(compgen -W \"",
                    absl::StrJoin(all, " "), "\" -- \"$cur\"))\n");
    if (TakesFile(command)) {
      absl::StrAppend(&words, "      if [[ $cur != -* ]]; then\n",
                      "        compopt -o filenames 2>/dev/null\n",
                      "        COMPREPLY+=($(compgen -f -- \"$cur\"))\n      fi\n");
    }
    absl::StrAppend(&words, "      ;;\n");
  });
  return absl::StrCat(
      "# bash completion of ", root.name, "; made by: ", root.name, " completion bash\n_",
      root.name,
      "() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} at=\"\" i=1\n"
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
      "}\n"
      "complete -F _",
      root.name, " ", root.name, "\n");
}

std::string ZshCompletion(const CommandShape& root) {
  std::string values;
  std::string words;
  const auto entry = [](const std::string& name, const std::string& summary) {
    return Quoted(absl::StrCat(absl::StrReplaceAll(name, {{":", "\\:"}}), ":", summary));
  };
  ForEachCommand(root, [&](const std::string& path, const CommandShape& command) {
    std::vector<std::string> options;
    std::vector<std::string> entries;
    for (const OptionShape& option : OptionsAt(root, command)) {
      for (const std::string& name : option.names) options.push_back(entry(name, option.summary));
      if (option.value == ValueKind::kNone) continue;
      absl::StrAppend(&values, "    ", Patterns(path, option), ")\n");
      if (!option.choices.empty()) {
        absl::StrAppend(&values, "      compadd -- ", absl::StrJoin(option.choices, " "), "\n");
      } else if (option.value == ValueKind::kFile) {
        absl::StrAppend(&values, "      _files\n");
      } else if (option.value == ValueKind::kDirectory) {
        absl::StrAppend(&values, "      _files -/\n");
      }
      absl::StrAppend(&values, "      return ;;\n");
    }
    for (const CommandShape& child : command.commands) {
      entries.push_back(entry(child.name, child.summary));
    }
    for (const OptionShape& positional : command.positionals) {
      for (const std::string& choice : positional.choices) entries.push_back(entry(choice, ""));
    }
    absl::StrAppend(&words, "    \"", path, "\")\n      options=(", absl::StrJoin(options, " "),
                    ")\n      entries=(", absl::StrJoin(entries, " "), ")\n");
    if (TakesFile(command)) absl::StrAppend(&words, "      _files\n");
    absl::StrAppend(&words, "      ;;\n");
  });
  return absl::StrCat("#compdef ", root.name, "\n# Made by: ", root.name, " completion zsh\n_",
                      root.name,
                      "() {\n"
                      "  local at=\"\" i=2\n"
                      "  local -a options entries\n"
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
                      "  _describe -o 'option' options\n"
                      "  _describe 'command' entries\n"
                      "}\n"
                      "if [ \"$funcstack[1]\" = \"_",
                      root.name, "\" ]; then _", root.name, " \"$@\"; else compdef _", root.name,
                      " ", root.name, "; fi\n");
}

std::string FishCompletion(const CommandShape& root) {
  const std::string is_at = absl::StrCat("__", root.name, "_is_at");
  std::string cases;
  std::string lines;
  ForEachCommand(root, [&](const std::string& path, const CommandShape& command) {
    const std::string condition =
        absl::StrCat("complete -c ", root.name, " -n ", FishQuoted(is_at + " \"" + path + "\""));
    for (const CommandShape& child : command.commands) {
      const std::string next = path.empty() ? child.name : path + " " + child.name;
      absl::StrAppend(&cases, "      case ", FishQuoted(path + "|" + child.name),
                      "\n        set at ", FishQuoted(next), "\n");
      absl::StrAppend(&lines, condition, " -f -a ", child.name, " -d ", FishQuoted(child.summary),
                      "\n");
    }
    for (const OptionShape& positional : command.positionals) {
      for (const std::string& choice : positional.choices) {
        absl::StrAppend(&lines, condition, " -f -a ", choice, "\n");
      }
    }
    if (TakesFile(command)) absl::StrAppend(&lines, condition, " -F\n");
    for (const OptionShape& option : OptionsAt(root, command)) {
      std::string line = condition;
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
      if (option.value == ValueKind::kNone) continue;
      for (const std::string& name : option.names) {
        absl::StrAppend(&cases, "      case ", FishQuoted(path + "|" + name),
                        "\n        set skip 1\n");
      }
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
