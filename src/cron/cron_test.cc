#include <doctest/doctest.h>

#include "cron/expression.h"
#include "cron/occurrence.h"
