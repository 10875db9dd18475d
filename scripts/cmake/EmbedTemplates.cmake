# Writes OUTPUT, a C++ file with every file below SOURCE as a string. Run with cmake -P.
# A folder with a dot file would be skipped by tools that copy it, so gitignore becomes .gitignore later.
file(GLOB_RECURSE files RELATIVE ${SOURCE} ${SOURCE}/*)
list(SORT files)
set(code "// Made from plugins/sdk/template.\n#include \"client/plugin_template.h\"\n\n")
string(APPEND code "namespace cxscribe::client {\n\nconst TemplateFile kTemplateFiles[] = {\n")
foreach(file IN LISTS files)
  file(READ ${SOURCE}/${file} content)
  string(APPEND code "    {\"${file}\",\n     R\"cxtemplate(${content})cxtemplate\"},\n")
endforeach()
string(APPEND code "    {nullptr, nullptr}};\n\n}  // namespace cxscribe::client\n")
file(WRITE ${OUTPUT} "${code}")
