// Commands of the contract that this store does not carry out yet.
#include "sqlite/apply.h"

namespace mainspring::sqlite {
namespace {

std::unexpected<base::Error> pending() {
  return base::fail(base::Code::unsupported, "this store cannot do that yet");
}

}  // namespace

base::Result<store::ExpectationsChecked> apply(Core&, const store::CheckExpectations&) {
  return pending();
}

}  // namespace mainspring::sqlite
