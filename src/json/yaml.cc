// The one file that knows yaml-cpp: its events become a tree of values and a map of marks. What it
// accepts and YAML or this service does not (duplicate keys, deep nesting, trees that aliases make
// huge) is refused here.

#include <algorithm>
#include <sstream>
#include <unordered_map>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "base/text.h"
#include "json/document.h"
#include "json/marked_source.h"
#include "json/reader.h"
#include "json/yaml_scalar.h"
#include "json/yaml_wording.h"

namespace mainspring::json {
namespace {

constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";
constexpr std::string_view kMergeKey = "<<";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Mark mark_of(const YAML::Mark& mark) {
  return {static_cast<std::uint32_t>(mark.line), static_cast<std::uint32_t>(mark.column)};
}

// Thrown through the parser to stop it; caught in parse_yaml.
struct Stopped {
  base::Error error;
};

// How much a node is, its aliases expanded.
struct Weight {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
};

// yaml-cpp writes the escapes \N and \_ as the lone bytes 0x85 and 0xA0.
std::string repair_escapes(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = base::utf8_length(text);
    if (length == 0) out += '\xC2';
    out += text.substr(0, std::max<std::size_t>(length, 1));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

// Whether the node that `text` begins with is a text in quotes that nothing closes.
bool has_open_quotes(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  while (text.starts_with('&') || text.starts_with('!')) {  // its anchor and its tag
    text.remove_prefix(std::min(text.find_first_of(kBlanks), text.size()));
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  }
  if (!text.starts_with('"') && !text.starts_with('\'')) return false;
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool is_doubled = quote == '\'' && text.substr(i, 2) == "''";
    if ((quote == '"' && text[i] == '\\') || is_doubled) {
      ++i;
    } else if (text[i] == quote) {
      return false;
    }
  }
  return true;
}

struct Anchored {
  Value value;
  Weight weight;
};

struct Frame {
  Value value;  // an object or array that grows
  YAML::anchor_t anchor = 0;
  Weight before;  // the total when it began
  PathHash path = kRootPath;
  std::size_t pointer_end = 0;  // length of its pointer
  bool is_key = false;          // of the object around it: a mistake, read to its end
  // Of an object:
  std::optional<std::string> key = {};  // whose value comes next
  Mark key_at = {};
  bool is_duplicate = false;
  bool is_merge = false;
  std::vector<Object> merged = {};
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::shared_ptr<const LineTable> lines, const ParseLimits& limits)
      : lines_(std::move(lines)), limits_(limits) {}

  std::vector<Document> documents;
  std::vector<base::Problem> problems;

  void OnDocumentStart(const YAML::Mark& mark) override {
    // yaml-cpp takes what does not continue a document for the next one.
    if (!documents.empty() && !text_at(mark).starts_with("---"))
      add_problem(mark_of(mark),
                  "this does not continue the document above; check its indentation, or begin "
                  "another document with '---'");
    if (documents.size() >= limits_.max_documents)
      stop_too_large(
          fmt::format("the text holds more than {} documents; split it", limits_.max_documents));
    marks_ = std::make_shared<MarkedSource>(lines_);
    anchors_.clear();
    pointer_.clear();
  }
  void OnDocumentEnd() override {
    documents.push_back({std::exchange(root_, {}), std::move(marks_)});
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const bool is_in_list = !frames_.empty() && frames_.back().value.is_array();
    if (is_in_list && text_at(mark).starts_with(','))
      add_problem(mark_of(mark), "an item is missing before this ','");
    scalar(nullptr, mark_of(mark), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    total_.bytes += text.size();
    last_scalar_ = mark;
    if (expects_key() && tag == "?" && text == kMergeKey) return begin_merge(mark_of(mark));
    if (!base::is_utf8(text)) return OnScalar(mark, tag, anchor, repair_escapes(text));
    scalar(resolve(tag, text, mark_of(mark)), mark_of(mark), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      add_problem(mark_of(mark),
                  "an alias inside its own anchor has no end; write the value itself");
      return scalar(nullptr, mark_of(mark), 0);
    }
    total_.nodes += found->second.weight.nodes;
    total_.bytes += found->second.weight.bytes;
    aliased_bytes_ += found->second.weight.bytes;
    if (aliased_bytes_ > limits_.max_bytes)
      stop_too_large(
          fmt::format("aliases make the document larger than {} bytes", limits_.max_bytes));
    check_nodes();
    if (expects_key()) return begin_key(found->second.value, mark_of(mark));
    begin_value(mark_of(mark));
    finish(found->second.value);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_tag(tag, "seq", mark_of(mark));
    open(Array{}, mark_of(mark), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_tag(tag, "map", mark_of(mark));
    open(Object{}, mark_of(mark), anchor);
  }
  void OnMapEnd() override {
    merge(frames_.back());
    close();
  }

  // yaml-cpp reads quotes that nothing closes to the end of the text, if that is a line's end.
  void check_quotes() {
    if (has_open_quotes(text_at(last_scalar_)))
      add_problem(mark_of(last_scalar_), "the quotes that begin here are not closed");
  }

 private:
  std::string_view text_at(const YAML::Mark& mark) const {
    const auto offset = static_cast<std::size_t>(std::max(mark.pos, 0));
    return std::string_view(lines_->text()).substr(std::min(offset, lines_->text().size()));
  }

  bool expects_key() const {
    return !frames_.empty() && frames_.back().value.is_object() && !frames_.back().key;
  }

  // The last one shown ends the parse: what follows costs time and is shown to nobody.
  void add_problem(Mark mark, std::string message) {
    const Position where = lines_->position(mark);
    std::string pointer = pointer_;
    // The problem is found before the element begins.
    if (const auto* array = frames_.empty() ? nullptr : frames_.back().value.if_array())
      append_pointer(pointer, std::to_string(array->size()));
    problems.push_back({std::move(pointer), where.line, where.column, std::move(message), ""});
    if (problems.size() >= kMaxProblems) throw Stopped{{base::Code::invalid_argument, "", {}}};
  }

  [[noreturn]] void stop_too_large(std::string message) {
    throw Stopped{{base::Code::too_large, std::move(message), {}}};
  }

  void check_nodes() {
    if (total_.nodes > limits_.max_nodes)
      stop_too_large(fmt::format("the document has more than {} nodes, aliases expanded; split it",
                                 limits_.max_nodes));
  }

  void check_tag(std::string_view tag, std::string_view expected, Mark mark) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    if (tag.starts_with(kCoreTag) && tag.substr(kCoreTag.size()) == expected) return;
    if (tag.starts_with(kCoreTag))
      return add_problem(mark, fmt::format("the tag !!{} does not fit this value; remove it",
                                           tag.substr(kCoreTag.size())));
    add_problem(mark, fmt::format("the tag \"{}\" is not supported here; remove it", tag));
  }

  // The value of a scalar, which its tag must fit.
  Value resolve(std::string_view tag, std::string_view text, Mark mark) {
    if (tag == "!" || tag == "tag:yaml.org,2002:str") return Value(text);
    Scalar scalar = resolve_plain(text);
    if (!scalar.mistake.empty()) {
      add_problem(mark, std::string(scalar.mistake));
      return nullptr;
    }
    Value& value = scalar.value;
    if (tag == "tag:yaml.org,2002:float" && value.is_number()) return value.to_number<double>();
    check_tag(tag,
              value.is_null()     ? "null"
              : value.is_bool()   ? "bool"
              : value.is_string() ? "str"
              : value.is_double() ? "float"
                                  : "int",
              mark);
    return std::move(value);
  }

  void scalar(Value value, Mark mark, YAML::anchor_t anchor) {
    ++total_.nodes;
    check_nodes();
    if (anchor != 0) {
      const std::size_t bytes = value.is_string() ? value.get_string().size() : 0;
      anchors_.insert_or_assign(anchor, Anchored{value, {1, bytes}});
    }
    if (expects_key()) return begin_key(value, mark);
    // The mark of a null that nothing stands for is that of whatever comes next.
    const Frame* frame = frames_.empty() ? nullptr : &frames_.back();
    const bool is_elsewhere =
        value.is_null() && frame && frame->key && frame->key_at.line != mark.line;
    begin_value(is_elsewhere ? frame->key_at : mark);
    finish(std::move(value));
  }

  void begin_key(const Value& value, Mark mark) {
    Frame& frame = frames_.back();
    frame.key_at = mark;
    if (!value.is_string()) {
      add_problem(mark, "a key must be a string; put it in quotes");
      return ignore_next_value();
    }
    frame.key = std::string(value.get_string().data(), value.get_string().size());
    append_pointer(pointer_, *frame.key);
    frame.is_duplicate = frame.value.get_object().contains(*frame.key);
    if (frame.is_duplicate) add_problem(mark, "duplicate key; keep one of them");
  }

  // The key was a mistake; the value that follows goes nowhere.
  void ignore_next_value() {
    frames_.back().key = "";
    frames_.back().is_duplicate = true;
  }

  void begin_merge(Mark mark) {
    Frame& frame = frames_.back();
    ++total_.nodes;
    frame.key = kMergeKey;
    frame.key_at = mark;
    frame.is_merge = true;
  }

  // Sets pointer and path to the value that begins at the mark, and notes its place.
  void begin_value(Mark mark) {
    if (frames_.empty()) {
      path_ = kRootPath;
      return marks_->add(path_, {mark, mark});
    }
    const Frame& frame = frames_.back();
    if (const auto* array = frame.value.if_array()) {
      append_pointer(pointer_, std::to_string(array->size()));
      path_ = extend(frame.path, array->size());
    } else {
      path_ = extend(frame.path, *frame.key);
    }
    if (frame.is_merge || frame.is_duplicate) return;
    marks_->add(path_, {frame.key ? frame.key_at : mark, mark});
  }

  void open(Value empty, Mark mark, YAML::anchor_t anchor) {
    if (frames_.size() >= limits_.max_depth) {
      add_problem(mark, fmt::format("more than {} levels deep", limits_.max_depth));
      throw Stopped{{base::Code::invalid_argument, "", {}}};
    }
    const bool is_key = expects_key();
    if (is_key) add_problem(mark, "a key must be a string");
    const Weight before = total_;
    ++total_.nodes;
    check_nodes();
    if (!is_key) begin_value(mark);
    frames_.push_back({std::move(empty), anchor, before, path_, pointer_.size(), is_key});
  }

  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    if (frame.is_key) return ignore_next_value();
    if (frame.anchor != 0)
      anchors_.insert_or_assign(frame.anchor, Anchored{frame.value,
                                                       {total_.nodes - frame.before.nodes,
                                                        total_.bytes - frame.before.bytes}});
    finish(std::move(frame.value));
  }

  // Puts a finished value into what is open around it.
  void finish(Value value) {
    if (frames_.empty()) {
      root_ = std::move(value);
      return;
    }
    Frame& frame = frames_.back();
    if (auto* array = frame.value.if_array()) {
      array->push_back(std::move(value));
    } else if (frame.is_merge) {
      add_merged(frame, std::move(value));
    } else if (!frame.is_duplicate) {
      frame.value.get_object().emplace(*frame.key, std::move(value));
    }
    pointer_.resize(frame.pointer_end);
    frame.key.reset();
    frame.is_merge = frame.is_duplicate = false;
  }

  // The value of `<<`: a map, or a list of maps of which earlier ones win.
  void add_merged(Frame& frame, Value value) {
    if (value.is_object()) {
      frame.merged.push_back(std::move(value.get_object()));
      return;
    }
    if (value.is_array()) {
      for (Value& element : value.get_array()) {
        if (!element.is_object())
          return add_problem(frame.key_at, "\"<<\" takes maps only; remove the others");
        frame.merged.push_back(std::move(element.get_object()));
      }
      return;
    }
    add_problem(frame.key_at, "\"<<\" takes a map or a list of maps");
  }

  static void merge(Frame& frame) {
    for (const Object& source : frame.merged)
      for (const auto& member : source)
        frame.value.get_object().emplace(member.key(), member.value());  // own keys win
  }

  std::shared_ptr<const LineTable> lines_;
  const ParseLimits& limits_;
  std::vector<Frame> frames_;
  Value root_;
  std::string pointer_;
  PathHash path_ = kRootPath;  // of the value that began last
  std::shared_ptr<MarkedSource> marks_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  Weight total_;  // of all documents
  YAML::Mark last_scalar_;
  std::size_t aliased_bytes_ = 0;
};

base::Error yaml_error(std::vector<base::Problem> problems) {
  return {base::Code::invalid_argument, "the document is not valid YAML", std::move(problems)};
}

// The problem that ended the parse, or nothing.
std::optional<base::Error> run_parser(TreeBuilder& builder, const LineTable& lines) {
  try {
    std::istringstream stream(lines.text());
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    builder.check_quotes();
  } catch (Stopped& stopped) {
    if (stopped.error.code == base::Code::too_large) return std::move(stopped.error);
  } catch (const YAML::Exception& error) {
    // What was found before may be a consequence: "[a, b" ends in a map {b: null}.
    builder.problems.clear();
    // yaml-cpp gives no mark, or line 0, when the text ends too early.
    const YAML::Mark& mark = error.mark;
    const bool is_at_end =
        mark.is_null() || (mark.line == 0 && mark.column == 0 && error.msg.starts_with("end of "));
    const std::size_t offset = is_at_end ? lines.text().size() : static_cast<std::size_t>(mark.pos);
    YamlMistake mistake = explain_yaml(lines.text(), offset, error.msg);
    const Position where = position_of(lines.text(), mistake.offset);
    builder.problems.push_back({"", where.line, where.column, std::move(mistake.message), ""});
  }
  return std::nullopt;
}

}  // namespace

base::Result<std::vector<Document>> parse_yaml(std::string_view text, ParseLimits limits) {
  if (text.size() > limits.max_yaml_bytes)
    return base::fail(base::Code::too_large,
                      fmt::format("the YAML text has {} bytes; at most {} are allowed: split it",
                                  text.size(), limits.max_yaml_bytes));
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (const auto foreign = find_foreign_byte(text)) {
    const Position where = position_of(text, foreign->offset);
    return base::fail(
        yaml_error({{"", where.line, where.column, std::string(foreign->mistake), ""}}));
  }
  const auto lines = std::make_shared<const LineTable>(std::string(text));
  TreeBuilder builder(lines, limits);
  if (auto error = run_parser(builder, *lines)) return base::fail(std::move(*error));
  if (!builder.problems.empty()) return base::fail(yaml_error(std::move(builder.problems)));
  return std::move(builder.documents);
}

}  // namespace mainspring::json
