// Our side of a measurement beside peers: the engine does what the lines of standard input say and
// answers each with a line of JSON; it ends with its input. bench_peers.py and bench_fleet.py start
// it.
//
// Usage: bench_driven STORE: the file of a SQLite store, which is made, or the address of a
// PostgreSQL database, which several of these may share
//
//   adds CALLERS EACH MS     so many callers add EACH runs at a time, for so long: {"rate": adds/s}
//   lives CALLERS EACH MS    and claim as many, and finish them: {"rate": whole lives/s}
#include <iostream>
#include <sstream>

#include "engine.h"
#include "figures.h"
#include "postgres/store.h"
#include "sqlite/store.h"

namespace mainspring::bench {
namespace {

// As the peers' jobs: 100 bytes of JSON.
std::map<std::string, json::Value> payload() {
  return {{"order", json::Value(std::string(88, 'x'))}};
}

std::unique_ptr<store::Store> open(const std::string& place) {
  if (postgres::is_url(place)) return taken(postgres::open({.url = place}));
  return taken(sqlite::open({.path = place}));
}

double rate_of(Engine& engine, const std::string& line) {
  std::istringstream words(line);
  std::string verb;
  int callers = 1;
  std::int64_t each = 1;
  std::int64_t millis = 0;
  if (!(words >> verb >> callers >> each >> millis)) {
    throw std::runtime_error(fmt::format("bench_driven does not understand '{}'", line));
  }
  const Load load{callers, std::chrono::milliseconds(millis)};
  if (verb == "lives") return measure_rate(load, [&] { return engine.live(each); }).wall;
  return measure_rate(load,
                      [&] {
                        engine.submit(each);
                        return each;
                      })
      .wall;
}

}  // namespace
}  // namespace mainspring::bench

int main(int argc, char** argv) {
  using namespace mainspring::bench;
  if (argc != 2) {
    fmt::print(stderr, "usage: bench_driven STORE\n");
    return 2;
  }
  Engine engine(open(argv[1]), payload());
  std::cout << "{}" << std::endl;
  for (std::string line; std::getline(std::cin, line);)
    std::cout << fmt::format(R"({{"rate": {}}})", rate_of(engine, line)) << std::endl;
}
