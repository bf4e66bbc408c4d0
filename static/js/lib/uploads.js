// Files go to the server one after the other. `tell` is told begun(name), kept(html, place) and failed(reason, name).
import { send } from "./sending.js";

const PATIENCE = 300_000;

export const idOf = ({ name }) => name.slice("file-".length);
export const itemsOf = (html) => [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("li")];

export class Uploads {
  constructor({ address, member, tell }) {
    Object.assign(this, { address, member, tell, under: 0, line: Promise.resolve() });
  }
  // When all that were begun by now are through.
  add(files, place) {
    this.under += files.length;
    for (const file of files) this.line = this.line.then(() => this.send(file, place));
    return this.line;
  }
  async send(file, place) {
    this.tell.begun(file.name);
    const fields = { files: file, member: this.member };
    const answer = await send(this.address, fields, "files", PATIENCE).catch(() => null);
    this.under -= 1;
    if (answer?.status === 201) this.tell.kept(answer.html, place);
    else this.tell.failed(answer?.refused, file.name);
  }
}
