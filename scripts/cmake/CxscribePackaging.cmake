# What `cmake --install` puts where, and the three Debian packages that `cpack -G DEB` makes of it.
include(GNUInstallDirs)

install(TARGETS cxscribed RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT server)
# Where cxscribed looks by default: ../lib/cxscribe/plugins from itself, on every distribution.
install(TARGETS punctuation diarization redaction inverse_text_normalisation
  LIBRARY DESTINATION lib/cxscribe/plugins COMPONENT server)
install(FILES config/cxscribe.yaml config/minimal.yaml config/container.yaml
  DESTINATION ${CMAKE_INSTALL_DATADIR}/cxscribe COMPONENT server)
# google/rpc is Google's to install; the API's own files are for generating clients.
install(DIRECTORY proto/cxscribe/v1 DESTINATION ${CMAKE_INSTALL_DATADIR}/cxscribe/proto/cxscribe
  COMPONENT client FILES_MATCHING PATTERN "*.proto")
install(FILES config/retry-service-config.json
  DESTINATION ${CMAKE_INSTALL_DATADIR}/cxscribe COMPONENT client)

# What each package must carry: our licence and notice, and those of libraries whose code is inside the programs
# (headers alone, or static), as Debian keeps them.
set(copyright ${PROJECT_BINARY_DIR}/copyright)
file(READ NOTICE notice)
file(WRITE ${copyright} "${notice}\nThe Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0.\n")
foreach(package libcli11-dev libsqlitecpp-dev libvalijson-dev nlohmann-json3-dev)
  set(theirs /usr/share/doc/${package}/copyright)
  if(EXISTS ${theirs})
    file(READ ${theirs} text)
    file(APPEND ${copyright} "\n---- ${package}, whose code is inside the programs ----\n\n${text}")
  endif()
endforeach()
foreach(component server client plugin-dev)
  install(FILES LICENSE NOTICE ${copyright} DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/cxscribe-${component}
    COMPONENT ${component})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The cxscribe Authors <cxscribe@example.org>")
set(CPACK_COMPONENTS_ALL server client plugin-dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_SERVER_PACKAGE_NAME cxscribe-server)
set(CPACK_DEBIAN_CLIENT_PACKAGE_NAME cxscribe-client)
set(CPACK_DEBIAN_PLUGIN-DEV_PACKAGE_NAME cxscribe-plugin-dev)
# `cxctl pipeline run` takes the built-in plugins from the server's package, and the server the plugin worker from the
# client's.
set(CPACK_DEBIAN_CLIENT_PACKAGE_SUGGESTS cxscribe-server)
set(CPACK_DEBIAN_SERVER_PACKAGE_DEPENDS "cxscribe-client (= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_SERVER_DESCRIPTION "Verified transcripts of NICE CXone recordings: the server")
set(CPACK_COMPONENT_CLIENT_DESCRIPTION "Verified transcripts of NICE CXone recordings: cxctl")
set(CPACK_COMPONENT_PLUGIN-DEV_DESCRIPTION "Header and CMake package for cxscribe plugins")
include(CPack)
