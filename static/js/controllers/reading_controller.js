// Tells the server, as the page is left, that what it showed has been read: a glance of less than two seconds is none.
import { Controller } from "@hotwired/stimulus";

const GLANCE = 2_000;

export default class extends Controller {
  static values = { address: String, number: Number };

  connect() {
    this.since = Date.now();
    this.leave = () => {
      if (document.visibilityState === "hidden") this.tell();
      else this.since = Date.now();
    };
    document.addEventListener("visibilitychange", this.leave);
  }
  disconnect() {
    document.removeEventListener("visibilitychange", this.leave);
  }
  // What came since the page was loaded has been seen.
  seen({ detail: { number } }) {
    this.numberValue = Math.max(this.numberValue, number);
  }
  tell() {
    const token = document.querySelector("input[name=csrf_token]")?.value;
    if (this.told >= this.numberValue || !token || Date.now() - this.since < GLANCE) return;
    const form = new FormData();
    form.set("csrf_token", token);
    form.set("number", this.numberValue);
    if (navigator.sendBeacon(this.addressValue, form)) this.told = this.numberValue;
  }
}
