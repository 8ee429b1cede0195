// CHECK(condition): a broken invariant of the program itself, never of its input. On in every
// build; prints the place and aborts, so that a wrong state is never written.
//
// Include it from .cc files only: the test framework has a macro of the same name.
#pragma once

#include <source_location>
#include <string_view>

namespace mainspring::base {

[[noreturn]] void check_failed(std::string_view condition, std::source_location where);

}  // namespace mainspring::base

#define CHECK(condition)              \
  ((condition) ? static_cast<void>(0) \
               : ::mainspring::base::check_failed(#condition, std::source_location::current()))
