#include <boost/test/unit_test.hpp>  // BOOST_TEST_MODULE comes from CMake
