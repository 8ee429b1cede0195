// Prints the monotonic clock in nanoseconds: when a job's process began to run.
#include <cstdio>
#include <ctime>

int main() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  std::printf("%lld\n", now.tv_sec * 1'000'000'000LL + now.tv_nsec);
}
