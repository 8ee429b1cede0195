// The least that starting programs and keeping their output can cost: threads that call
// posix_spawn, read a pipe to its end and wait.
//
// Usage: bench_spawn COUNT THREADS PROGRAM [ARGUMENT...]; prints programs per second.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

// Throws where the machine cannot start a program: there is nothing to measure then.
std::string capture(char** arguments) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  pid_t child = 0;
  const int failure = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (failure != 0) throw std::runtime_error(std::string{"cannot start "} + arguments[0]);
  std::string output;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = ::read(ends[0], buffer, sizeof buffer)) > 0)
    output.append(buffer, static_cast<std::size_t>(count));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return output;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: bench_spawn COUNT THREADS PROGRAM [ARGUMENT...]\n", stderr);
    return 2;
  }
  const int count = std::atoi(argv[1]);
  std::atomic<int> left = count;
  std::atomic<std::size_t> bytes = 0;
  const auto began = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < std::atoi(argv[2]); ++i) {
      threads.emplace_back([&] {
        while (left.fetch_sub(1) > 0)
          bytes += capture(argv + 3).size();
      });
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%.1f\n", count / took.count());
}
