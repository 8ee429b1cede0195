#include "json/codec.h"
#include "store/backups.h"

namespace mainspring::store {

using json::field;

const json::EnumTable& described(BackupState) {
  static const auto table = json::enumeration<BackupState>(
      "BackupState", "How far a backup can be trusted.",
      {{BackupState::making, "making", "It is being copied or verified."},
       {BackupState::made, "made", "The copy is whole; nobody has tried to restore it."},
       {BackupState::verified, "verified", "It was restored to the side, opened and read."},
       {BackupState::damaged, "damaged", "It cannot be restored; `problem` says why."}});
  return table;
}

const json::StructTable& BackupContents::described() {
  static const auto table = json::describe<BackupContents>(
      "BackupContents", "What a backup was found to hold.",
      field<&BackupContents::jobs>("jobs", "Jobs that are not deleted."),
      field<&BackupContents::schedules>("schedules", "Schedules that may still fire."),
      field<&BackupContents::runs_open>("runs_open", "Runs that have not ended."),
      field<&BackupContents::runs_ended>("runs_ended", "Runs that have."),
      field<&BackupContents::occurrences>("occurrences", "Entries of the ledger."),
      field<&BackupContents::events>("events", "Events."),
      field<&BackupContents::last_event>("last_event", "The position of the last one."),
      field<&BackupContents::definitions>(
          "definitions",
          "SHA-256 over jobs, queues, calendars and connections: equal when they are."));
  return table;
}

const json::StructTable& Backup::described() {
  static const auto table = json::describe<Backup>(
      "Backup", "A copy of the store.", field<&Backup::name>("name", "The file's name."),
      field<&Backup::state>("state", "How far it can be trusted."),
      field<&Backup::made_at>("made_at", "When it was begun: it holds that state, or a newer one."),
      field<&Backup::bytes>("bytes", "Its size."),
      field<&Backup::schema>("schema", "The number of its schema; 0: not known yet."),
      field<&Backup::verified_at>("verified_at",
                                  "When it was last restored to the side, opened and read."),
      field<&Backup::problem>("problem", "Why it cannot be used; empty when it can."),
      field<&Backup::contents>("contents", "What it holds; absent before it was verified."));
  return table;
}

const json::StructTable& BackupList::described() {
  static const auto table = json::describe<BackupList>(
      "BackupList", "The backups in the node's directory, newest first.",
      field<&BackupList::directory>("directory", "Where they are, on the node's machine."),
      field<&BackupList::every>("every", "How often the node makes one; absent: when asked."),
      field<&BackupList::items>("items", "The backups."),
      field<&BackupList::last_made_at>("last_made_at", "When the newest whole one was begun."),
      field<&BackupList::last_proven_at>("last_proven_at",
                                         "The last time that one was proven to restore."),
      field<&BackupList::problem>("problem", "Why the last attempt failed; empty: it did not."));
  return table;
}

}  // namespace mainspring::store
