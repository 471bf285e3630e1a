# Everything comes from Debian 12's packages (`./run` installs them); nothing is downloaded at
# configure time.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(EXPAT REQUIRED)
# Came with 2.6.0, and to Debian 12 with the fix of CVE-2023-52425; machines that were never updated have older ones.
include(CheckCXXSymbolExists)
set(CMAKE_REQUIRED_LIBRARIES EXPAT::EXPAT)
check_cxx_symbol_exists(XML_SetReparseDeferralEnabled expat.h EXPAT_DEFERS_REPARSING)
unset(CMAKE_REQUIRED_LIBRARIES)
if(NOT EXPAT_DEFERS_REPARSING)
  unset(EXPAT_DEFERS_REPARSING CACHE)  # it is looked for again once that is mended
  message(FATAL_ERROR "This libexpat is too old (2.6.0, or 2.5.0-1+deb12u2 of Debian 12, is needed): "
                      "apt-get update && apt-get install libexpat1-dev")
endif()
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(ISAL REQUIRED IMPORTED_TARGET libisal)
