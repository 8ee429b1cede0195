// OrderLine: our end of a program's stdin where it waits for its work: a socket, through which it
// also says that it is ready, and that it begins.
//
// Threads: one after the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "runner/process/fd.h"

namespace mainspring::runner {

class OrderLine {
 public:
  struct Ends;
  // Errors: unavailable (out of descriptors).
  static base::Result<Ends> make();

  // Readable when the program has said something, or has gone.
  int fd() const { return socket_.get(); }

  // False: it does not read, or has gone.
  bool send(std::string_view bytes) const;
  // After which there is nothing to read for it.
  void finish() const;

  // The next line that it said, without its end; nothing as long as it is not whole. Never blocks.
  std::optional<std::string> read_line();
  // Seen by read_line(): it has closed its stdin, and can be told nothing.
  bool has_hung_up() const { return has_hung_up_; }

 private:
  explicit OrderLine(Fd socket) : socket_(std::move(socket)) {}

  Fd socket_;
  std::string said_;
  bool has_hung_up_ = false;
};

struct OrderLine::Ends {
  OrderLine ours;
  Fd theirs;
};

}  // namespace mainspring::runner
