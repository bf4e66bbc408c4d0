// A live region tells of changes only: what came with the page is said once more, a moment after it.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  connect() {
    this.moment = setTimeout(() => this.say(), 400);
  }
  disconnect() {
    clearTimeout(this.moment);
  }
  say() {
    for (const notice of this.element.children) notice.textContent = notice.textContent.trim();
  }
}
