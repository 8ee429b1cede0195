#include "sql/writer.h"

#include <fmt/core.h>

#include <chrono>
#include <future>

namespace mainspring::sql {
namespace {

// Bounds the time that the first of a group waits for the last.
constexpr std::size_t kGroupLimit = 4'096;

}  // namespace

GroupWriter::GroupWriter(Engine& engine, Ears ears, std::chrono::milliseconds look_every)
    : engine_(engine),
      log_(std::move(ears.log)),
      look_every_(look_every),
      teller_(std::move(ears.observe)),
      thread_([this] { run(); }) {}

GroupWriter::~GroupWriter() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  arrived_.notify_all();
  thread_.join();
}

void GroupWriter::submit(store::Request request, store::Completion completion) {
  bool is_taken = false;
  {
    const std::lock_guard lock(mutex_);
    is_taken = !is_ending_ && waiting_.requests.size() < store::kWriterQueue;
    if (is_taken) {
      waiting_.requests.push_back(std::move(request));
      waiting_.completions.push_back(std::move(completion));
    }
  }
  if (is_taken) return arrived_.notify_one();
  complete(completion,
           base::fail(base::Code::overloaded,
                      fmt::format("{} changes wait to be written, as many as may; try again "
                                  "shortly",
                                  store::kWriterQueue)));
}

base::Result<store::Reply> GroupWriter::submit_and_wait(store::Request request) {
  // Shared: the writer may still be inside set_value() when this thread goes on.
  const auto promise = std::make_shared<std::promise<base::Result<store::Reply>>>();
  auto reply = promise->get_future();
  submit(std::move(request),
         [promise](base::Result<store::Reply> done) { promise->set_value(std::move(done)); });
  return reply.get();
}

void GroupWriter::add_listener(store::Listener listener) {
  teller_.add_listener(std::move(listener));
}

void GroupWriter::run() {
  Group group;
  while (take(group)) {
    if (group.requests.empty()) {
      look();
    } else {
      serve(std::move(group));
    }
  }
}

// Waits for commands; with none, when it is time to look. False when the writer ends and nothing is
// left.
bool GroupWriter::take(Group& group) {
  group = {};
  std::unique_lock lock(mutex_);
  const auto has_work = [this] { return is_ending_ || is_woken_ || !waiting_.requests.empty(); };
  if (look_every_ > std::chrono::milliseconds{0}) {
    arrived_.wait_for(lock, look_every_, has_work);
  } else {
    arrived_.wait(lock, has_work);
  }
  is_woken_ = false;
  if (waiting_.requests.size() <= kGroupLimit) {
    std::swap(group, waiting_);
    return !group.requests.empty() || !is_ending_;
  }
  const auto count = static_cast<std::ptrdiff_t>(kGroupLimit);
  const auto move_front = [count](auto& from, auto& to) {
    to.assign(std::make_move_iterator(from.begin()), std::make_move_iterator(from.begin() + count));
    from.erase(from.begin(), from.begin() + count);
  };
  move_front(waiting_.requests, group.requests);
  move_front(waiting_.completions, group.completions);
  return true;
}

void GroupWriter::wake() {
  const std::lock_guard lock(mutex_);
  is_woken_ = true;
  arrived_.notify_one();
}

// The boundary for what fails while nobody commands.
void GroupWriter::look() {
  std::optional<base::Error> failed;
  try {
    GroupResult heard{.replies = {}, .notices = engine_.catch_up(), .facts = {}};
    if (!heard.notices.empty())
      teller_.tell({.requests = {}, .completions = {}, .result = std::move(heard)});
  } catch (const store::Unavailable& problem) {
    failed = base::Error{problem.code(), problem.what(), {}};
  } catch (const std::exception& problem) {
    failed = base::Error{base::Code::unavailable, problem.what(), {}};
  }
  const std::lock_guard lock(mutex_);
  blindness_ = std::move(failed);
}

void GroupWriter::serve(Group group) {
  const auto begun = std::chrono::steady_clock::now();
  GroupResult result = apply(group.requests);
  teller_.tell({std::move(group.requests), std::move(group.completions), std::move(result),
                std::chrono::steady_clock::now() - begun});
}

// The boundary for what fails a whole group.
GroupResult GroupWriter::apply(std::span<const store::Request> requests) {
  base::Error error{base::Code::unavailable, {}, {}};
  try {
    GroupResult result = engine_.apply(requests);
    if (result.has_written) note_success();
    return result;
  } catch (const store::Unavailable& problem) {
    error = {problem.code(), problem.what(), {}};
  } catch (const std::exception& problem) {
    error.message = problem.what();
  }
  note_failure(error);
  GroupResult result;
  result.has_failed = true;
  result.replies.assign(requests.size(), base::fail(error));
  return result;
}

void GroupWriter::note_success() {
  {
    const std::lock_guard lock(mutex_);
    blindness_.reset();
    if (!std::exchange(trouble_, std::nullopt)) return;
  }
  log_.info("the store can be written again");
}

// A line for each kind of trouble, not for each command that met it.
void GroupWriter::note_failure(const base::Error& error) {
  {
    const std::lock_guard lock(mutex_);
    const bool is_known = trouble_ && trouble_->message == error.message;
    trouble_ = error;
    if (is_known) return;
  }
  log_.say(base::LogLevel::error,
           fmt::format("nothing can be written, and what would change something is refused: "
                       "{}",
                       error.message),
           {{"code", std::string{base::code_row(error.code).name}}});
}

std::optional<base::Error> GroupWriter::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_ ? trouble_ : blindness_;
}

std::size_t GroupWriter::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.requests.size();
}

}  // namespace mainspring::sql
