// What every connection to an engine has in common, whoever drives it. Internal to container/.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "runner/container/endpoint.h"

namespace mainspring::runner {

// Address, TLS and limits of a curl easy handle, which is new. What it returns lives as long as the
// handle.
std::shared_ptr<void> aim(void* easy, const Endpoint& endpoint, const std::string& path);

// What a CURLcode of that handle means to a person. Errors: unavailable.
base::Error explain_failure(void* easy, int code, const Endpoint& endpoint,
                            std::string_view detail);

}  // namespace mainspring::runner
