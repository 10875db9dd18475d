# Installs the SDK and cxctl from BUILD into WORK and builds against them what a plugin team would: package/ with CMake
# and with pkg-config's flags alone, the examples of EXAMPLES, and what `cxctl plugin new` makes. Run with cmake -P.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}: ${result}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix --component plugin-dev)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -DCMAKE_PREFIX_PATH=${WORK}/prefix
    -DCMAKE_CXX_COMPILER=${CXX})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${NM} -D --defined-only --format=posix ${WORK}/build/shout.so)
if(NOT output MATCHES "^cx_plugin_entry T [^\n]*\n$")
  message(FATAL_ERROR "shout.so must export cx_plugin_entry alone, but exports:\n${output}")
endif()

file(GLOB_RECURSE pc ${WORK}/prefix/cxscribe-plugin.pc)
get_filename_component(pc_directory ${pc} DIRECTORY)
run(${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${pc_directory} pkg-config --cflags cxscribe-plugin)
string(STRIP "${output}" flags)
separate_arguments(flags)
run(${CXX} -std=c++17 -shared -fPIC ${flags} ${SOURCE}/shout.cc -o ${WORK}/pkg_config.so)

# The examples, outside the build that they came with.
foreach(example normaliser vocabulary)
  file(COPY ${EXAMPLES}/${example} DESTINATION ${WORK})
  run(${CMAKE_COMMAND} -S ${WORK}/${example} -B ${WORK}/${example}/build -DCMAKE_PREFIX_PATH=${WORK}/prefix
      -DCMAKE_C_COMPILER=${CC} -DCMAKE_CXX_COMPILER=${CXX})
  run(${CMAKE_COMMAND} --build ${WORK}/${example}/build)
endforeach()

# A new plugin in each language builds, and passes untouched: its own test, which is `plugin check` with golden files.
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix --component client)
file(GLOB cxctl ${WORK}/prefix/bin/cxctl)
foreach(language c c++)
  string(REPLACE + x name new-${language})
  run(${cxctl} plugin new ${name} --lang ${language} --dir ${WORK}/${name})
  run(${CMAKE_COMMAND} -S ${WORK}/${name} -B ${WORK}/${name}/build -DCMAKE_PREFIX_PATH=${WORK}/prefix
      -DCMAKE_C_COMPILER=${CC} -DCMAKE_CXX_COMPILER=${CXX})
  run(${CMAKE_COMMAND} --build ${WORK}/${name}/build)
  run(${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/${name}/build --output-on-failure --no-tests=error)
endforeach()

# What was built outside runs in the installed worker: the pipeline of the guide.
file(WRITE ${WORK}/cxscribe.yaml "plugins:
  directory: new-cxx/build
pipelines:
  default:
    - plugin: new-cxx.so
")
execute_process(COMMAND ${cxctl} pipeline run --config ${WORK}/cxscribe.yaml -o json
                INPUT_FILE ${WORK}/new-cxx/golden/call.json
                RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE error)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "cxctl pipeline run: ${result}\n${error}")
endif()
foreach(stage_field plugin outcome)
  string(JSON ${stage_field} GET "${output}" stages 0 ${stage_field})
endforeach()
if(NOT plugin STREQUAL "new-cxx" OR NOT outcome STREQUAL "OUTCOME_PASS")
  message(FATAL_ERROR "the stage's record names ${plugin} with ${outcome}:\n${output}")
endif()
