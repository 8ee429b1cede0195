#include "system/process_figures.h"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <unistd.h>

namespace mainspring::system {
namespace {

TEST_CASE("a process knows its memory, threads, limits and when it began") {
  const ProcessFigures figures = load_process_figures();
  CHECK(figures.resident_bytes > 1 << 20);
  CHECK(figures.virtual_bytes >= figures.resident_bytes);
  CHECK(figures.threads >= 1);
  CHECK(figures.max_fds >= figures.open_fds);
  CHECK(figures.cpu_seconds >= 0);
  const double year_2020 = 1'577'836'800;
  CHECK(figures.start_time > year_2020);
}

TEST_CASE("a descriptor that is opened is counted once") {
  const std::int64_t before = load_process_figures().open_fds;
  const int descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  REQUIRE(descriptor >= 0);
  CHECK(load_process_figures().open_fds == before + 1);
  ::close(descriptor);
  CHECK(load_process_figures().open_fds == before);
}

TEST_CASE("a file that is not there has no size") {
  CHECK(load_file_size("/nowhere/at/all") == 0);
  CHECK(load_file_size("/proc/self/exe") > 0);
}

}  // namespace
}  // namespace mainspring::system
