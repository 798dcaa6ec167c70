# athanor_room(name LINK libraries…): the static library athanor-<name> of every .cpp below the calling folder.
# athanor_tests(name LINK libraries…): the test program test-<name> of every .cpp below the calling folder.

add_library(athanor-options INTERFACE)
target_compile_options(athanor-options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Werror>)
target_include_directories(athanor-options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
target_link_libraries(athanor-options INTERFACE nlohmann_json::nlohmann_json fmt::fmt Threads::Threads)

# One precompiled header for every room: the standard library and nlohmann/json, which most files need.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/pch.cpp CONTENT "") # not WRITE: that would touch it each time
add_library(athanor-pch OBJECT ${CMAKE_BINARY_DIR}/generated/pch.cpp)
target_link_libraries(athanor-pch PUBLIC athanor-options)
target_precompile_headers(athanor-pch PRIVATE
  <algorithm> <chrono> <coroutine> <cstdint> <exception> <filesystem> <functional> <map> <memory> <mutex>
  <optional> <set> <span> <stdexcept> <string> <string_view> <unordered_map> <utility> <variant> <vector>
  <nlohmann/json.hpp> <fmt/format.h>)

function(athanor_room name)
  cmake_parse_arguments(room "" "" "LINK;EXTRA" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  add_library(athanor-${name} STATIC ${sources} ${room_EXTRA})
  target_link_libraries(athanor-${name} PUBLIC athanor-options ${room_LINK})
  target_precompile_headers(athanor-${name} REUSE_FROM athanor-pch)
endfunction()

function(athanor_tests name)
  cmake_parse_arguments(room "" "" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test-${name} ${sources})
  target_link_libraries(test-${name} PRIVATE athanor-options athanor-test-support ${room_LINK})
  target_compile_definitions(test-${name} PRIVATE ATHANOR_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  gtest_discover_tests(test-${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()

# athanor_python_tests(folder): each method of the *_test.py files in a folder is a test of its own, which finds the
# program to test in the environment variable ATHANOR.
function(athanor_python_tests folder)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*_test.py)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  foreach(file ${files})
    get_filename_component(module ${file} NAME_WE)
    file(STRINGS ${file} lines REGEX "^class |^    def test_")
    foreach(line ${lines})
      if(line MATCHES "^class ([A-Za-z0-9]+)")
        set(class ${CMAKE_MATCH_1})
      elseif(line MATCHES "def (test_[a-z0-9_]+)")
        set(name ${folder}.${class}.${CMAKE_MATCH_1})
        add_test(NAME ${name} COMMAND ${ATHANOR_PYTHON} -m unittest ${module}.${class}.${CMAKE_MATCH_1}
                 WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
        set_tests_properties(${name} PROPERTIES TIMEOUT 300
                             ENVIRONMENT "ATHANOR=${CMAKE_BINARY_DIR}/athanor;PYTHONDONTWRITEBYTECODE=1")
      endif()
    endforeach()
  endforeach()
endfunction()

# athanor_node_tests(folder): each *_test.mjs file in a folder is a test, run by the Node of package.json, since the
# AWS SDK no longer supports Debian's. It finds the program to test in the environment variable ATHANOR.
function(athanor_node_tests folder)
  set(architecture x64)
  if(CMAKE_HOST_SYSTEM_PROCESSOR STREQUAL aarch64)
    set(architecture arm64)
  endif()
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*_test.mjs)
  foreach(file ${files})
    get_filename_component(module ${file} NAME_WE)
    add_test(NAME ${folder}.${module}
             COMMAND ${CMAKE_SOURCE_DIR}/node_modules/node-linux-${architecture}/bin/node --test ${file})
    set_tests_properties(${folder}.${module} PROPERTIES TIMEOUT 300 ENVIRONMENT "ATHANOR=${CMAKE_BINARY_DIR}/athanor")
  endforeach()
endfunction()
