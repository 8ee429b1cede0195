// Tables of the messages about workers.
#include "api/worker_messages.h"

#include "json/codec.h"

namespace mainspring::api {

using json::describe;
using json::field;

const json::StructTable& DrainBody::described() {
  static const auto table = describe<DrainBody>(
      "DrainBody", "How long a worker may go on with what it has.",
      field<&DrainBody::deadline>("deadline", "From now; what it still runs then is ended.")
          .min(base::Duration{0})
          .max(base::Duration{std::chrono::hours{24 * 30}}));
  return table;
}

const json::StructTable& JoinTokenBody::described() {
  static const auto table = describe<JoinTokenBody>(
      "JoinTokenBody", "A token with which workers may join.",
      field<&JoinTokenBody::uses>("uses", "How many workers.").min(1).max(10'000),
      field<&JoinTokenBody::expires_in>("expires_in", "How long it opens anything.")
          .min(base::Duration{std::chrono::seconds{1}})
          .max(base::Duration{std::chrono::hours{24 * 365}}),
      field<&JoinTokenBody::labels>("labels", "Of each of them, whatever it says itself.")
          .max_items(64),
      field<&JoinTokenBody::slots_limit>("slots_limit", "The most slots of each.")
          .min(1)
          .max(1'024));
  return table;
}

const json::StructTable& JoinTokenView::described() {
  static const auto table = describe<JoinTokenView>(
      "JoinToken", "A token with which workers join, without its secret.",
      field<&JoinTokenView::id>("id", "Its id.").required(),
      field<&JoinTokenView::uses>("uses", "How many workers may join with it.").required(),
      field<&JoinTokenView::used>("used", "How many have.").required(),
      field<&JoinTokenView::labels>("labels", "Labels that they get."),
      field<&JoinTokenView::slots_limit>("slots_limit", "The most slots that they may have."),
      field<&JoinTokenView::created_by>("created_by", "Who made it."),
      field<&JoinTokenView::created_at>("created_at", "When it was made.").required(),
      field<&JoinTokenView::expires_at>("expires_at", "It opens nothing from then on.").required(),
      field<&JoinTokenView::expired>("expired", "Whether that time has come.").required());
  return table;
}

const json::StructTable& JoinTokenList::described() {
  static const auto table =
      describe<JoinTokenList>("JoinTokenList", "Every join token, oldest first.",
                              field<&JoinTokenList::items>("items", "The tokens."));
  return table;
}

const json::StructTable& JoinTokenMade::described() {
  static const auto table = describe<JoinTokenMade>(
      "JoinTokenMade", "A new join token. This is the only answer that has it.",
      field<&JoinTokenMade::id>("id", "Its id, by which it is revoked.").required(),
      field<&JoinTokenMade::token>("token", "The secret, for 'mainspring worker --token'.")
          .required(),
      field<&JoinTokenMade::uses>("uses", "How many workers may join with it.").required(),
      field<&JoinTokenMade::expires_at>("expires_at", "It opens nothing from then on.").required());
  return table;
}

}  // namespace mainspring::api
