#include "api/log_messages.h"

namespace mainspring::api {

using json::describe;
using json::field;

const json::StructTable& LogPiece::described() {
  static const auto table =
      describe<LogPiece>("LogChunk", "A piece of output as it was captured; not a line.",
                         field<&LogPiece::attempt>("attempt", "Which try wrote it."),
                         field<&LogPiece::seq>("seq", "From 1, without gaps within an attempt."),
                         field<&LogPiece::stream>("stream", "Where it was written."),
                         field<&LogPiece::at>("at", "When it was captured."),
                         field<&LogPiece::text>("text", "The bytes, when they are UTF-8."),
                         field<&LogPiece::base64>("base64", "The bytes, when they are not."));
  return table;
}

const json::StructTable& LogPage::described() {
  static const auto table = describe<LogPage>(
      "LogPage", "A stretch of a run's log.", field<&LogPage::items>("items", "The chunks."),
      field<&LogPage::next_cursor>("next_cursor", "Give it as `cursor` to read on."),
      field<&LogPage::complete>("complete", "The run has ended and nothing follows."));
  return table;
}

const json::StructTable& LogAttempt::described() {
  static const auto table = describe<LogAttempt>(
      "LogAttempt", "How much one attempt has written.",
      field<&LogAttempt::attempt>("attempt", "Counts from 1."),
      field<&LogAttempt::lines>("lines", "How many lines there are."),
      field<&LogAttempt::open>("open", "The last line has not ended; it may grow."),
      field<&LogAttempt::first_at>("first_at", "When the first of it arrived."),
      field<&LogAttempt::last_at>("last_at", "When the last of it arrived."));
  return table;
}

const json::StructTable& LogAttemptList::described() {
  static const auto table = describe<LogAttemptList>(
      "LogAttemptList", "The attempts of a run that have written a log.",
      field<&LogAttemptList::items>("items", "The attempts, in order."),
      field<&LogAttemptList::complete>("complete", "The run has ended and nothing follows."));
  return table;
}

const json::StructTable& LogLineView::described() {
  static const auto table = describe<LogLineView>(
      "LogLine", "One line of a log, for reading.",
      field<&LogLineView::attempt>("attempt", "Counts from 1."),
      field<&LogLineView::line>("line", "Its number within the attempt, from 1."),
      field<&LogLineView::stream>("stream", "Where it came from."),
      field<&LogLineView::at>("at", "When the last of it arrived."),
      field<&LogLineView::text>("text", "Without its break; what is no UTF-8 is U+FFFD."),
      field<&LogLineView::length>("length", "Of a line that is cut here: the bytes of all of it."));
  return table;
}

const json::StructTable& LogLineList::described() {
  static const auto table = describe<LogLineList>(
      "LogLineList", "Lines of one attempt. Longer ones than 4 KiB are cut.",
      field<&LogLineList::attempt>("attempt", "Whose lines; 0 while there is no log at all."),
      field<&LogLineList::total>("total", "How many lines the attempt has."),
      field<&LogLineList::open>("open", "The last line has not ended; it may grow."),
      field<&LogLineList::complete>("complete", "The run has ended and nothing follows."),
      field<&LogLineList::items>("items", "The lines; fewer than asked for when they are long."));
  return table;
}

const json::StructTable& LogLinePiece::described() {
  static const auto table = describe<LogLinePiece>(
      "LogLinePiece", "A part of one line.",
      field<&LogLinePiece::attempt>("attempt", "Counts from 1."),
      field<&LogLinePiece::line>("line", "Its number within the attempt, from 1."),
      field<&LogLinePiece::offset>("offset", "Where in the line the text begins, in bytes."),
      field<&LogLinePiece::text>("text", "What is no UTF-8 in it is U+FFFD."),
      field<&LogLinePiece::length>("length", "The bytes of the whole line."),
      field<&LogLinePiece::next_offset>("next_offset", "Where the next part begins, if any."));
  return table;
}

const json::StructTable& LogSpan::described() {
  static const auto table = describe<LogSpan>(
      "LogSpan",
      "A stretch of a line's text without its escape sequences, in UTF-16 code units, as "
      "JavaScript counts.",
      field<&LogSpan::begin>("begin", "From 0."), field<&LogSpan::length>("length", "Over 0."));
  return table;
}

const json::StructTable& LogMatchView::described() {
  static const auto table = describe<LogMatchView>(
      "LogMatch", "A line that matches, or one near it.",
      field<&LogMatchView::attempt>("attempt", "Counts from 1."),
      field<&LogMatchView::line>("line", "Its number within the attempt, from 1."),
      field<&LogMatchView::stream>("stream", "Where it came from."),
      field<&LogMatchView::at>("at", "When the last of it arrived."),
      field<&LogMatchView::text>("text", "Without its break; what is no UTF-8 is U+FFFD."),
      field<&LogMatchView::length>("length", "Of a line that is cut here: the bytes of all of it."),
      field<&LogMatchView::match>("match", "False for a line that is only near one."),
      field<&LogMatchView::spans>("spans", "What matches in the text, the first 20 places."));
  return table;
}

const json::StructTable& LogPosition::described() {
  static const auto table = describe<LogPosition>(
      "LogPosition", "A place in a log.", field<&LogPosition::attempt>("attempt", "From 1."),
      field<&LogPosition::line>("line", "From 1 within the attempt."));
  return table;
}

const json::StructTable& LogMatchList::described() {
  static const auto table = describe<LogMatchList>(
      "LogMatchList",
      "Lines that match. An answer takes a few tenths of a second at most: it may be short, even "
      "empty, and not the last.",
      field<&LogMatchList::items>("items", "The lines, in the order of the search."),
      field<&LogMatchList::matches>("matches", "How many lines that match this answer came by."),
      field<&LogMatchList::looked_at>("looked_at", "How far it came."),
      field<&LogMatchList::next_cursor>(
          "next_cursor", "There is more to look at; give it as `cursor`."),
      field<&LogMatchList::complete>("complete", "The run has ended and nothing follows."));
  return table;
}

}  // namespace mainspring::api
