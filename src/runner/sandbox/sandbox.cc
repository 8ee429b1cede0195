#include "runner/sandbox/sandbox.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/core.h>

#include "json/codec.h"
#include "runner/process/fd.h"
#include "runner/sandbox/file_view.h"
#include "runner/sandbox/syscall_filter.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;
using model::SandboxFiles;
using model::SandboxNetwork;
using model::SandboxSpec;
using model::SandboxSyscalls;

// What root keeps, as in a usual container: enough to act as any user and on any file, nothing that
// administers the machine or leaves a namespace.
constexpr std::array kKeptCapabilities{CAP_CHOWN,   CAP_DAC_OVERRIDE,    CAP_FSETID,  CAP_FOWNER,
                                       CAP_SETGID,  CAP_SETUID,          CAP_SETPCAP, CAP_KILL,
                                       CAP_SETFCAP, CAP_NET_BIND_SERVICE};

std::unexpected<base::Error> fail_system(std::string_view what, int code) {
  const Code kind =
      code == EPERM || code == ENOSYS || code == EINVAL ? Code::unsupported : Code::unavailable;
  return base::fail(kind, fmt::format("{}: {}", what, std::generic_category().message(code)));
}

bool write_text(const char* path, std::string_view text) {
  const Fd file{::open(path, O_WRONLY | O_CLOEXEC)};
  return file.is_open() &&
         ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// Namespaces need a right that an ordinary user has only within a user namespace.
Result<void> become_own_root() {
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  if (::unshare(CLONE_NEWUSER) != 0)
    return fail_system(
        "cannot make a user namespace (sysctl kernel.unprivileged_userns_clone, "
        "user.max_user_namespaces)",
        errno);
  const bool is_mapped = write_text("/proc/self/setgroups", "deny") &&
                         write_text("/proc/self/uid_map", fmt::format("{0} {0} 1", uid)) &&
                         write_text("/proc/self/gid_map", fmt::format("{0} {0} 1", gid));
  if (!is_mapped) return fail_system("cannot map the user into its namespace", errno);
  return {};
}

Result<void> raise_loopback() {
  const Fd any{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", sizeof request.ifr_name - 1);
  request.ifr_flags = IFF_UP;
  if (any.is_open() && ::ioctl(any.get(), SIOCSIFFLAGS, &request) == 0) return {};
  return fail_system("cannot bring up the loopback of a network namespace", errno);
}

Result<void> make_namespaces(const SandboxSpec& spec) {
  int flags = 0;
  if (spec.filesystem != SandboxFiles::host) flags |= CLONE_NEWNS;
  if (spec.network == SandboxNetwork::none) flags |= CLONE_NEWNET;
  if (flags == 0) return {};
  if (::geteuid() != 0) {
    if (auto done = become_own_root(); !done) return done;
  }
  if (::unshare(flags) != 0) return fail_system("cannot make namespaces", errno);
  return spec.network == SandboxNetwork::none ? raise_loopback() : Result<void>{};
}

Result<void> drop_capabilities() {
  std::array<__user_cap_data_struct, 2> kept{};
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  if (::syscall(SYS_capget, &header, kept.data()) != 0)
    return fail_system("cannot read its capabilities", errno);
  for (unsigned capability = 0; capability < 64; ++capability) {
    if (std::ranges::count(kKeptCapabilities, static_cast<int>(capability)) > 0) continue;
    ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);  // fails for those that the kernel has not
    __user_cap_data_struct& word = kept[capability / 32];
    const std::uint32_t others = ~(std::uint32_t{1} << (capability % 32));
    word.effective &= others;
    word.permitted &= others;
    word.inheritable &= others;
  }
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (::syscall(SYS_capset, &header, kept.data()) != 0)
    return fail_system("cannot give up its capabilities", errno);
  return {};
}

std::vector<std::string> covered_by(const SandboxPlan& plan) {
  if (plan.spec.filesystem != SandboxFiles::private_) return {};
  std::vector<std::string> covered{"/home", "/root"};
  covered.insert(covered.end(), plan.hidden.begin(), plan.hidden.end());
  return covered;
}

std::vector<std::string> places_left(const SandboxPlan& plan) {
  std::vector<std::string> places = plan.kept;
  places.insert(places.end(), plan.shown.begin(), plan.shown.end());
  return places;
}

// In this order: what needs rights first, the filter that takes the last of them at the end.
Result<void> confine(const SandboxPlan& plan) {
  const bool has_view = plan.spec.filesystem != SandboxFiles::host;
  if (has_view && landlock_version() == 0)
    return base::fail(Code::unsupported,
                      "this kernel has no Landlock, by which files are kept from being written "
                      "(Linux 5.13, and `landlock` in the boot parameter lsm)");
  if (auto done = make_namespaces(plan.spec); !done) return done;
  if (has_view)
    if (auto done = cover_directories(covered_by(plan), places_left(plan)); !done) return done;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return fail_system("cannot give up new privileges", errno);
  if (has_view)
    if (auto done = forbid_writing(plan.kept); !done) return done;
  if (auto done = drop_capabilities(); !done) return done;
  return plan.spec.syscalls == SandboxSyscalls::default_ ? filter_syscalls() : Result<void>{};
}

int give_up(const SandboxPlan& plan, std::string_view why) {
  const Fd file{::open(plan.reason_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  const bool is_told = file.is_open() && ::write(file.get(), why.data(), why.size()) >= 0;
  if (!is_told) fmt::print(stderr, "mainspring: {}\n", why);
  return kNotStarted;
}

}  // namespace

const json::StructTable& SandboxPlan::described() {
  static const auto table = json::describe<SandboxPlan>(
      "SandboxPlan", "How a program is confined.",
      json::field<&SandboxPlan::spec>("spec", "What it can reach."),
      json::field<&SandboxPlan::kept>("kept", "Directories that it may write."),
      json::field<&SandboxPlan::shown>("shown", "Directories that stay as they are."),
      json::field<&SandboxPlan::hidden>("hidden", "Directories that are not there."),
      json::field<&SandboxPlan::reason_file>("reason_file",
                                             "Where to say why it was not started."));
  return table;
}

std::vector<std::string> wrap(const SandboxPlan& plan, const std::vector<std::string>& argv,
                              const std::string& program) {
  std::vector<std::string> out{program, kSandboxCommand, json::encode_text(plan)};
  out.insert(out.end(), argv.begin(), argv.end());
  return out;
}

int sandbox_main(int argc, const char* const* argv) {
  const auto document = json::parse_json(argc > 1 ? argv[0] : "");
  const auto plan = document ? json::decode<SandboxPlan>(*document)
                             : base::fail(base::Code::invalid_argument, "no plan");
  if (!plan) return kNotStarted;
  if (auto done = confine(*plan); !done)
    return give_up(*plan, "the sandbox cannot be made: " + done.error().message);
  ::execvp(argv[1], const_cast<char* const*>(argv + 1));
  return give_up(*plan, fmt::format("cannot start '{}' in its sandbox: {}", argv[1],
                                    std::generic_category().message(errno)));
}

}  // namespace mainspring::runner
