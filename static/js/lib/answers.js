// What the server tells as HTML, taken apart.
const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
const articlesIn = (page) => [...page.querySelectorAll("article[data-number]")];
const figuresIn = (page) => ({ rail: page.querySelector("[data-live=rail]"), spoken: page.querySelector(".spoken").textContent });

export const articlesOf = (html) => articlesIn(parsed(html));
export const figuresOf = (html) => figuresIn(parsed(html));

// "What came since?" `outcome` is answered, signedOut, gone, stale (one may read less than before) or failed.
export async function answerTo(address) {
  try {
    const response = await fetch(address);
    if (response.redirected) return { outcome: "signedOut" };
    if (!response.ok) return { outcome: { 403: "stale", 404: "gone" }[response.status] ?? "failed" };
    return { outcome: "answered", ...told(parsed(await response.text()), response.headers.get("Date")) };
  } catch {
    return { outcome: "failed" };
  }
}

// A section of articles or, before one may read the others, the page itself.
function told(page, date) {
  const { revision, state, closesAt, more } = page.querySelector("[data-revision]").dataset;
  return {
    revision: Number(revision),
    more: more === "true",
    articles: articlesIn(page),
    head: page.querySelector(".head"),
    figures: figuresIn(page),
    window: { state, closesAt: Date.parse(closesAt), now: Date.parse(date) },
  };
}
