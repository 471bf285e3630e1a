# beatsync_options: what every target of ours is compiled with.
add_library(beatsync_options INTERFACE)
target_compile_features(beatsync_options INTERFACE cxx_std_20)
target_include_directories(beatsync_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(beatsync_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports operator new/delete pairs of coroutine frames as mismatched at -O2 (false).
  # -Wrestrict of g++ 12 takes `"x" + std::string` for overlapping memory (false, GCC bug 105651).
  target_compile_options(beatsync_options INTERFACE -Wno-mismatched-new-delete -Wno-restrict)
endif()

# Asio and Beast are compiled once (s3/http/boost_asio.cpp, s3/http/boost_beast.cpp), not in every
# translation unit. The recycling cache holds coroutine frames per thread; the default of 2 is
# too small for chains of awaitables (performance measured in docs/dev/performance.md).
target_compile_definitions(beatsync_options INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=32
  BEATSYNC_VERSION="${PROJECT_VERSION}")

if(BEATSYNC_SANITIZE)
  target_compile_options(beatsync_options INTERFACE -fsanitize=${BEATSYNC_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(beatsync_options INTERFACE -fsanitize=${BEATSYNC_SANITIZE})
  if(BEATSYNC_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(beatsync_options INTERFACE -Wno-tsan)
  endif()
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  target_link_options(beatsync_options INTERFACE -fuse-ld=mold)
endif()
