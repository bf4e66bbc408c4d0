// What the server tells as HTML, taken apart.
const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
const articlesIn = (page) => [...page.querySelectorAll("article[data-number]")];

const figuresIn = (page) => ({ rail: page.querySelector("[data-live=rail]"), spoken: page.querySelector(".spoken").textContent });

export const articlesOf = (html) => articlesIn(parsed(html));
export const figuresOf = (html) => figuresIn(parsed(html));

// The answer to "what came since?": a section of articles or, before one may read the others, the page itself.
export async function answerFrom(response) {
  const page = parsed(await response.text());
  const { revision, state, closesAt, more } = page.querySelector("[data-revision]").dataset;
  return {
    revision: Number(revision),
    more: more === "true",
    articles: articlesIn(page),
    figures: figuresIn(page),
    head: page.querySelector(".head"),
    window: { state, closesAt: Date.parse(closesAt), now: Date.parse(response.headers.get("Date")) },
  };
}
