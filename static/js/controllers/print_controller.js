// A button that prints the page; without script the browser's own menu does.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  connect() {
    this.element.hidden = false;
  }
  print() {
    print();
  }
}
