// On a narrow screen the row of pages scrolls: the one that is shown comes into it.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  connect() {
    const row = this.element.querySelector("ul");
    const shown = this.element.querySelector("[aria-current]");
    if (shown) row.scrollLeft = shown.offsetLeft + shown.offsetWidth / 2 - row.clientWidth / 2;
  }
}
