// A button that prints the page; without script there is none, and the browser's own menu does it.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  connect() {
    this.element.hidden = false;
  }
  print() {
    window.print();
  }
}
