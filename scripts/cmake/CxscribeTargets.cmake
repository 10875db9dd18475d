# How the project's libraries, programs, plugins and tests are declared, so that flags stand in one place.

add_library(cxscribe_flags INTERFACE)
target_compile_options(cxscribe_flags INTERFACE
  -Wall -Wextra -Wshadow -Wvla -Wimplicit-fallthrough
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi>
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wthread-safety>
  # GCC 12 sees overlaps in std::string's operator+ that cannot be (GCC bug 105329).
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict>
  $<$<BOOL:${CXSCRIBE_WERROR}>:-Werror>
  -fstack-protector-strong)

if(CXSCRIBE_SANITIZER)
  add_compile_options(-fsanitize=${CXSCRIBE_SANITIZER} -fno-omit-frame-pointer -O1 -g1)
  if(CXSCRIBE_SANITIZER MATCHES "undefined")
    # These three cost most of a sanitizer build's time and memory and find little here.
    add_compile_options(-fno-sanitize=vptr,null,alignment -fno-sanitize-recover=undefined)
  endif()
  if(CXSCRIBE_SANITIZER MATCHES "thread")
    # protobuf's map fields are larger where this is defined, and the packaged library was built without.
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-U__SANITIZE_THREAD__>)
  endif()
  add_link_options(-fsanitize=${CXSCRIBE_SANITIZER})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_definitions(_FORTIFY_SOURCE=2)
  add_link_options(-Wl,-z,relro,-z,now)
endif()

# cxscribe_library(NAME SRCS a.cc b.cc LIBS dep...): one room, as the static library cxscribe_NAME.
function(cxscribe_library name)
  cmake_parse_arguments(ARG "" "" "SRCS;LIBS" ${ARGN})
  if(ARG_SRCS)
    add_library(cxscribe_${name} STATIC ${ARG_SRCS})
    target_include_directories(cxscribe_${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(cxscribe_${name} PUBLIC ${ARG_LIBS} PRIVATE cxscribe_flags)
  else()
    add_library(cxscribe_${name} INTERFACE)
    target_include_directories(cxscribe_${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(cxscribe_${name} INTERFACE ${ARG_LIBS})
  endif()
endfunction()

# cxscribe_embed_model(ROOM FILE): makes the bytes of FILE part of the library of plugins/ROOM, and writes the
# header plugins/ROOM/embedded_model.h that declares them. To be called in that room.
function(cxscribe_embed_model room file)
  get_filename_component(name ${file} NAME)
  foreach(suffix h cc)
    configure_file(${PROJECT_SOURCE_DIR}/scripts/cmake/embedded_model.${suffix}.in
                   ${CMAKE_CURRENT_BINARY_DIR}/embedded_model.${suffix} @ONLY)
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_model.cc)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${file})
  target_sources(cxscribe_${room} PRIVATE ${source})
  target_include_directories(cxscribe_${room} PUBLIC ${PROJECT_BINARY_DIR})
endfunction()

# cxscribe_program(NAME SRCS a.cc LIBS dep...): an executable in bin/.
function(cxscribe_program name)
  cmake_parse_arguments(ARG "" "" "SRCS;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SRCS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} cxscribe_flags)
endfunction()

# cxscribe_test(NAME SRCS a_test.cc LIBS dep... [LABELS label...] [DATA dir]): a GoogleTest program; every
# TEST in it is a ctest test. Tests that link gRPC carry the label "grpc", so that ThreadSanitizer skips them.
function(cxscribe_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SRCS;LIBS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SRCS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gmock GTest::gtest_main cxscribe_flags)
  # Test code compiles in two thirds of the time so; what it tests is optimised in full.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  # GCC 12 guesses wrong about values that move through std::promise and absl::StatusOr.
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized>)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/bin)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${name}."
    PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

# cxscribe_fuzz(NAME SRCS x_fuzz.cc LIBS dep...): a libFuzzer program; built only with CXSCRIBE_FUZZ.
function(cxscribe_fuzz name)
  cmake_parse_arguments(ARG "" "" "SRCS;LIBS" ${ARGN})
  if(NOT CXSCRIBE_FUZZ)
    return()
  endif()
  add_executable(${name} ${ARG_SRCS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} cxscribe_flags)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/fuzz)
endfunction()
