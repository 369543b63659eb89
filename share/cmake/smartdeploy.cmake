# Loadable parts are built the same way here and outside of this tree:
#   smd_add_driver(eos SOURCES eos.c)
# gives eos.so, which exports one function and links libsmartdeploy.

function(smd_add_part folder name)
  cmake_parse_arguments(PART "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_library(${folder}_${name} MODULE ${PART_SOURCES})
  set_target_properties(${folder}_${name} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name} C_VISIBILITY_PRESET hidden
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/smartdeploy/${folder}
    INSTALL_RPATH "$ORIGIN/../..")
  target_link_libraries(${folder}_${name} PRIVATE smartdeploy ${PART_LIBRARIES})
  target_link_options(${folder}_${name} PRIVATE -Wl,--no-undefined)
  install(TARGETS ${folder}_${name}
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/smartdeploy/${folder})
endfunction()

function(smd_add_driver name)
  smd_add_part(drivers ${name} ${ARGN})
endfunction()

function(smd_add_plugin name)
  smd_add_part(plugins ${name} ${ARGN})
endfunction()
