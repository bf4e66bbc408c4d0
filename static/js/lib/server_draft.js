// The server's draft of one place, as a Keeper asks for it.
import { send } from "./sending.js";

export function serverDraft(address, member, parent) {
  return {
    load: async () => {
      const answer = await fetch(`${address}?parent=${parent}`, { headers: { "X-Fragment": "draft" } });
      return answer.ok && !answer.redirected ? answer.json() : null;
    },
    save: ({ text, version }) => send(address, { body: text, parent, version, member }, "draft"),
  };
}
