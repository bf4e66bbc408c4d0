// The page shows less than there is: it is loaded anew by itself where nothing is being written, else when one likes.
import { Controller } from "@hotwired/stimulus";

const isWritten = (text) => text.value.trim() && text.value !== text.defaultValue;

export default class extends Controller {
  static targets = ["offer"];

  tell({ detail: { atOnce } }) {
    if (atOnce && ![...document.querySelectorAll("textarea")].some(isWritten)) location.reload();
    else this.offerTarget.hidden = false;
  }
  load() {
    location.reload();
  }
}
