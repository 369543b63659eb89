# Tests that load parts as a program does: they link the shared library, not its objects.
function(smd_add_plugin_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;PLUGINS;LIBRARIES" ${ARGN})
  add_executable(test_${name} test_${name}.c ${TEST_SOURCES})
  target_link_libraries(test_${name} PRIVATE smartdeploy PkgConfig::cunit ${CMAKE_DL_LIBS}
                        ${TEST_LIBRARIES})
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE
    SMD_PLUGIN_DIR="${CMAKE_BINARY_DIR}/lib/smartdeploy/plugins")
  list(TRANSFORM TEST_PLUGINS PREPEND plugins_)
  add_dependencies(test_${name} ${TEST_PLUGINS})
  add_test(NAME plugin/${name} COMMAND test_${name})
  set_tests_properties(plugin/${name} PROPERTIES LABELS plugin SKIP_RETURN_CODE 77 TIMEOUT 300)
endfunction()
