// Shows the rendered text inside the composer. Where that fails, the button does what it does without script.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  static targets = ["sheet"];

  async show(event) {
    if (event.currentTarget.dataset.plainly) return;
    event.preventDefault();
    const button = event.currentTarget;
    try {
      this.lay(await this.fetched(button.formAction));
    } catch {
      button.dataset.plainly = "true";
      button.click();
    }
  }
  // The text has changed since: what is shown is no longer it.
  hide() {
    this.sheetTarget.hidden = true;
  }
  async fetched(address) {
    const answer = await fetch(address, { method: "POST", body: new FormData(this.element), headers: { "X-Fragment": "preview" } });
    if (!answer.ok || answer.redirected) throw new Error("no preview");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("[data-preview]") ?? page.body;
  }
  lay(fragment) {
    this.sheetTarget.replaceChildren(document.importNode(fragment, true));
    this.sheetTarget.hidden = false;
    this.sheetTarget.scrollIntoView({ block: "nearest" });
  }
}
