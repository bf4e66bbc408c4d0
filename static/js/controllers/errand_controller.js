// Where no discussion is shown, what waits in the outbox goes out all the same; while something waits, a line leads there.
import { Controller } from "@hotwired/stimulus";
import { device } from "../lib/device.js";
import { pageOf } from "../lib/outbox.js";
import { Postman } from "../lib/postman.js";
import { send } from "../lib/sending.js";

export default class extends Controller {
  static targets = ["line", "way"];
  static values = { member: String };

  connect() {
    const look = () => this.look();
    this.postman = new Postman({ storage: device, member: this.memberValue, send, tell: { show: look, sent: look, refused: look } });
    this.look();
    this.wake();
  }
  disconnect() {
    this.postman.rest();
  }
  wake() {
    this.postman.wake();
  }
  look() {
    const [first] = this.postman.waiting;
    this.lineTarget.hidden = !first;
    if (first) this.wayTarget.href = pageOf(first);
  }
}
