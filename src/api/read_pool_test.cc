#include "api/read_pool.h"

#include <atomic>
#include <future>
#include <stdexcept>

#include <doctest/doctest.h>

namespace mainspring::api {
namespace {

// A store whose connections nobody asks: the work of these tests reads nothing.
struct NoAnswer {
  template <class T>
  operator T&() const {
    throw std::logic_error("the work of these tests reads nothing");
  }
};

class NoReads final : public store::Reads {
 public:
  store::JobReads& jobs() override { return NoAnswer{}; }
  store::RunReads& runs() override { return NoAnswer{}; }
  store::ScheduleReads& schedules() override { return NoAnswer{}; }
  store::QueueReads& queues() override { return NoAnswer{}; }
  store::CalendarReads& calendars() override { return NoAnswer{}; }
  store::ConnectionReads& connections() override { return NoAnswer{}; }
  store::OperationReads& operations() override { return NoAnswer{}; }
  store::PingReads& pings() override { return NoAnswer{}; }
  store::EventReads& events() override { return NoAnswer{}; }
  store::WorkerReads& workers() override { return NoAnswer{}; }
  store::NodeReads& nodes() override { return NoAnswer{}; }
  store::TokenReads& tokens() override { return NoAnswer{}; }
};

class NoStore final : public store::Store {
 public:
  store::Writer& writer() override { return NoAnswer{}; }
  std::unique_ptr<store::Reads> open_reads() override { return std::make_unique<NoReads>(); }
};

TEST_CASE("each piece of work is done once, however many post and however long they pause") {
  NoStore store;
  std::atomic<int> done = 0;
  constexpr int kPosters = 4;
  constexpr int kEach = 5'000;
  std::promise<void> last;
  ReadPool pool(store, 4, kPosters * kEach);
  std::vector<std::thread> posters;
  for (int t = 0; t < kPosters; ++t) {
    posters.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        const bool is_taken = pool.post([&](store::Reads&) {
          if (++done == kPosters * kEach) last.set_value();
        });
        if (!is_taken) throw std::logic_error("refused");
        if (i % 64 == 0) std::this_thread::sleep_for(std::chrono::microseconds(i % 7 * 30));
      }
    });
  }
  for (std::thread& poster : posters)
    poster.join();
  CHECK(last.get_future().wait_for(std::chrono::seconds(60)) == std::future_status::ready);
}

TEST_CASE("long work stands in nobody's way while another thread is there") {
  NoStore store;
  std::promise<void> may_end;
  const auto end = may_end.get_future().share();
  ReadPool pool(store, 3, 1'000);
  for (int i = 0; i < 2; ++i)
    REQUIRE(pool.post([end](store::Reads&) { end.wait(); }));
  std::promise<void> done;
  std::atomic<int> left = 100;
  for (int i = 0; i < 100; ++i) {
    REQUIRE(pool.post([&](store::Reads&) {
      if (--left == 0) done.set_value();
    }));
  }
  CHECK(done.get_future().wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  may_end.set_value();
}

TEST_CASE("work that comes while a thread is being woken has one too") {
  NoStore store;
  ReadPool pool(store, 2, 10);
  for (int i = 0; i < 1'000; ++i) {
    auto second = std::make_shared<std::promise<void>>();
    auto first = std::make_shared<std::promise<bool>>();
    REQUIRE(pool.post([first, done = second->get_future().share()](store::Reads&) {
      first->set_value(done.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    }));
    REQUIRE(pool.post([second](store::Reads&) { second->set_value(); }));
    REQUIRE(first->get_future().get());
  }
}

TEST_CASE("bulk leaves a thread to the questions, and is all done") {
  NoStore store;
  std::promise<void> may_go_on;
  const auto go_on = may_go_on.get_future().share();
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  std::atomic<int> left = 50;
  std::promise<void> done;
  ReadPool pool(store, 2, 1'000);
  for (int i = 0; i < 50; ++i) {
    pool.post_bulk([&, go_on](store::Reads&) {
      most = std::max(most.load(), ++at_once);
      go_on.wait();
      --at_once;
      if (--left == 0) done.set_value();
    });
  }
  std::promise<void> answered;
  REQUIRE(pool.post([&](store::Reads&) { answered.set_value(); }));
  CHECK(answered.get_future().wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  may_go_on.set_value();
  CHECK(done.get_future().wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  CHECK(most == 1);
}

TEST_CASE("bulk is not starved by questions without end") {
  NoStore store;
  std::promise<void> done;
  std::atomic<bool> is_done = false;
  ReadPool pool(store, 1, 1'000);
  std::function<void(store::Reads&)> ask = [&](store::Reads&) {
    if (!is_done) pool.post(ask);
  };
  for (int i = 0; i < 4; ++i)
    REQUIRE(pool.post(ask));
  pool.post_bulk([&](store::Reads&) {
    is_done = true;
    done.set_value();
  });
  CHECK(done.get_future().wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  is_done = true;
}

TEST_CASE("more work than may wait is refused, and what waits at the end is dropped") {
  NoStore store;
  std::promise<void> begun;
  std::promise<void> may_end;
  std::atomic<int> done = 0;
  std::thread ends_it;
  {
    ReadPool pool(store, 1, 2);
    REQUIRE(pool.post([&, end = may_end.get_future().share()](store::Reads&) {
      begun.set_value();
      end.wait();
    }));
    begun.get_future().wait();
    CHECK(pool.post([&](store::Reads&) { ++done; }));
    CHECK(pool.post([&](store::Reads&) { ++done; }));
    CHECK_FALSE(pool.post([&](store::Reads&) { ++done; }));
    ends_it = std::thread([&may_end] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      may_end.set_value();
    });
  }
  ends_it.join();
  CHECK(done == 0);
}

}  // namespace
}  // namespace mainspring::api
