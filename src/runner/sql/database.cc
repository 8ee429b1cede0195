#include "runner/sql/database.h"

namespace mainspring::runner {

// Out of line, so that their tables exist once.
RowSink::~RowSink() = default;
SqlSession::~SqlSession() = default;

}  // namespace mainspring::runner
