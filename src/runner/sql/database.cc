#include "runner/sql/database.h"

namespace mainspring::runner {

// Out of line, so that their tables exist once.
RowSink::~RowSink() = default;
SqlSession::~SqlSession() = default;

OpenedSession open_session(const SqlOpening& opening) {
  switch (opening.address.connection.type) {
    case model::ConnectionType::postgres:
      return open_postgres(opening);
    case model::ConnectionType::mysql:
      return open_mysql(opening);
    default:
      return open_sqlite(opening);
  }
}

}  // namespace mainspring::runner
