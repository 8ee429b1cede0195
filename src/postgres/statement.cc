// PgStatement: values on their way out, and rows as they came.
#include <libpq-fe.h>

#include <algorithm>

#include <fmt/core.h>

#include "postgres/database.h"
#include "postgres/statement_text.h"
#include "postgres/storable_text.h"

namespace mainspring::postgres {
namespace {

constexpr int kBinary = 1;
constexpr int kText = 0;

// Rows that are taken from a cursor at a time: few first, for the reader may have enough; then
// twice as many each time, as long as they fit into a few megabytes.
constexpr int kFirstRows = 100;
constexpr int kMostRows = 4'000;
constexpr std::size_t kFetchBytes = 4 << 20;

bool is_question(std::string_view text) {
  return text.starts_with("SELECT") || text.starts_with("WITH");
}

}  // namespace

PgStatement::PgStatement(PgDatabase& database, const char* shared_text)
    : database_(database), text_(to_postgres(shared_text)), is_write_(!is_question(text_)) {
  forget_preparation();
}

void PgStatement::forget_preparation() {
  is_prepared_ = false;
  name_ = fmt::format("mainspring_{}", ++database_.names_);
  declare_ = fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", name_, text_);
}

// ---- values

PgStatement::Place& PgStatement::place_at(int place, Type type) {
  const auto at = static_cast<std::size_t>(place) - 1;
  if (at >= places_.size()) places_.resize(at + 1);
  Place& out = places_[at];
  out.type = type;
  out.format = kBinary;
  out.is_null = false;
  out.is_own = true;
  return out;
}

void PgStatement::bind_fixed(int place, Type type, const void* bytes, std::size_t size) {
  place_at(place, type).own.assign(static_cast<const char*>(bytes), size);
}

// As digits, of a type that the server finds: the column may be of any width.
void PgStatement::bind_integer(int place, std::int64_t value) {
  Place& out = place_at(place, type::unknown);
  out.format = kText;
  fmt::format_to(std::back_inserter((out.own.clear(), out.own)), "{}", value);
}

void PgStatement::bind_real(int place, double value) {
  const std::uint64_t bits = encode_real(value);
  bind_fixed(place, type::float8, &bits, sizeof bits);
}

void PgStatement::bind_text(int place, std::string_view text) {
  Place& out = place_at(place, type::unknown);  // text or json
  out.is_own = !is_storable(text);
  if (out.is_own) out.own = repair(text);
  out.borrowed = text;
}

void PgStatement::bind_blob(int place, std::string_view bytes) {
  Place& out = place_at(place, type::bytea);
  out.is_own = false;
  out.borrowed = bytes;
}

void PgStatement::bind_id(int place, const base::IdBytes& id) {
  bind_fixed(place, type::uuid, id.data(), id.size());
}

void PgStatement::bind_instant(int place, base::Instant instant) {
  const std::uint64_t bits = encode_instant(instant);
  bind_fixed(place, type::timestamptz, &bits, sizeof bits);
}

void PgStatement::bind_null(int place, sql::Kind kind) {
  Type found = type::unknown;
  if (kind == sql::Kind::real) found = type::float8;
  if (kind == sql::Kind::blob) found = type::bytea;
  if (kind == sql::Kind::id) found = type::uuid;
  if (kind == sql::Kind::instant) found = type::timestamptz;
  place_at(place, found).is_null = true;
}

Outgoing PgStatement::outgoing() {
  types_.clear();
  values_.clear();
  lengths_.clear();
  formats_.clear();
  for (const Place& place : places_) {
    const std::string_view bytes = place.is_own ? std::string_view{place.own} : place.borrowed;
    const char* start = bytes.data() != nullptr ? bytes.data() : "";
    types_.push_back(place.type);
    values_.push_back(place.is_null ? nullptr : start);
    lengths_.push_back(static_cast<int>(bytes.size()));
    formats_.push_back(place.format);
  }
  return {.text = text_.c_str(),
          .name = nullptr,
          .types = types_,
          .values = values_,
          .lengths = lengths_,
          .formats = formats_};
}

// ---- running

void PgStatement::run() { database_.run_statement(*this); }

std::int64_t PgStatement::change() {
  const Answer answer = database_.ask_statement(*this);
  const std::string_view count = PQcmdTuples(answer.get());
  std::int64_t changed = 0;
  std::from_chars(count.data(), count.data() + count.size(), changed);
  database_.writes_ += changed;
  return changed;
}

std::string PgStatement::next_fetch() {
  if (fetched_ == 0) {
    fetched_ = kFirstRows;
  } else if (PQresultMemorySize(answer_.get()) > kFetchBytes) {
    fetched_ = std::max(fetched_ / 2, 1);
  } else {
    fetched_ = std::min(2 * fetched_, kMostRows);
  }
  return fmt::format("FETCH FORWARD {} FROM {}", fetched_, name_);
}

void PgStatement::start(sql::Reach reach) {
  fetched_ = 0;
  // Outside of a transaction a cursor would end with its own declaration.
  has_cursor_ = reach == sql::Reach::while_read && database_.stage_ != PgDatabase::Stage::outside;
  take(has_cursor_ ? database_.open_cursor(*this, next_fetch()) : database_.ask_statement(*this));
  if (is_write_ && rows_ > 0) ++database_.writes_;
}

void PgStatement::take(Answer answer) {
  answer_ = std::move(answer);
  row_ = -1;
  rows_ = PQntuples(answer_.get());
}

bool PgStatement::next() {
  if (++row_ < rows_) return true;
  if (!has_cursor_ || rows_ < fetched_) return false;
  take(database_.fetch(next_fetch()));
  return ++row_ < rows_;
}

void PgStatement::reset() noexcept {
  if (has_cursor_ && answer_) database_.close_cursor(name_);
  has_cursor_ = false;
  answer_.reset();
  rows_ = 0;
  row_ = -1;
}

// ---- rows

Type PgStatement::column_type(int column) const { return PQftype(answer_.get(), column); }

bool PgStatement::is_null(int column) const {
  return PQgetisnull(answer_.get(), row_, column) == 1;
}

std::string_view PgStatement::bytes(int column) const {
  return {PQgetvalue(answer_.get(), row_, column),
          static_cast<std::size_t>(PQgetlength(answer_.get(), row_, column))};
}

std::int64_t PgStatement::integer(int column) const {
  return is_null(column) ? 0 : decode_integer(column_type(column), bytes(column));
}

double PgStatement::real(int column) const {
  return is_null(column) ? 0 : decode_real(column_type(column), bytes(column));
}

base::IdBytes PgStatement::id(int column) const {
  return is_null(column) ? base::IdBytes{} : decode_id(column_type(column), bytes(column));
}

base::Instant PgStatement::instant(int column) const {
  return is_null(column) ? base::Instant{} : decode_instant(column_type(column), bytes(column));
}

}  // namespace mainspring::postgres
