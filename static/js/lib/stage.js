// What of the wall's posts is seen: those whose turn it is, marked while they are news, as large as the screen has room.
const SCALES = [1.8, 1.6, 1.4, 1.2, 1];

export function stage(list, rotation) {
  const shown = rotation.shown.map((post) => post.number);
  const articles = [...list.querySelectorAll("article")];
  for (const article of articles) {
    const number = Number(article.dataset.number);
    const isNew = rotation.news.includes(number);
    article.hidden = !shown.includes(number);
    article.classList.toggle("is-fresh", isNew);
    article.querySelector(".is-new").hidden = !isNew;
    end(article, false);
  }
  const seen = articles.filter((article) => !article.hidden);
  for (const scale of SCALES) {
    list.style.setProperty("--scale", scale);
    if (!seen.some(isCut)) return;
  }
  for (const article of seen) end(article, isCut(article));
}

function isCut(article) {
  const text = article.querySelector(".text");
  return text.scrollHeight > text.clientHeight + 4;
}

// A text that goes on says where it does.
function end(article, goesOn) {
  article.querySelector(".wall-on").hidden = !goesOn;
  article.classList.toggle("is-cut", goesOn);
}
