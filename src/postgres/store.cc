#include "postgres/store.h"

#include <fmt/core.h>

#include "postgres/address.h"
#include "postgres/engine.h"
#include "postgres/migrations.h"
#include "postgres/open.h"
#include "postgres/watch.h"
#include "sql/writer.h"

namespace mainspring::postgres {
namespace {

// Before the writer looks by itself; the watch wakes it earlier.
constexpr std::chrono::milliseconds kLookEvery{250};

class PgStore final : public Store {
 public:
  PgStore(const Address& address, const Settings& settings)
      : address_(address),
        engine_(address, settings.wall, settings.correction),
        clock_(engine_.clock_offset()),
        writer_(engine_, {settings.log, settings.observe}, kLookEvery),
        watch_(address, {engine_.last_turn(), engine_.clock_offset()}, [this] { writer_.wake(); }) {
  }

  store::Writer& writer() override { return writer_; }
  std::unique_ptr<store::Reads> open_reads() override {
    return std::make_unique<Reads>(address_, engine_.counts());
  }
  std::optional<store::ClockDifference> clock_offset() const override {
    const auto best = clock_.best();
    if (!best) return std::nullopt;
    return store::ClockDifference{best->offset, best->round_trip / 2};
  }
  const std::string& shown() const override { return address_.shown; }

 private:
  const Address address_;
  Engine engine_;
  const ClockOffset& clock_;
  sql::GroupWriter writer_;
  TurnWatch watch_;  // last: it wakes the writer
};

Inspection look(const Address& address, const Settings& settings) {
  PgDatabase database(address);
  Connection& connection = database.connection();
  const auto ask = [&](const char* sql) { return read_integer(connection.ask(sql), 0); };
  ClockOffset clock(settings.wall);
  for (int i = 0; i < 4; ++i)
    clock.measure([&] { return ask(kAskClock); });
  const ClockOffset::Sample best = *clock.best();
  return {
      .shown = address.shown,
      .server = connection.setting("server_version"),
      .schema = find_schema(database),
      .newest = std::ssize(migrations()),
      .clock = {best.offset, best.round_trip / 2},
      .is_pooled = connection.is_pooled(),
      .is_durable = ask("SELECT CASE current_setting('fsync') WHEN 'off' THEN 0 ELSE 1 END") == 1};
}

}  // namespace

base::Result<std::unique_ptr<Store>> open(const Settings& settings) {
  const auto address = find_address(settings);
  if (!address) return base::fail(address.error());
  return caught(*address, [&]() -> std::unique_ptr<Store> {
    return std::make_unique<PgStore>(*address, settings);
  });
}

base::Result<Inspection> inspect(const Settings& settings) {
  const auto address = find_address(settings);
  if (!address) return base::fail(address.error());
  return caught(*address, [&] { return look(*address, settings); });
}

bool is_url(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

}  // namespace mainspring::postgres
