// What a connection's `tls` asks of libcurl. `easy` is a CURL*; the spec's texts are copied.
#pragma once

#include "model/connection.h"

namespace mainspring::runner {

// How far the other side must prove who it is. An authority that is named is the only one trusted.
void set_trust(void* easy, const model::TlsSpec& tls);
// Our own certificate, where there is one: for whom the connection is with, and for nobody to whom
// it leads on.
void set_certificate(void* easy, const model::TlsSpec& tls);

}  // namespace mainspring::runner
