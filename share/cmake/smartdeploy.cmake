# Loadable parts are built the same way here and outside of this tree:
#   smd_add_driver(eos SOURCES eos.c)
# gives eos.so, which exports one function and links libsmartdeploy.
#
# In this tree (SMD_PARTS_BUILD is set) parts lie where sdctl in the build folder looks for
# them, and are installed with it. Elsewhere, behind find_package(smartdeploy), a part lies in
# the project's own build folder, and is installed where the installed sdctl looks for it, or
# in the folder that SMARTDEPLOY_PARTS_DIR names.

function(smd_add_part folder name)
  cmake_parse_arguments(PART "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_library(${folder}_${name} MODULE ${PART_SOURCES})
  set_target_properties(${folder}_${name} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name} C_VISIBILITY_PRESET hidden INSTALL_RPATH "$ORIGIN/../..")
  if(SMD_PARTS_BUILD)
    set(destination ${CMAKE_INSTALL_LIBDIR}/smartdeploy)
    set_target_properties(${folder}_${name} PROPERTIES
      LIBRARY_OUTPUT_DIRECTORY ${SMD_PARTS_BUILD}/${folder})
  else()
    set(destination ${SMARTDEPLOY_PARTS_DIR})
    set_target_properties(${folder}_${name} PROPERTIES
      LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  endif()
  target_link_libraries(${folder}_${name} PRIVATE smartdeploy::smartdeploy ${PART_LIBRARIES})
  if(NOT SMD_FUZZ) # clang's sanitizers are in the programs alone
    target_link_options(${folder}_${name} PRIVATE -Wl,--no-undefined)
  endif()
  install(TARGETS ${folder}_${name} LIBRARY DESTINATION ${destination}/${folder})
endfunction()

function(smd_add_driver name)
  smd_add_part(drivers ${name} ${ARGN})
endfunction()

function(smd_add_plugin name)
  smd_add_part(plugins ${name} ${ARGN})
endfunction()
