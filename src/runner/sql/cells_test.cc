#include "runner/sql/cells.h"

#include <doctest/doctest.h>

#include "json/write.h"

namespace mainspring::runner {
namespace {

std::string show(CellKind kind, std::string_view text) {
  return json::write(read_cell(kind, text));
}

TEST_CASE("whole numbers are numbers as far as every reader of JSON keeps them") {
  CHECK_EQ(show(CellKind::integer, "-9007199254740992"), "-9007199254740992");
  CHECK_EQ(show(CellKind::integer, "9007199254740993"), "\"9007199254740993\"");
  CHECK_EQ(show(CellKind::integer, "18446744073709551615"), "\"18446744073709551615\"");
  CHECK_EQ(json::write(read_unsigned(UINT64_MAX)), "\"18446744073709551615\"");
}

TEST_CASE("decimals are numbers where no digit is lost") {
  CHECK_EQ(show(CellKind::decimal, "1.50"), "1.5");
  CHECK_EQ(show(CellKind::decimal, "-0.001"), "-0.001");
  CHECK_EQ(show(CellKind::decimal, "12.00"), "12");
  CHECK_EQ(show(CellKind::decimal, "0.00"), "0");
  CHECK_EQ(show(CellKind::decimal, "123456789.123456"), "123456789.123456");
  CHECK_EQ(show(CellKind::decimal, "1234567890.1234567"), "\"1234567890.1234567\"");
  CHECK_EQ(show(CellKind::decimal, "100000000000000000000"), "\"100000000000000000000\"");
  CHECK_EQ(show(CellKind::decimal, "9007199254740993.00"), "\"9007199254740993.00\"");
  CHECK_EQ(show(CellKind::decimal, "NaN"), "\"NaN\"");
}

TEST_CASE("what JSON has no number for is a text") {
  CHECK_EQ(show(CellKind::real, "0.1"), "0.1");
  CHECK_EQ(show(CellKind::real, "-Infinity"), "\"-Infinity\"");
  CHECK_EQ(show(CellKind::real, "NaN"), "\"NaN\"");
}

TEST_CASE("JSON, bytes and texts that are no UTF-8 arrive as what they are") {
  CHECK_EQ(show(CellKind::json, "{\"a\": [1, null]}"), "{\"a\":[1,null]}");
  CHECK_EQ(show(CellKind::json, "{broken"), "\"{broken\"");
  CHECK_EQ(show(CellKind::bytes, std::string_view{"\0\xff", 2}), "\"AP8=\"");
  CHECK_EQ(show(CellKind::text,
                "a\xff"
                "b"),
           "\"a\xEF\xBF\xBD"
           "b\"");
  CHECK_EQ(show(CellKind::boolean, "t"), "true");
  CHECK_EQ(show(CellKind::boolean, "f"), "false");
}

TEST_CASE("a value that is no text is bound as its JSON") {
  CHECK_EQ(write_bound("plain"), "plain");
  CHECK_EQ(write_bound(json::Array{1, "a"}), "[1,\"a\"]");
}

}  // namespace
}  // namespace mainspring::runner
