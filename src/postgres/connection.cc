#include "postgres/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/core.h>

namespace mainspring::postgres {
namespace {

// Bound what both sides keep of statements that nobody waits for.
constexpr std::size_t kQueued = 1'024;
constexpr std::int64_t kQueuedBytes = 4 << 20;

// What libpq says, in one line.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\t') continue;
    out += c == '\n' ? ' ' : c;
  }
  while (out.ends_with(' '))
    out.pop_back();
  return out.substr(0, 500);
}

std::string field(const pg_result* result, int which) {
  const char* text = PQresultErrorField(result, which);
  return text == nullptr ? std::string{} : std::string{text};
}

Refusal read_refusal(const pg_result* result, const std::string& server) {
  Refusal out{field(result, PG_DIAG_SQLSTATE), field(result, PG_DIAG_MESSAGE_PRIMARY), server};
  if (out.text.empty()) out.text = one_line(PQresultErrorMessage(result));
  const std::string detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  if (!detail.empty()) out.text += "; " + one_line(detail);
  return out;
}

}  // namespace

void FreeAnswer::operator()(pg_result* result) const { PQclear(result); }

Connection::Connection(const Address& address) : shown_(address.shown) {
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : address.parameters) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  handle_ = PQconnectdbParams(keys.data(), values.data(), 0);
  // Notices are for people at a terminal; libpq would print them.
  if (handle_ != nullptr) PQsetNoticeProcessor(handle_, [](void*, const char*) {}, nullptr);
  const bool is_ready = handle_ != nullptr && PQstatus(handle_) == CONNECTION_OK &&
                        PQsetnonblocking(handle_, 1) == 0 && PQenterPipelineMode(handle_) == 1;
  if (is_ready) return;
  const std::string text = handle_ != nullptr ? one_line(PQerrorMessage(handle_)) : "no memory";
  PQfinish(handle_);
  fail({"", text, shown_});
}

Connection::~Connection() { PQfinish(handle_); }

int Connection::server_version() const { return PQserverVersion(handle_); }

std::string Connection::setting(const char* name) const {
  const char* value = PQparameterStatus(handle_, name);
  return value == nullptr ? "" : value;
}

bool Connection::is_pooled() {
  if (is_pooled_) return *is_pooled_;
  const Answer answer = ask("SELECT pg_backend_pid()");
  // A pooler makes up the number that a client needs to cancel a statement.
  is_pooled_ = read_integer(answer, 0) != PQbackendPID(handle_);
  return *is_pooled_;
}

void Connection::lose() { lose(one_line(PQerrorMessage(handle_))); }

void Connection::lose(const std::string& text) {
  is_lost_ = true;
  pending_.clear();
  // The server's last words may have come, and nobody has read them.
  while (!refusal_ && PQisBusy(handle_) == 0) {
    const Answer last(PQgetResult(handle_));
    if (!last) break;
    if (PQresultStatus(last.get()) == PGRES_FATAL_ERROR) {
      refusal_ = read_refusal(last.get(), shown_);
    }
  }
  // What the server said last tells more than that it hung up.
  const Refusal said = refusal_.value_or(Refusal{"", text, shown_});
  refusal_.reset();
  fail(said);
}

void Connection::require_sent(int result) {
  if (result != 1) lose();
}

void Connection::send_statement(const Outgoing& statement, Answer* answer) {
  if (is_lost_) lose("the connection was lost before");
  const int count = static_cast<int>(statement.values.size());
  constexpr int kBinary = 1;
  if (statement.name != nullptr) {
    require_sent(PQsendQueryPrepared(handle_, statement.name, count, statement.values.data(),
                                     statement.lengths.data(), statement.formats.data(), kBinary));
  } else {
    require_sent(PQsendQueryParams(handle_, statement.text, count, statement.types.data(),
                                   statement.values.data(), statement.lengths.data(),
                                   statement.formats.data(), kBinary));
  }
  pending_.push_back({Step::statement, answer});
  ++unsynced_;
}

void Connection::queue(const Outgoing& statement) {
  send_statement(statement, nullptr);
  for (const int length : statement.lengths)
    unsynced_bytes_ += length;
  if (unsynced_ >= kQueued || unsynced_bytes_ >= kQueuedBytes) sync();
}

void Connection::queue_prepare(const Outgoing& statement) {
  if (is_lost_) lose("the connection was lost before");
  require_sent(PQsendPrepare(handle_, statement.name, statement.text,
                             static_cast<int>(statement.types.size()), statement.types.data()));
  pending_.push_back({});
  ++unsynced_;
}

Answer Connection::ask(const Outgoing& statement) {
  Answer answer;
  send_statement(statement, &answer);
  sync();
  return answer;
}

void Connection::sync() {
  if (unsynced_ > 0) send_sync();
  settle();
}

void Connection::part(const char* text) {
  // After a refusal the server skips all up to the next mark.
  if (unsynced_ > 0) send_sync();
  send_statement({.text = text}, nullptr);
  send_sync();
  for (Pending& each : pending_)
    each = {each.step, nullptr, true};
  refusal_.reset();
  push_out();
}

void Connection::send_sync() {
  require_sent(PQpipelineSync(handle_));
  pending_.push_back({Step::sync});
  unsynced_ = 0;
  unsynced_bytes_ = 0;
}

// Reads until nothing is pending, and throws what the server refused first.
void Connection::settle() {
  push_out();
  while (!pending_.empty())
    take_answer();
  if (!refusal_) return;
  const Refusal refusal = *std::exchange(refusal_, std::nullopt);
  try {
    fail(refusal);
  } catch (const ConnectionLost&) {
    is_lost_ = true;
    throw;
  }
}

// Reads what the first pending step was answered.
void Connection::take_answer() {
  const Pending step = pending_.front();
  pull_in();
  Answer result(PQgetResult(handle_));
  if (!result) {
    if (PQstatus(handle_) != CONNECTION_OK) lose();
    return;  // the end of a statement's answers
  }
  switch (PQresultStatus(result.get())) {
    case PGRES_PIPELINE_SYNC:
      pending_.pop_front();
      return;
    case PGRES_FATAL_ERROR:
      if (!refusal_ && !step.is_unwanted) refusal_ = read_refusal(result.get(), shown_);
      if (PQstatus(handle_) != CONNECTION_OK) lose();
      break;
    case PGRES_PIPELINE_ABORTED:
      break;
    default:
      if (step.answer != nullptr) *step.answer = std::move(result);
  }
  pending_.pop_front();
  pull_in();
  // Nothing follows but the mark of the end.
  while (const Answer more{PQgetResult(handle_)}) {
  }
}

void Connection::push_out() {
  while (true) {
    const int left = PQflush(handle_);
    if (left == 0) return;
    if (left < 0) lose();
    wait_for(POLLIN | POLLOUT);
    // The server may wait until we read before it reads more.
    if (PQconsumeInput(handle_) != 1) lose();
  }
}

// Waits until PQgetResult() would not block.
void Connection::pull_in() {
  while (PQisBusy(handle_) == 1) {
    push_out();
    wait_for(POLLIN);
    if (PQconsumeInput(handle_) != 1) lose();
  }
}

void Connection::wait_for(short events) {
  pollfd descriptor{PQsocket(handle_), events, 0};
  const auto most = std::chrono::milliseconds{kPatience};
  while (true) {
    const int ready = ::poll(&descriptor, 1, static_cast<int>(most.count()));
    if (ready > 0) return;
    if (ready < 0 && errno == EINTR) continue;
    lose(fmt::format("it has not answered for {} s", kPatience.count()));
  }
}

// In the simple protocol, the only one that takes several statements at once.
void Connection::execute(const std::string& script) {
  sync();
  if (PQexitPipelineMode(handle_) != 1 || PQsendQuery(handle_, script.c_str()) != 1) lose();
  push_out();
  while (true) {
    while (PQisBusy(handle_) == 1) {
      pollfd descriptor{PQsocket(handle_), POLLIN, 0};
      ::poll(&descriptor, 1, -1);  // building an index takes as long as it takes
      if (PQconsumeInput(handle_) != 1) lose();
    }
    const Answer result(PQgetResult(handle_));
    if (!result) break;
    if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR && !refusal_) {
      refusal_ = read_refusal(result.get(), shown_);
    }
  }
  if (PQenterPipelineMode(handle_) != 1) lose();
  settle();
}

std::vector<Notification> Connection::wait(int wake, std::chrono::milliseconds most) {
  std::array<pollfd, 2> descriptors{{{PQsocket(handle_), POLLIN, 0}, {wake, POLLIN, 0}}};
  ::poll(descriptors.data(), descriptors.size(), static_cast<int>(most.count()));
  if (PQconsumeInput(handle_) != 1) lose();
  std::vector<Notification> out;
  while (PGnotify* each = PQnotifies(handle_)) {
    out.push_back({each->relname, each->extra});
    PQfreemem(each);
  }
  return out;
}

bool has_row(const Answer& answer) { return answer && PQntuples(answer.get()) > 0; }

std::string read_text(const Answer& answer, int column) {
  return {PQgetvalue(answer.get(), 0, column),
          static_cast<std::size_t>(PQgetlength(answer.get(), 0, column))};
}

std::int64_t read_integer(const Answer& answer, int column) {
  return decode_integer(PQftype(answer.get(), column), read_text(answer, column));
}

}  // namespace mainspring::postgres
