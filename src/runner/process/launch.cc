#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <cerrno>
#include <system_error>

#include <fmt/core.h>

#include "runner/process/cgroup.h"
#include "runner/process/process.h"

namespace mainspring::runner {
namespace {

using base::Code;

constexpr int kFirstFree = 3;  // below are the standard descriptors

std::string error_text(int code) { return std::generic_category().message(code); }

std::unexpected<base::Error> fail_system(std::string_view what, int code) {
  std::string_view hint;
  if (code == EMFILE || code == ENFILE) hint = "; raise the limit of open files (LimitNOFILE)";
  if (code == EAGAIN) hint = "; raise the limit of processes (TasksMax, LimitNPROC)";
  return base::fail(Code::unavailable, fmt::format("{}: {}{}", what, error_text(code), hint));
}

// A node started with closed standard descriptors gets 0, 1 or 2 for its own files: move them up.
base::Result<Fd> lift(Fd fd, std::string_view what) {
  if (!fd.is_open()) return fail_system(what, errno);
  if (fd.get() >= kFirstFree) return fd;
  Fd high{fcntl(fd.get(), F_DUPFD_CLOEXEC, kFirstFree)};
  if (!high.is_open()) return fail_system(what, errno);
  return high;
}

struct Pipe {
  Fd ours;
  Fd theirs;
};

base::Result<Pipe> make_output_pipe() {
  constexpr std::string_view kWhat = "cannot make a pipe for the program's output";
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) < 0) return fail_system(kWhat, errno);
  Fd read_end{ends[0]};
  auto write_end = lift(Fd{ends[1]}, kWhat);
  if (!write_end) return base::fail(std::move(write_end.error()));
  fcntl(read_end.get(), F_SETFL, O_NONBLOCK);  // of our end alone: the program's end blocks
  return Pipe{std::move(read_end), std::move(*write_end)};
}

// Input is a sealed file in memory: the program reads at its own pace, or not at all, and nobody
// has to feed it.
base::Result<Fd> make_input(const ProcessSpec& spec) {
  if (spec.input_fd >= 0) {
    return lift(Fd{fcntl(spec.input_fd, F_DUPFD_CLOEXEC, kFirstFree)},
                "cannot copy the descriptor of the program's input");
  }
  const std::optional<std::string>& input = spec.input;
  if (!input) return lift(Fd{open("/dev/null", O_RDONLY | O_CLOEXEC)}, "cannot open /dev/null");
  constexpr std::string_view kWhat = "cannot hold the program's input in memory";
  auto file = lift(Fd{memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING)}, kWhat);
  if (!file) return file;
  std::string_view rest = *input;
  while (!rest.empty()) {
    const ssize_t size = write(file->get(), rest.data(), rest.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return fail_system(kWhat, errno);
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  lseek(file->get(), 0, SEEK_SET);
  fcntl(file->get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
  return file;
}

// The program's arguments as exec takes them. Points into the spec and into its own strings.
class ExecImage {
 public:
  explicit ExecImage(const ProcessSpec& spec) {
    if (spec.argv.empty()) {
      arguments_ = {"/bin/sh", "-c", spec.shell};
    } else {
      arguments_ = spec.argv;
    }
    for (const auto& [name, value] : spec.environment) {
      environment_.push_back(fmt::format("{}={}", name, value));
    }
    find_candidates(spec);
    argv_ = point_at(arguments_);
    envp_ = point_at(environment_);
    paths_ = point_at(candidates_);
  }
  ExecImage(const ExecImage&) = delete;
  ExecImage& operator=(const ExecImage&) = delete;

  const std::string& program() const { return arguments_.front(); }
  const std::string& search_path() const { return search_path_; }  // "": none was needed
  const std::vector<std::string>& candidates() const { return candidates_; }

  void describe(ChildPlan& plan) {
    plan.argv = argv_.data();
    plan.environment = envp_.data();
    plan.candidates = paths_.data();
  }

 private:
  static std::vector<char*> point_at(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts)
      pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
  }

  void find_candidates(const ProcessSpec& spec) {
    if (program().contains('/')) {
      candidates_ = {program()};
      return;
    }
    const auto path = spec.environment.find("PATH");
    search_path_ = path == spec.environment.end() ? kDefaultPath : path->second;
    std::string_view rest = search_path_;
    while (true) {
      const std::size_t end = std::min(rest.find(':'), rest.size());
      const std::string_view folder = end == 0 ? "." : rest.substr(0, end);
      candidates_.push_back(fmt::format("{}/{}", folder, program()));
      if (end == rest.size()) break;
      rest.remove_prefix(end + 1);
    }
  }

  std::vector<std::string> arguments_;
  std::vector<std::string> environment_;
  std::vector<std::string> candidates_;
  std::string search_path_;
  std::vector<char*> argv_;
  std::vector<char*> envp_;
  std::vector<char*> paths_;
};

// What exec passes on ends at the first zero byte; a text that holds one would be cut in silence.
base::Result<void> check_texts(const ProcessSpec& spec) {
  const auto refuse = [](std::string what) -> base::Result<void> {
    return base::fail(Code::invalid_argument, std::move(what));
  };
  if (spec.argv.empty() && spec.shell.empty()) return refuse("the command is empty");
  if (!spec.argv.empty() && spec.argv.front().empty()) {
    return refuse("the first word of the command, the program, is empty");
  }
  for (const std::string& word : spec.argv) {
    if (word.contains('\0')) return refuse("a word of the command holds a zero byte");
  }
  if (spec.shell.contains('\0')) return refuse("the command holds a zero byte");
  for (const auto& [name, value] : spec.environment) {
    if (name.empty() || name.contains('=') || name.contains('\0') || value.contains('\0')) {
      return refuse(fmt::format(
          "the environment variable '{}' cannot be passed on: a name is not empty and holds no "
          "'=', and neither name nor value holds a zero byte",
          name));
    }
  }
  return {};
}

// ENOENT from exec has two meanings: no such program, or a script whose interpreter is missing.
bool is_there(const std::string& path, const std::string& working_dir) {
  const bool relative = !path.starts_with('/') && !working_dir.empty();
  return access((relative ? working_dir + "/" + path : path).c_str(), F_OK) == 0;
}

std::unexpected<base::Error> explain_exec(const ProcessSpec& spec, const ExecImage& image,
                                          int code) {
  const std::string& program = image.program();
  const auto say = [&](Code kind, std::string_view why) {
    return base::fail(kind, fmt::format("cannot start '{}': {}", program, why));
  };
  switch (code) {
    case ENOENT:
      for (const std::string& path : image.candidates()) {
        if (!is_there(path, spec.working_dir)) continue;
        return say(Code::not_found,
                   fmt::format("'{}' is there, but the interpreter that it names is not", path));
      }
      if (image.search_path().empty()) return say(Code::not_found, "no such file");
      return say(Code::not_found, fmt::format("no such file in PATH={}", image.search_path()));
    case EACCES:
      return say(Code::permission_denied,
                 "permission denied; is it an executable file (chmod +x), on a file system "
                 "mounted without noexec?");
    case ENOEXEC:
      return say(Code::invalid_argument,
                 "it is neither a binary for this machine nor a script whose first line starts "
                 "with #!");
    case E2BIG:
      return say(Code::too_large,
                 "arguments and environment are together over the kernel's limit; pass large "
                 "values by stdin or in a file");
    default:
      return fail_system(fmt::format("cannot start '{}'", program), code);
  }
}

std::unexpected<base::Error> explain(const ProcessSpec& spec, const ExecImage& image,
                                     const ChildPlan& plan) {
  const int code = plan.failed_errno;
  const std::string start = fmt::format("cannot start '{}'", image.program());
  switch (plan.failed_step) {
    case ChildStep::exec:
      return explain_exec(spec, image, code);
    case ChildStep::directory:
      return base::fail(code == EACCES ? Code::permission_denied : Code::not_found,
                        fmt::format("cannot enter the working directory '{}': {}", spec.working_dir,
                                    error_text(code)));
    case ChildStep::identity:
      return base::fail(Code::permission_denied,
                        fmt::format("{} as user id {}: {}; the node must run as root for this",
                                    start, spec.identity->uid, error_text(code)));
    case ChildStep::limits:
      return base::fail(
          Code::permission_denied,
          fmt::format("{}: cannot set its resource limits: {}", start, error_text(code)));
    case ChildStep::record:
      return fail_system(start + ": cannot write its process record", code);
    case ChildStep::group:
      return fail_system(start + ": cannot enter its control group", code);
    case ChildStep::deadline:
      return base::fail(Code::lease_lost, start + ": its lease has ended");
    case ChildStep::death_signal:
      return fail_system(start + ": cannot bind its life to the node's", code);
    default:
      return fail_system(start + ": cannot set up its session", code);
  }
}

}  // namespace

// The one place that fills in a Process.
class Launcher {
 public:
  static base::Result<std::unique_ptr<Process>> launch(const ProcessSpec& spec, StopLine& stop,
                                                       ProcessLedger* ledger) {
    if (auto fine = check_texts(spec); !fine) return base::fail(std::move(fine.error()));
    auto input = make_input(spec);
    if (!input) return base::fail(std::move(input.error()));
    auto out = make_output_pipe();
    if (!out) return base::fail(std::move(out.error()));
    auto err = make_output_pipe();
    if (!err) return base::fail(std::move(err.error()));
    std::unique_ptr<Process> process{new Process(stop, spec)};
    if (ledger != nullptr) {
      auto record = ledger->open_record(spec.label);
      if (!record) return base::fail(std::move(record.error()));
      process->record_ = std::move(*record);
    }
    ChildPlan plan;
    plan.standard[0] = input->get();
    plan.standard[1] = out->theirs.get();
    plan.standard[2] = err->theirs.get();
    process->out_ = std::move(out->ours);
    process->err_ = std::move(err->ours);
    if (auto started = start(spec, plan, *process); !started) {
      return base::fail(std::move(started.error()));
    }
    return process;
  }

 private:
  static base::Result<void> start(const ProcessSpec& spec, ChildPlan& plan, Process& process) {
    ExecImage image{spec};
    image.describe(plan);
    plan.working_dir = spec.working_dir.empty() ? nullptr : spec.working_dir.c_str();
    plan.record = process.record_.fd();
    if (spec.group != nullptr) {
      plan.birthplace = spec.group->birthplace();
      plan.entries = spec.group->entries().data();
      plan.entry_count = spec.group->entries().size();
    }
    plan.umask = spec.umask;
    plan.limits = spec.limits.data();
    plan.limit_count = spec.limits.size();
    if (spec.identity) {
      plan.identity = &*spec.identity;
      plan.groups = spec.identity->groups.data();
      plan.group_count = spec.identity->groups.size();
    }
    plan.parent = getpid();
    if (spec.begin_by) {
      plan.begin_by = std::chrono::nanoseconds{spec.begin_by->time_since_epoch()}.count();
    }
    process.start_clock();
    Child child = start_child(plan);
    if (child.pid < 0) {
      return fail_system(fmt::format("cannot start '{}'", image.program()), child.clone_errno);
    }
    if (plan.failed_step == ChildStep::none) {
      process.child_ = std::move(child);
      return {};
    }
    while (waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return explain(spec, image, plan);
  }
};

base::Result<std::unique_ptr<Process>> launch(const ProcessSpec& spec, StopLine& stop,
                                              ProcessLedger* ledger) {
  return Launcher::launch(spec, stop, ledger);
}

}  // namespace mainspring::runner
