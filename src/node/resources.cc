// What this machine has for runs.
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>

#include "base/text.h"
#include "node/workshop.h"
#include "runner/process/process.h"

namespace mainspring::node {
namespace {

constexpr std::int64_t kMebibyte = 1 << 20;
// A driver that is stuck keeps nvidia-smi from answering.
constexpr std::chrono::seconds kGpuPatience{10};

double load_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof(set), &set) == 0) return CPU_COUNT(&set);
  return static_cast<double>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

// A container's share, as control groups of version 2 say it; 0: all of it.
double load_cpu_quota() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0;
  double period = 0;
  return file >> quota >> period && period > 0 ? quota / period : 0;
}

std::int64_t load_number(const char* path) {
  std::ifstream file(path);
  std::int64_t number = 0;
  return file >> number ? number : 0;
}

std::int64_t load_memory() {
  const std::int64_t machine = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) *
                               static_cast<std::int64_t>(::sysconf(_SC_PAGE_SIZE));
  const std::int64_t share = load_number("/sys/fs/cgroup/memory.max");
  return share > 0 ? std::min(machine, share) : machine;
}

class Text final : public runner::OutputSink {
 public:
  void output(runner::OutputStream stream, std::string_view bytes) override {
    if (stream == runner::OutputStream::out) text_ += bytes;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string ask_nvidia_smi() {
  runner::ProcessSpec spec;
  spec.argv = {"nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"};
  const char* path = std::getenv("PATH");
  spec.environment["PATH"] = path == nullptr ? runner::kDefaultPath : path;
  spec.run_timeout = kGpuPatience;
  spec.grace = base::Duration{0};
  spec.label = "nvidia-smi";
  runner::StopLine stop;
  const auto process = runner::launch(spec, stop, nullptr);
  if (!process) return {};  // no GPUs of that make, as a rule
  Text text;
  while (!(*process)->finished())
    (*process)->pump(runner::SteadyTime::max(), text);
  return (*process)->ending().exit_code == 0 ? text.text() : std::string{};
}

}  // namespace

void add_gpus(model::WorkerResources& resources, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t comma = line.rfind(", ");
    if (comma == std::string_view::npos) continue;
    std::int64_t mebibytes = 0;  // "[N/A]" where the memory is the machine's own
    std::from_chars(line.data() + comma + 2, line.data() + line.size(), mebibytes);
    const std::int64_t bytes = mebibytes * kMebibyte;
    const bool is_first = resources.gpus++ == 0;
    resources.gpu_memory_bytes = is_first ? bytes : std::min(resources.gpu_memory_bytes, bytes);
    resources.gpu_names.emplace_back(line.substr(0, comma));
  }
}

model::WorkerResources load_resources(const ResourceConfig& said) {
  model::WorkerResources resources;
  const double quota = load_cpu_quota();
  resources.cpu = quota > 0 ? std::min(load_cpus(), quota) : load_cpus();
  if (said.cpu > 0) resources.cpu = said.cpu;
  resources.memory_bytes = said.memory_bytes > 0 ? said.memory_bytes : load_memory();
  if (said.gpus >= 0) {
    resources.gpus = said.gpus;
  } else {
    add_gpus(resources, ask_nvidia_smi());
  }
  if (said.gpu_memory_bytes > 0) resources.gpu_memory_bytes = said.gpu_memory_bytes;
  return resources;
}

}  // namespace mainspring::node
