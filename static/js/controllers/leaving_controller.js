// Signing out takes the person's texts with them: see lib/leaving.
import { Controller } from "@hotwired/stimulus";
import { device } from "../lib/device.js";
import { clearOut } from "../lib/leaving.js";
import { serverDraft } from "../lib/server_draft.js";

const PATIENCE = 3_000;

export default class extends Controller {
  static values = { member: String, address: String };

  async clearOut(event) {
    event.preventDefault();
    if (this.isLeaving) return;
    this.isLeaving = true;
    const save = (discussion, parent, record) => serverDraft(this.addressValue.replace("0", discussion), this.memberValue, parent).save(record);
    await Promise.race([clearOut(device, this.memberValue, save), new Promise((resolve) => setTimeout(resolve, PATIENCE))]).catch(() => {});
    this.isLeaving = false;
    this.element.submit();
  }
}
