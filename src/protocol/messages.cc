#include "protocol/messages.h"

#include <fmt/core.h>

#include "json/codec.h"
#include "protocol/version.h"

namespace mainspring::protocol {

using json::describe;
using json::field;

const json::StructTable& JoinBody::described() {
  static const auto table = describe<JoinBody>(
      "JoinBody", "A worker joins, for the first time.",
      field<&JoinBody::worker_id>("worker_id", "The id that it has made for itself.").required(),
      field<&JoinBody::credential_sha256>("credential_sha256",
                                          "The SHA-256 of the credential that it has made.")
          .required(),
      field<&JoinBody::name>("name", "What it is called.")
          .required()
          .min_length(1)
          .max_length(128));
  return table;
}

const json::StructTable& JoinReply::described() {
  static const auto table = describe<JoinReply>(
      "JoinReply", "What a worker that has joined is bound to.",
      field<&JoinReply::name>("name", "What it is called."),
      field<&JoinReply::labels>("labels", "Labels that it has, whatever it says."),
      field<&JoinReply::slots_limit>("slots_limit", "The most slots that it may have."));
  return table;
}

const json::StructTable& TracePolicy::described() {
  static const auto table =
      describe<TracePolicy>("TracePolicy", "How a worker's programs take part in traces.",
                            field<&TracePolicy::is_on>("on", "Whether spans are recorded."),
                            field<&TracePolicy::ratio>("ratio", "Of the traces that begin here."));
  return table;
}

const json::StructTable& HelloReply::described() {
  static const auto table = describe<HelloReply>(
      "WorkerHello", "What a node tells a worker before it starts.",
      field<&HelloReply::version>("version", "The version of the node's program."),
      field<&HelloReply::lease>("lease", "How long a lease lasts without renewal."),
      field<&HelloReply::heartbeat>("heartbeat", "How often leases are renewed."),
      field<&HelloReply::now>("now", "The node's clock."),
      field<&HelloReply::traces>("traces", "How programs take part in traces."));
  return table;
}

const json::StructTable& StartBody::described() {
  static const auto table = describe<StartBody>(
      "WorkerStartBody", "A life of a worker's process begins.",
      field<&StartBody::name>("name", "What it is called.")
          .required()
          .min_length(1)
          .max_length(128),
      field<&StartBody::slots>("slots", "Runs that it can make at the same time.")
          .required()
          .min(1)
          .max(1'024),
      field<&StartBody::labels>("labels", "Words that placement can ask for.").max_items(64),
      field<&StartBody::version>("version", "The version of its program.").max_length(64),
      field<&StartBody::resources>("resources", "What its machine has; from version 2 on."));
  return table;
}

const json::StructTable& StartReply::described() {
  static const auto table = describe<StartReply>(
      "WorkerStarted", "What the worker is, by its join token and by what it said.",
      field<&StartReply::slots>("slots", "Runs that it may make at the same time."),
      field<&StartReply::labels>("labels", "Words that placement can ask for."));
  return table;
}

const json::StructTable& ClaimBody::described() {
  static const auto table = describe<ClaimBody>(
      "ClaimBody", "A worker wants runs.",
      field<&ClaimBody::limit>("limit", "For how many slots.").min(1).max(1'024),
      field<&ClaimBody::lease>("lease", "How long it counts on its leases.")
          .min(base::Duration{1'000})
          .max(base::Duration{600'000}),
      field<&ClaimBody::known>("known", "The leases that it knows of; others are given again.")
          .max_items(4'096));
  return table;
}

const json::StructTable& ClaimReply::described() {
  static const auto table = describe<ClaimReply>(
      "ClaimReply", "The runs that a worker now holds.",
      field<&ClaimReply::runs>("runs", "The runs, each with its definition and values."),
      field<&ClaimReply::next_due_in>("next_due_in", "When the next scheduled run is due."));
  return table;
}

const json::StructTable& HeartbeatBody::described() {
  static const auto table = describe<HeartbeatBody>(
      "HeartbeatBody", "A worker is alive and works.",
      field<&HeartbeatBody::leases>("leases", "What it works on.").max_items(4'096),
      field<&HeartbeatBody::lease>("lease", "How long it counts on its leases from now.")
          .min(base::Duration{1'000})
          .max(base::Duration{600'000}));
  return table;
}

const json::StructTable& KeptLease::described() {
  static const auto table = describe<KeptLease>(
      "KeptLease", "What a heartbeat did for one lease.",
      field<&KeptLease::run_id>("run_id", "The run.").required(),
      field<&KeptLease::is_held>("held", "Whether it is renewed; else: stop the work at once."),
      field<&KeptLease::cancel>("cancel", "How the run is to stop, if somebody asked it to."),
      field<&KeptLease::extended_for>("extended_for",
                                      "The run timeout does not end it before, from now."));
  return table;
}

const json::StructTable& HeartbeatReply::described() {
  static const auto table = describe<HeartbeatReply>(
      "HeartbeatReply", "What a heartbeat did.",
      field<&HeartbeatReply::leases>("leases", "One entry for each lease, in order."),
      field<&HeartbeatReply::drain_in>("drain_in", "What still runs then, the worker ends."));
  return table;
}

const json::StructTable& NoticeBody::described() {
  static const auto table = describe<NoticeBody>(
      "NoticeBody", "A worker listens.",
      field<&NoticeBody::wait>("wait", "How long, if there is nothing to tell.")
          .min(base::Duration{0})
          .max(kLongestNoticeWait));
  return table;
}

const json::StructTable& CancelNotice::described() {
  static const auto table =
      describe<CancelNotice>("CancelNotice", "A run is to stop.",
                             field<&CancelNotice::run_id>("run_id", "The run.").required(),
                             field<&CancelNotice::mode>("mode", "How."));
  return table;
}

const json::StructTable& ExtensionNotice::described() {
  static const auto table = describe<ExtensionNotice>(
      "ExtensionNotice", "A run was given more time.",
      field<&ExtensionNotice::run_id>("run_id", "The run.").required(),
      field<&ExtensionNotice::extended_for>("extended_for",
                                            "The run timeout does not end it before, from now."));
  return table;
}

const json::StructTable& NoticeReply::described() {
  static const auto table = describe<NoticeReply>(
      "NoticeReply", "What a worker is told between its heartbeats.",
      field<&NoticeReply::are_runs_ready>("runs_ready", "Whether a claim may find some."),
      field<&NoticeReply::next_due_in>("next_due_in", "When the next scheduled run is due."),
      field<&NoticeReply::cancels>("cancels", "Runs that are to stop."),
      field<&NoticeReply::extensions>("extensions", "Runs that were given more time."),
      field<&NoticeReply::is_ordered>("ordered", "Whether the next heartbeat has an order."));
  return table;
}

const json::StructTable& Report::described() {
  static const auto table = describe<Report>(
      "Report", "What an attempt says: output, progress or its outcome.",
      field<&Report::lease>("lease", "The attempt's lease.").required(),
      field<&Report::output>("output", "What it printed."),
      field<&Report::progress>("progress", "How far it has come."),
      field<&Report::outcome>("outcome",
                              "How it ended; from version 2 on also with its last output."));
  return table;
}

const json::StructTable& ReportBody::described() {
  static const auto table = describe<ReportBody>(
      "ReportBody", "What the attempts of a worker say.",
      field<&ReportBody::reports>("reports", "In the order in which it happened.")
          .required()
          .max_items(kReportsPerRequest),
      field<&ReportBody::sent_at>("sent_at", "When, by the worker's clock.").required());
  return table;
}

const json::StructTable& ReportAnswer::described() {
  static const auto table = describe<ReportAnswer>(
      "ReportAnswer", "What became of one report.",
      field<&ReportAnswer::code>("code", "An error code; empty when it was taken."),
      field<&ReportAnswer::message>("message", "Of an error."),
      field<&ReportAnswer::state>("state", "The run's state after an outcome."),
      field<&ReportAnswer::retry_at>("retry_at", "When it is tried again, if it is."));
  return table;
}

const json::StructTable& ReportReply::described() {
  static const auto table =
      describe<ReportReply>("ReportReply", "What became of the reports.",
                            field<&ReportReply::answers>("answers", "One for each, in order."));
  return table;
}

const json::StructTable& LeaveBody::described() {
  static const auto table = describe<LeaveBody>(
      "LeaveBody", "A worker takes nothing more, or is gone.",
      field<&LeaveBody::state>("state", "draining while it finishes what it has, then offline."));
  return table;
}

base::Result<void> check_report(const Report& report, int version) {
  const bool has_output = !report.output.empty();
  const int parts = (has_output ? 1 : 0) + (report.progress ? 1 : 0) + (report.outcome ? 1 : 0);
  const bool is_last = has_output && report.outcome && !report.progress;
  if (parts == 1 || (is_last && version >= kLastOutputWithOutcome)) return {};
  return base::fail(
      base::Code::invalid_argument,
      fmt::format("A report of version {} of the worker protocol says one thing{}; "
                  "this one of {} says {}.",
                  version,
                  version >= kLastOutputWithOutcome ? ", or its last output with its outcome" : "",
                  report.lease.run_id.text(), parts));
}

}  // namespace mainspring::protocol
