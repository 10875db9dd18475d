# What `cmake --install` puts where, and the three Debian packages that `cpack -G DEB` makes of it.
include(GNUInstallDirs)

install(TARGETS cxscribed RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT server)
# Where cxscribed looks by default: ../lib/cxscribe/plugins from itself, on every distribution.
install(TARGETS punctuation diarization redaction
  LIBRARY DESTINATION lib/cxscribe/plugins COMPONENT server)
install(FILES config/cxscribe.yaml config/minimal.yaml
  DESTINATION ${CMAKE_INSTALL_DATADIR}/cxscribe COMPONENT server)
# google/rpc is Google's to install; the API's own files are for generating clients.
install(DIRECTORY proto/cxscribe/v1 DESTINATION ${CMAKE_INSTALL_DATADIR}/cxscribe/proto/cxscribe
  COMPONENT client FILES_MATCHING PATTERN "*.proto")
install(FILES config/retry-service-config.json
  DESTINATION ${CMAKE_INSTALL_DATADIR}/cxscribe COMPONENT client)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The cxscribe Authors <cxscribe@example.org>")
set(CPACK_COMPONENTS_ALL server client plugin-dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_SERVER_PACKAGE_NAME cxscribe-server)
set(CPACK_DEBIAN_CLIENT_PACKAGE_NAME cxscribe-client)
set(CPACK_DEBIAN_PLUGIN-DEV_PACKAGE_NAME cxscribe-plugin-dev)
set(CPACK_COMPONENT_SERVER_DESCRIPTION "Verified transcripts of NICE CXone recordings: the server")
set(CPACK_COMPONENT_CLIENT_DESCRIPTION "Verified transcripts of NICE CXone recordings: cxctl")
set(CPACK_COMPONENT_PLUGIN-DEV_DESCRIPTION "Header and CMake package for cxscribe plugins")
include(CPack)
