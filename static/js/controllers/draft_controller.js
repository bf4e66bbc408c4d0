// Shows how the text under way is kept, brings it back, and lets the person choose where there are two.
import { Controller } from "@hotwired/stimulus";
import { device } from "../lib/device.js";
import { draftKey, versionIn } from "../lib/drafts.js";
import { Keeper } from "../lib/keeper.js";
import { sentVersion } from "../lib/outbox.js";
import { serverDraft } from "../lib/server_draft.js";

const REST = 30_000;

export default class extends Controller {
  static targets = ["body", "state", "other", "origin", "theirs"];
  static values = { member: String, discussion: String, address: String, versions: String };

  connect() {
    if (!this.keeper) this.open(this.bodyTarget.defaultValue);
  }
  disconnect() {
    this.keeper.save();
  }
  get parent() {
    return this.element.elements.parent?.value ?? "";
  }
  open(given = "") {
    const place = [this.memberValue, this.discussionValue, this.parent];
    this.keeper = new Keeper({
      storage: device,
      key: draftKey(...place),
      hint: versionIn(this.versionsValue, this.parent),
      sent: sentVersion(device, ...place),
      ask: serverDraft(this.addressValue, this.memberValue, this.parent),
      tell: {
        state: (name, reason) => (this.stateTarget.textContent = reason ?? this.stateTarget.dataset[name] ?? ""),
        text: (text, why) => this.fill(text, why),
        choose: (text, origin) => this.offer(text, origin),
      },
    });
    this.looked = Date.now();
    this.keeper.begin(given.trim() ? given : "");
  }
  fill(text, why) {
    this.bodyTarget.value = text;
    this.stateTarget.textContent = (text && this.stateTarget.dataset[why]) || "";
    this.dispatch("filled");
  }
  offer(text, origin) {
    this.otherTarget.hidden = text === null;
    this.originTarget.textContent = this.originTarget.dataset[origin] ?? "";
    this.theirsTarget.textContent = text ?? "";
  }

  meet() {
    this.keeper.meet();
  }
  changed() {
    this.keeper.type(this.bodyTarget.value);
  }
  // Another post is answered now: its own text comes in place of the one that was here, which is kept.
  turn() {
    this.keeper.leave();
    this.fill("");
    this.offer(null);
    this.open();
  }
  decide({ params }) {
    if (params.mine) this.keeper.keepMine();
    else this.keeper.take();
    this.bodyTarget.focus();
  }
  heard({ key, newValue, oldValue }) {
    if (key === this.keeper.key) this.keeper.hear(newValue, oldValue);
  }
  // Whoever goes away has it saved; whoever comes back may have written elsewhere meanwhile.
  look() {
    this.keeper.save();
    if (document.visibilityState === "hidden" || Date.now() - this.looked < REST) return;
    this.looked = Date.now();
    this.keeper.compare(true);
  }
}
