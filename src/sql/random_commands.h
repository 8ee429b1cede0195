// RandomCommands: commands of every kind, many of them senseless, for tests that look at what an
// engine's tables and memory are after whatever came. The same seed and the same replies give the
// same commands.
//
// Belongs to one thread. Throws std::logic_error for a reply that no right store gives.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <vector>

#include "sql/database.h"
#include "store/commands.h"

namespace mainspring::sql {

class RandomCommands {
 public:
  explicit RandomCommands(std::uint64_t seed) : random_(seed) {}

  // The first group: a queue that lets two run at a time.
  std::vector<store::Request> begin();
  // A group of up to six for the engine that works on `database`, which is asked what is there.
  std::vector<store::Request> next(Database& database);
  // What became of a group; then time passes.
  void learn(std::span<const store::Request> group,
             std::span<const base::Result<store::Reply>> replies);
  std::int64_t below(std::int64_t limit);  // from 0 on

 private:
  template <class T>
  T any_of(const std::vector<T>& values);
  template <class Id>
  Id fresh();

  store::Command command();
  store::Command pause();
  store::Command change_queue();
  store::Command change_run();
  store::Command apply_jobs();
  void set_policies(model::JobSpec& spec);
  model::ExpectSpec expectation();
  base::RunId taken_run();
  store::Command submit();
  store::Command materialise();
  store::Command operate();
  store::Command register_worker();
  store::Command finish();
  void learn_one(const store::Command& command, const store::Reply& reply);
  void learn_claims(const store::ClaimRuns& command, const store::RunsClaimed& claimed);

  std::mt19937_64 random_;
  Database* database_ = nullptr;  // during next()
  base::Instant now_ = base::from_millis(1'767'225'600'000);
  std::vector<base::JobId> jobs_;
  std::vector<base::RunId> runs_;
  std::vector<base::ScheduleId> schedules_;
  std::vector<base::WorkerId> workers_;
  std::vector<base::OperationId> operations_;
  std::vector<store::LeaseRef> held_;
  std::map<base::RunId, std::int64_t> epochs_;
};

}  // namespace mainspring::sql
