// Turns: how engines that share a database write to it one after another, and learn what the others
// did since they looked last. A transaction that writes begins by waiting for its turn; then the
// engine brings its memory up to date, and decides on a true picture.
//
//   begin(write) -> Changes of others -> commands -> commit(own Changes)
//                                                 '-> roll_back()    nothing was written
//   has_news(), begin(read) -> Changes of others -> roll_back()      while nobody commands
//
// Belongs to the thread of its Database, which it may open anew. Errors: throws store::Unavailable.
// Whoever throws, from begin() on, is followed by roll_back(), and the engine then reads
// everything; what the failed begin() answered counts as learnt.
#pragma once

#include "sql/changes.h"
#include "sql/database.h"

namespace mainspring::sql {

class Turns {
 public:
  virtual ~Turns() = default;

  // Starts a transaction; one that writes waits until it has the turn. Answers what others have
  // committed since the last begin() of either kind; the first one's answer does not matter.
  virtual Changes begin(Database::Purpose purpose) = 0;
  // Ends a transaction that writes. When it returns, what was written is durable, and the others
  // will learn of `own`. An outcome that is not known is found out first.
  virtual void commit(const Changes& own) = 0;
  // Ends a transaction of either kind without a trace; nothing where there is none.
  virtual void roll_back() noexcept = 0;

  // Whether others have committed since the last begin(), as far as is known. Outside of
  // transactions; cheap: it is asked again and again.
  virtual bool has_news() = 0;
  // Whether anybody else learns what commit() is given; if not, nothing is collected.
  virtual bool is_shared() const = 0;
};

// For an engine that has its database to itself.
class OwnTurns final : public Turns {
 public:
  explicit OwnTurns(Database& database) : database_(database) {}
  Changes begin(Database::Purpose purpose) override {
    database_.begin(purpose);
    return {};
  }
  void commit(const Changes&) override { database_.commit(); }
  void roll_back() noexcept override { database_.roll_back(); }
  bool has_news() override { return false; }
  bool is_shared() const override { return false; }

 private:
  Database& database_;
};

}  // namespace mainspring::sql
