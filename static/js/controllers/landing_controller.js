// One's own text has been posted: the post stands where the text stood, and who was sent here from elsewhere goes back.
import { Controller } from "@hotwired/stimulus";
import { pageOf } from "../lib/outbox.js";
import { land, shownOf } from "../lib/under_way.js";

export default class extends Controller {
  static values = { discussion: String, reads: Boolean };

  queued({ detail: { entry, onward } }) {
    this.onward = { ...this.onward, [entry.token]: onward };
  }
  posted({ detail: { entry, html, number } }) {
    if (shownOf(entry)) land(shownOf(entry), html);
    const onward = this.onward?.[entry.token];
    if (onward) return location.assign(onward);
    // Who has just written the first one may read the others now.
    if (entry.discussion === this.discussionValue && !this.readsValue) location.assign(`${pageOf(entry)}?show=${number}#post-${number}`);
  }
}
