// Statement: one prepared SQL text of one connection, as Rows and Binder drive it. Each database
// implements it; nobody else calls it. One allocation per text and connection: a call costs none.
//
// Belongs to its Database's thread. Errors: as Database.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/id.h"
#include "base/time.h"

namespace mainspring::sql {

// What a place of a statement takes. A place that is empty has a kind too: who prepares with types
// knows them from the first values that are bound, empty or not.
enum class Kind { integer, real, text, blob, id, instant };

// How much of an answer is wanted: all of it, or as much as is read until the reader stops.
enum class Reach { all, while_read };

class Statement {
 public:
  virtual ~Statement() = default;

  // ---- values; places count from 1. Texts and blobs are not copied: see Database.
  virtual void bind_integer(int place, std::int64_t value) = 0;
  virtual void bind_real(int place, double value) = 0;
  virtual void bind_text(int place, std::string_view text) = 0;
  virtual void bind_blob(int place, std::string_view bytes) = 0;
  virtual void bind_id(int place, const base::IdBytes& id) = 0;  // copied
  virtual void bind_instant(int place, base::Instant instant) = 0;
  virtual void bind_null(int place, Kind kind) = 0;

  // ---- one of these starts it
  virtual void run() = 0;  // may return before the database has answered
  virtual std::int64_t change() = 0;
  virtual void start(Reach reach) = 0;  // may return before the database has answered

  // ---- the answer; columns count from 0. Of NULL: zero, nothing, the nil id, the epoch.
  virtual bool next() = 0;
  virtual bool is_null(int column) const = 0;
  // A truth, such as `a IS NOT NULL`, is 0 or 1.
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  // Text, JSON or blob; good until next() or reset().
  virtual std::string_view bytes(int column) const = 0;
  virtual base::IdBytes id(int column) const = 0;
  virtual base::Instant instant(int column) const = 0;

  // Ready for other values. What was sent and not read is forgotten.
  virtual void reset() noexcept = 0;
};

}  // namespace mainspring::sql
