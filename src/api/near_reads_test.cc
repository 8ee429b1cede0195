#include "api/near_reads.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace mainspring::api {
namespace {

using namespace std::chrono_literals;

// What is read matters to none of these tests.
class NoReads final : public store::Reads {
 public:
  store::JobReads& jobs() override { throw std::logic_error("read"); }
  store::RunReads& runs() override { throw std::logic_error("read"); }
  store::ScheduleReads& schedules() override { throw std::logic_error("read"); }
  store::QueueReads& queues() override { throw std::logic_error("read"); }
  store::CalendarReads& calendars() override { throw std::logic_error("read"); }
  store::ConnectionReads& connections() override { throw std::logic_error("read"); }
  store::OperationReads& operations() override { throw std::logic_error("read"); }
  store::PingReads& pings() override { throw std::logic_error("read"); }
  store::EventReads& events() override { throw std::logic_error("read"); }
  store::WorkerReads& workers() override { throw std::logic_error("read"); }
  store::NodeReads& nodes() override { throw std::logic_error("read"); }
  store::TokenReads& tokens() override { throw std::logic_error("read"); }
};
class NoStore final : public store::Store {
 public:
  store::Writer& writer() override { throw std::logic_error("written"); }
  std::unique_ptr<store::Reads> open_reads() override { return std::make_unique<NoReads>(); }
};

TEST_CASE("a question is answered on the asking thread while a connection is free") {
  NoStore store;
  NearReads reads(store, 1);
  bool second = true;
  CHECK(reads.serve([&](store::Reads&) { second = reads.serve([](store::Reads&) {}); }));
  CHECK_FALSE(second);
  CHECK(reads.serve([](store::Reads&) {}));
  CHECK_FALSE(NearReads(store, 0).serve([](store::Reads&) {}));
}

TEST_CASE("after a question that took long nothing is answered on the asking thread for a while") {
  NoStore store;
  NearReads::Clock::time_point now{1h};
  NearReads reads(store, 1, [&now] { return now; });
  CHECK(reads.serve([&](store::Reads&) { now += NearReads::kLong; }));
  CHECK(reads.serve([&](store::Reads&) { now += NearReads::kLong + 1ms; }));
  CHECK_FALSE(reads.serve([](store::Reads&) {}));
  now += NearReads::kRest - 1ms;
  CHECK_FALSE(reads.serve([](store::Reads&) {}));
  now += 1ms;
  CHECK(reads.serve([](store::Reads&) {}));
}

}  // namespace
}  // namespace mainspring::api
