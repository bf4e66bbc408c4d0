// Sends a form by script, as the page would. A token that ran out is renewed once, if the same person is signed in.
const PATIENCE = 30_000;
const SMALL = 15_000;

export async function send(address, fields, fragment, patience = PATIENCE) {
  const answer = await post(address, fields, fragment, patience);
  const { csrf_token: token, member } = answer;
  if (answer.status !== 400 || !token || String(member) !== fields.member) return answer;
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = token;
  return post(address, fields, fragment, patience);
}

async function post(address, fields, fragment, milliseconds) {
  const body = new FormData();
  body.set("csrf_token", document.querySelector("input[name=csrf_token]")?.value ?? "");
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), milliseconds);
  // A page that is being left may finish what is small.
  const keepalive = document.visibilityState === "hidden" && !fields.files && (fields.body ?? "").length < SMALL;
  const options = { method: "POST", body, headers: { "X-Fragment": fragment }, signal: patience.signal, keepalive };
  try {
    return await read(await fetch(address, options));
  } finally {
    clearTimeout(timer);
  }
}

async function read(answer) {
  const said = { status: answer.redirected ? 0 : answer.status };
  const type = answer.headers.get("Content-Type") ?? "";
  if (type.startsWith("application/json")) return { ...(await answer.json()), ...said };
  return { ...said, html: await answer.text(), number: answer.headers.get("X-Post-Number"), revision: answer.headers.get("X-Revision") };
}
