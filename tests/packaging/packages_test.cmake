# Packs BUILD into WORK and checks that each package holds what its users look for, its licences among it, and names
# what it needs. Run with cmake -P.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE errors)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}: ${result}\n${output}${errors}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

# expect(PACKAGE PATH...): the package has these files.
function(expect package)
  file(GLOB deb ${WORK}/${package}_${VERSION}_*.deb)
  if(NOT deb)
    message(FATAL_ERROR "there is no package ${package}")
  endif()
  run(dpkg-deb --contents ${deb})
  foreach(path usr/share/doc/${package}/LICENSE usr/share/doc/${package}/NOTICE
          usr/share/doc/${package}/copyright ${ARGN})
    string(FIND "${output}" "./${path}\n" at)
    if(at EQUAL -1)
      message(FATAL_ERROR "${package} lacks ${path}; it has:\n${output}")
    endif()
  endforeach()
  run(dpkg-deb --field ${deb} Depends)
  set(depends "${output}" PARENT_SCOPE)
endfunction()

run(cpack --config ${BUILD}/CPackConfig.cmake -G DEB -B ${WORK})
expect(cxscribe-server usr/bin/cxscribed usr/lib/cxscribe/plugins/redaction.so
       usr/lib/cxscribe/plugins/inverse_text_normalisation.so
       usr/share/cxscribe/cxscribe.yaml usr/share/cxscribe/minimal.yaml)
if(NOT depends MATCHES "libgrpc")
  message(FATAL_ERROR "cxscribe-server does not say that it needs gRPC: ${depends}")
endif()
if(NOT depends MATCHES "cxscribe-client \\(= ${VERSION}\\)")
  message(FATAL_ERROR "cxscribe-server does not say that it needs the worker's package: ${depends}")
endif()
expect(cxscribe-client usr/bin/cxctl usr/bin/cx-plugin-worker usr/share/cxscribe/retry-service-config.json
       usr/share/cxscribe/proto/cxscribe/v1/transcription_service.proto)
expect(cxscribe-plugin-dev usr/include/cxscribe/plugin.h usr/include/cxscribe/plugin.hpp
       usr/include/cxscribe/align.hpp)
