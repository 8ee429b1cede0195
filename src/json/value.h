// The document tree, and the names that every header of this module shares.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>

namespace mainspring::json {

using Value = boost::json::value;
using Object = boost::json::object;  // keeps the order of its keys
using Array = boost::json::array;

class Reader;
class Definitions;
struct StructTable;
struct EnumTable;

// The names by which other modules declare their described() functions.

// Who is on the other side of a document.
enum class Audience : std::uint8_t {
  outside,  // users and their files: read_only keys are refused, write_only keys never written
  self,     // this program, perhaps of another version (stored documents, jobctl reading a reply):
            // every described key is read and written, unknown keys are ignored
};

// How a type with a text or shape of its own is coded. Specialise it beside the type:
//   template <> struct mainspring::json::Codec<T> {
//     static void read(const Value&, T&, Reader&);   // reports mistakes with Reader::fail
//     static Value write(const T&);
//     static Value schema(Definitions&);
//   };
template <class T>
struct Codec;

}  // namespace mainspring::json
