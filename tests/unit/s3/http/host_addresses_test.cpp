#include "s3/http/host_addresses.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <string>

using namespace beatsync::s3;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const host_addresses::time_point start{std::chrono::hours(1)};

host_addresses::list of(std::initializer_list<const char*> addresses) {
  host_addresses::list list;
  for (const char* a : addresses) list.emplace_back(boost::asio::ip::make_address(a), 443);
  return list;
}

boost::asio::ip::address at(const char* address) { return boost::asio::ip::make_address(address); }

std::string text(const host_addresses::list& list) {
  std::string all;
  for (const auto& e : list) all += (all.empty() ? "" : " ") + e.address().to_string();
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(addresses_of_a_host)

BOOST_AUTO_TEST_CASE(the_families_take_turns) {
  BOOST_TEST(text(families_in_turn(of({}))) == "");
  BOOST_TEST(text(families_in_turn(of({"::1", "::2", "::3", "::4", "1.0.0.1"}))) ==
             "::1 1.0.0.1 ::2 ::3 ::4");
  BOOST_TEST(text(families_in_turn(of({"1.0.0.1", "1.0.0.2", "::1", "::2"}))) ==
             "1.0.0.1 ::1 1.0.0.2 ::2");
}

BOOST_AUTO_TEST_CASE(each_connection_begins_with_the_next_one) {
  host_addresses host;
  BOOST_TEST(!host.fresh(start));
  host.learn(of({"1.0.0.1", "1.0.0.2", "1.0.0.3"}), start);
  BOOST_TEST(text(host.in_turn(start)) == "1.0.0.1 1.0.0.2 1.0.0.3");
  BOOST_TEST(text(host.in_turn(start)) == "1.0.0.2 1.0.0.3 1.0.0.1");
  BOOST_TEST(text(host.in_turn(start)) == "1.0.0.3 1.0.0.1 1.0.0.2");
  BOOST_TEST(host.fresh(start + seconds(299)));
  BOOST_TEST(!host.fresh(start + minutes(5)));
}

BOOST_AUTO_TEST_CASE(those_that_failed_lately_come_last_whose_turn_ever_it_is) {
  host_addresses host;
  host.learn(of({"1.0.0.1", "1.0.0.2", "1.0.0.3", "1.0.0.4"}), start);
  host.in_turn(start);
  host.failed(at("1.0.0.2"), start);
  host.failed(at("1.0.0.1"), start + seconds(1));
  const auto now = start + seconds(2);
  BOOST_TEST(text(host.in_turn(now)) == "1.0.0.4 1.0.0.3 1.0.0.2 1.0.0.1");
  BOOST_TEST(text(host.in_turn(now)) == "1.0.0.3 1.0.0.4 1.0.0.2 1.0.0.1");
  BOOST_TEST(text(host.in_turn(now)) == "1.0.0.4 1.0.0.3 1.0.0.2 1.0.0.1");
  // Five minutes after its failure an address is as good as any.
  BOOST_TEST(text(host.in_turn(start + minutes(5))) == "1.0.0.3 1.0.0.4 1.0.0.2 1.0.0.1");
}

BOOST_AUTO_TEST_CASE(looked_up_again_they_are_still_last) {
  host_addresses host;
  host.learn(of({"1.0.0.1", "1.0.0.2", "1.0.0.3"}), start);
  host.in_turn(start);
  host.failed(at("1.0.0.1"), start);
  host.failed(at("1.0.0.2"), start);
  host.forget();
  BOOST_TEST(!host.fresh(start));
  host.learn(of({"1.0.0.1", "1.0.0.2", "1.0.0.3"}), start);
  BOOST_TEST(text(host.in_turn(start)) == "1.0.0.3 1.0.0.1 1.0.0.2");
}

BOOST_AUTO_TEST_CASE(where_all_have_failed_none_has) {
  host_addresses host;
  host.learn(of({"1.0.0.1", "1.0.0.2"}), start);
  host.in_turn(start);
  host.failed(at("1.0.0.1"), start);
  host.failed(at("1.0.0.2"), start);
  host.forget();
  host.learn(of({"1.0.0.1", "1.0.0.2"}), start);
  // The network was away; the other one is first now.
  BOOST_TEST(text(host.in_turn(start)) == "1.0.0.2 1.0.0.1");
  host.failed(at("1.0.0.2"), start);
  BOOST_TEST(text(host.in_turn(start)) == "1.0.0.1 1.0.0.2");
  BOOST_TEST(text(host.in_turn(start)) == "1.0.0.1 1.0.0.2");
}

BOOST_AUTO_TEST_SUITE_END()
