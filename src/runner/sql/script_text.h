// What the text of a job's SQL shows without asking the database: where the statements of a script
// begin and end, and what kind each is. Comments and quotes are read as the database reads them;
// the statements themselves are not.
//
// Pure functions. Sources: chapter 4.1 of PostgreSQL's manual and psqlscan.l, for the bodies of
// functions; chapter "Language Structure" of MariaDB's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/connection.h"

namespace mainspring::runner {

// Each without its semicolon; those that say nothing are left out.
std::vector<std::string_view> split_script(std::string_view script, model::ConnectionType database);

// The first words of a statement, in capitals, as many as `most`.
std::vector<std::string> first_words(std::string_view statement, model::ConnectionType database,
                                     std::size_t most = 3);

// Whether it gives rows and, as far as its text shows, changes nothing: nothing is lost when the
// rest of its rows is not fetched.
bool is_reader(std::string_view statement, model::ConnectionType database);

// The words with which a statement of the script would end or begin a transaction, or would commit
// it without being asked, as `CREATE TABLE` does in MySQL; absent: none of them does.
std::optional<std::string> find_transaction_breaker(std::string_view script,
                                                    model::ConnectionType database);

}  // namespace mainspring::runner
