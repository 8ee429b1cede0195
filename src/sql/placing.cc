#include "sql/placing.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "model/placement.h"

namespace mainspring::sql {
namespace {

// Entries of runs that ended elsewhere meanwhile are thrown away with the rest.
constexpr std::size_t kMostLeft = 10'000;

bool is_within(std::int64_t wanted, std::int64_t used, std::int64_t has) {
  return wanted == 0 || has == 0 || used + wanted <= has;
}

// How much of what it wants is lacking, from 0 to 1.
double lack(std::int64_t wanted, std::int64_t used, std::int64_t has) {
  if (wanted == 0 || has == 0 || used + wanted <= has) return 0;
  return std::min(1.0, static_cast<double>(used + wanted - has) / static_cast<double>(wanted));
}

double shortage(const Needs& needs, const WorkerRow& worker, const Use& use) {
  return std::max({lack(needs.slots, use.slots, worker.slots),
                   lack(needs.take.cpu_millis, use.cpu_millis, worker.has.cpu_millis),
                   lack(needs.take.memory_bytes, use.memory_bytes, worker.has.memory_bytes),
                   lack(needs.take.gpus, use.gpus, worker.has.gpus)});
}

// "512MiB", in the largest unit that leaves no fraction worth reading.
std::string bytes_words(std::int64_t bytes) {
  constexpr std::int64_t kUnit = 1024;
  static constexpr const char* kNames[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < kUnit) return fmt::format("{} bytes", bytes);
  auto amount = static_cast<double>(bytes) / kUnit;
  std::size_t unit = 0;
  for (; amount >= kUnit && unit + 1 < std::size(kNames); ++unit)
    amount /= kUnit;
  const double rounded = std::round(amount * 10) / 10;
  return fmt::format("{}{}", rounded, kNames[unit]);
}

// The value of the label that the job spreads over; workers without it are one place.
std::string_view place_of(const Wish& wish, const WorkerRow& worker) {
  const auto found = worker.labels.find(wish.spec.spread->label);
  return found == worker.labels.end() ? std::string_view{} : std::string_view{found->second};
}

std::string cores_words(std::int64_t millis) {
  return fmt::format("{}", static_cast<double>(millis) / 1000);
}

}  // namespace

Take take_of(const model::ResourceSpec& resources) {
  return {std::llround(resources.cpu * 1000), resources.memory_bytes, resources.gpus,
          resources.gpu_memory_bytes};
}

Take take_of(const model::WorkerResources& resources) {
  return {std::llround(resources.cpu * 1000), resources.memory_bytes, resources.gpus,
          resources.gpu_memory_bytes};
}

model::WorkerResources resources_of(const Take& take) {
  model::WorkerResources out;
  out.cpu = static_cast<double>(take.cpu_millis) / 1000;
  out.memory_bytes = take.memory_bytes;
  out.gpus = take.gpus;
  out.gpu_memory_bytes = take.gpu_memory_bytes;
  return out;
}

WishRef wish_of(const model::PlacementSpec& placement, JobKey job) {
  return WishRef({placement, placement.spread ? job : 0});
}

bool has_room(const Needs& needs, const WorkerRow& worker, const Use& use) {
  return use.slots + needs.slots <= worker.slots &&
         is_within(needs.take.cpu_millis, use.cpu_millis, worker.has.cpu_millis) &&
         is_within(needs.take.memory_bytes, use.memory_bytes, worker.has.memory_bytes) &&
         (needs.take.gpus == 0 || use.gpus + needs.take.gpus <= worker.has.gpus);
}

bool fits(const Needs& needs, const WorkerRow& worker) {
  if (!has_room(needs, worker, {})) return false;
  if (needs.take.gpus > 0 && needs.take.gpu_memory_bytes > worker.has.gpu_memory_bytes)
    return false;
  const Wish* const wish = needs.wish.get();
  return wish == nullptr || model::fits(wish->spec, worker.labels);
}

std::vector<std::string> misfits(const Needs& needs, const WorkerRow& worker) {
  std::vector<std::string> out;
  if (const Wish* const wish = needs.wish.get()) out = model::misfits(wish->spec, worker.labels);
  const Take& take = needs.take;
  const Take& has = worker.has;
  if (needs.slots > worker.slots) {
    out.push_back(fmt::format("{} slots (it has {})", needs.slots, worker.slots));
  }
  if (!is_within(take.cpu_millis, 0, has.cpu_millis)) {
    out.push_back(fmt::format("cpu {} (it has {})", cores_words(take.cpu_millis),
                              cores_words(has.cpu_millis)));
  }
  if (!is_within(take.memory_bytes, 0, has.memory_bytes)) {
    out.push_back(fmt::format("memory {} (it has {})", bytes_words(take.memory_bytes),
                              bytes_words(has.memory_bytes)));
  }
  if (take.gpus > has.gpus) out.push_back(fmt::format("gpus {} (it has {})", take.gpus, has.gpus));
  if (take.gpus > 0 && has.gpus > 0 && take.gpu_memory_bytes > has.gpu_memory_bytes) {
    out.push_back(fmt::format("gpu_memory {} (it has {})", bytes_words(take.gpu_memory_bytes),
                              has.gpu_memory_bytes > 0 ? bytes_words(has.gpu_memory_bytes)
                                                       : std::string("not said how much")));
  }
  return out;
}

std::string_view scarce(const Needs& needs, const WorkerRow& worker, const Use& use) {
  if (use.slots + needs.slots > worker.slots) return "slots";
  if (needs.take.gpus > 0 && use.gpus + needs.take.gpus > worker.has.gpus) return "gpus";
  if (!is_within(needs.take.memory_bytes, use.memory_bytes, worker.has.memory_bytes)) {
    return "memory";
  }
  if (!is_within(needs.take.cpu_millis, use.cpu_millis, worker.has.cpu_millis)) return "cpu";
  return "";
}

Verdict Placing::judge(const Needs& needs, const ReadyKey& head) {
  if (!fits(needs, asking_)) return Verdict::leave;
  const base::RunId run = std::get<base::RunId>(head);
  if (has_room(needs, asking_, use_of(asking_))) {
    return is_better_elsewhere(needs) && !is_impatient(run) ? Verdict::leave : Verdict::take;
  }
  if (!has_room_elsewhere(needs)) {
    parts_.left.erase(run);
  } else if (!is_impatient(run)) {
    return Verdict::leave;
  }
  return lacks_least(needs) ? Verdict::wait : Verdict::leave;
}

void Placing::note_taken(const Needs& needs, base::RunId run) {
  free_slots_ -= needs.slots;
  parts_.left.erase(run);
}

// The asking worker knows best how many of its slots are free: an attempt whose outcome is not on
// its way yet, or one that it has not heard of, makes a difference.
Use Placing::use_of(const WorkerRow& worker) const {
  Use use = parts_.live.use_of(worker.key);
  if (worker.key == asking_.key) use.slots = asking_.slots - free_slots_;
  return use;
}

bool Placing::is_candidate(const WorkerRow& worker, const Needs& needs) const {
  return worker.key != asking_.key && worker.takes_runs() && fits(needs, worker);
}

bool Placing::is_better_elsewhere(const Needs& needs) const {
  const Wish* const wish = needs.wish.get();
  if (wish == nullptr || (wish->spec.prefer.empty() && !wish->spec.spread)) return false;
  const Places places = count_places(*wish);
  const Score own = score(*wish, asking_, places);
  return std::ranges::any_of(parts_.workers, [&](const auto& entry) {
    const WorkerRow& worker = entry.second;
    return is_candidate(worker, needs) && has_room(needs, worker, use_of(worker)) &&
           score(*wish, worker, places) < own;
  });
}

bool Placing::has_room_elsewhere(const Needs& needs) const {
  return std::ranges::any_of(parts_.workers, [&](const auto& entry) {
    const WorkerRow& worker = entry.second;
    return is_candidate(worker, needs) && has_room(needs, worker, use_of(worker));
  });
}

// Of the workers without room; of two that lack as much, the older row.
bool Placing::lacks_least(const Needs& needs) const {
  const double own = shortage(needs, asking_, use_of(asking_));
  return std::ranges::none_of(parts_.workers, [&](const auto& entry) {
    const WorkerRow& worker = entry.second;
    if (!is_candidate(worker, needs)) return false;
    const Use use = use_of(worker);
    if (has_room(needs, worker, use)) return false;  // it does not take what it could
    const double lacks = shortage(needs, worker, use);
    return lacks < own || (lacks == own && worker.key < asking_.key);
  });
}

bool Placing::is_impatient(base::RunId run) {
  if (parts_.left.size() >= kMostLeft) parts_.left.clear();
  const base::Instant until = parts_.left.try_emplace(run, now_).first->second + kPatience;
  if (now_ >= until) return true;
  next_look_ = std::min(next_look_.value_or(until), until);
  return false;
}

// How many attempts of the job are under way at each value of the label that it spreads over.
Placing::Places Placing::count_places(const Wish& wish) const {
  Places out;
  if (wish.spread_job == 0) return out;
  for (const auto& [key, attempts] : parts_.live.spread_of(wish.spread_job)) {
    const auto worker = parts_.workers.find(key);
    if (worker != parts_.workers.end()) out[place_of(wish, worker->second)] += attempts;
  }
  return out;
}

Placing::Score Placing::score(const Wish& wish, const WorkerRow& worker,
                              const Places& places) const {
  const auto near = wish.spread_job == 0 ? places.end() : places.find(place_of(wish, worker));
  return {near == places.end() ? 0 : near->second, -model::preference(wish.spec, worker.labels)};
}

}  // namespace mainspring::sql
