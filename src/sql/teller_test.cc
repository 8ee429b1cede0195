#include "sql/teller.h"

#include <atomic>
#include <future>
#include <stdexcept>

#include <doctest/doctest.h>

namespace mainspring::sql {
namespace {

using namespace std::chrono_literals;

// So many callers, each of whom says that it was answered.
Teller::Group group_of(std::size_t size, const std::function<void()>& answered) {
  Teller::Group group;
  for (std::size_t i = 0; i < size; ++i) {
    group.requests.emplace_back();
    group.completions.emplace_back([answered](const base::Result<store::Reply>&) { answered(); });
    group.result.replies.emplace_back(store::Reply{});
  }
  group.result.notices.emplace_back(store::EventsAdded{std::int64_t(size)});
  return group;
}

TEST_CASE("large and small groups are told in the order given: observer, listeners, callers") {
  std::vector<std::string> told;
  std::vector<std::string> expected;
  {
    Teller teller([&](const store::Tally& tally) {
      told.push_back(fmt::format("tally {}", tally.commands));
    });
    teller.add_listener([&](const std::vector<store::Notice>& notices) {
      told.push_back(
          fmt::format("notice {}", std::get<store::EventsAdded>(notices.at(0)).last_position));
    });
    for (const std::size_t size : {1, 300, 2, 40, 1, 1, 200, 3}) {
      teller.tell(group_of(size, [&told] { told.emplace_back("answer"); }));
      expected.push_back(fmt::format("tally {}", size));
      expected.push_back(fmt::format("notice {}", size));
      expected.insert(expected.end(), size, "answer");
    }
  }
  CHECK(told == expected);
}

TEST_CASE("a large group holds up nobody, and a small one behind it waits for its turn") {
  std::promise<void> may_answer;
  std::atomic<int> answered = 0;
  Teller teller({});
  teller.tell(group_of(100, [&, go = may_answer.get_future().share()] {
    go.wait();
    ++answered;
  }));
  std::promise<int> before;
  teller.tell(group_of(1, [&] { before.set_value(answered); }));
  CHECK(answered == 0);
  may_answer.set_value();
  CHECK(before.get_future().get() == 100);
}

TEST_CASE("a small group is told at once, on the thread that brings it") {
  Teller teller({});
  std::thread::id there;
  teller.tell(group_of(1, [&] { there = std::this_thread::get_id(); }));
  CHECK(there == std::this_thread::get_id());
}

TEST_CASE("who brings groups waits while too many are to be told") {
  std::promise<void> may_answer;
  std::atomic<int> brought = 0;
  std::atomic<int> answered = 0;
  Teller teller({});
  std::thread brings([&, go = may_answer.get_future().share()] {
    for (int i = 0; i < 50; ++i) {
      teller.tell(group_of(10, [&answered, go] {
        go.wait();
        ++answered;
      }));
      ++brought;
    }
  });
  std::this_thread::sleep_for(50ms);
  CHECK(brought < 10);
  may_answer.set_value();
  brings.join();
  CHECK(brought == 50);
}

TEST_CASE("listeners and callers that throw stop nobody else") {
  int answered = 0;
  {
    Teller teller({});
    teller.add_listener([](const auto&) { throw std::runtime_error("no"); });
    for (int i = 0; i < 3; ++i) {
      teller.tell(group_of(20, [&] {
        ++answered;
        throw std::runtime_error("no");
      }));
    }
  }
  CHECK(answered == 60);
}

}  // namespace
}  // namespace mainspring::sql
