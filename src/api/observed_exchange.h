// An Exchange that tells when the request is answered, and how.
#pragma once

#include <functional>
#include <memory>

#include "http/exchange.h"

namespace mainspring::api {

// Called once, with the status, on the thread that answers; before the answer goes out.
using OnAnswer = std::function<void(int status)>;

std::shared_ptr<http::Exchange> observe_exchange(std::shared_ptr<http::Exchange> inner,
                                                 OnAnswer on_answer);

}  // namespace mainspring::api
