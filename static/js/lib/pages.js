// An answer of the server as a page, from which parts are taken.
export async function pageOf(answer) {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
