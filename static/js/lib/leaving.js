// What somebody who signs out leaves on this device: nothing that the server has. A draft that it has not is sent first;
// one that it does not take stays under its author's number, as texts on their way do, and is shown to nobody else.
import { draftPlaces, read, write } from "./drafts.js";

// `save` sends a draft and says what the server answered; without a connection it fails.
export async function clearOut(storage, member, save) {
  await Promise.all(draftPlaces(storage, member).map(async ({ key, discussion, parent }) => {
    const record = read(storage, key);
    if (!record?.dirty || (await isTaken(save, discussion, parent, record))) write(storage, key, null);
  }));
}

async function isTaken(save, discussion, parent, { text, version }) {
  const answer = await save(discussion, parent, { text, version }).catch(() => null);
  return answer?.status === 200;
}
