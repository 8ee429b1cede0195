#include "api/settings.h"

#include "api/core.h"
#include "api/handlers.h"

namespace mainspring::api {

using json::describe;
using json::field;

const json::StructTable& SettingView::described() {
  static const auto table = describe<SettingView>(
      "Setting", "A setting of the node, and where its value came from.",
      field<&SettingView::name>("name", "As in the file; the reference has a line on each."),
      field<&SettingView::value>("value", "What the node goes by."),
      field<&SettingView::usual>("default", "What it would be if nobody had said anything."),
      field<&SettingView::source>("source", "`default`, a file, a variable or a flag."),
      field<&SettingView::is_reloadable>(
          "reloadable", "Whether a running node takes a new value on SIGHUP; else it restarts."),
      field<&SettingView::doc>("doc", "What it is for."));
  return table;
}

const json::StructTable& SettingList::described() {
  static const auto table =
      describe<SettingList>("SettingList", "Every setting of the node that answers.",
                            field<&SettingList::items>("items", "In the order of the reference."));
  return table;
}

void list_settings(const CallPtr& call) {
  call->answer_with(SettingList{call->core().shown_settings()});
}

}  // namespace mainspring::api
