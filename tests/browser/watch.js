// Before any script of a page: notes whoever calls what no text shall be able to call, and whatever the policy refuses.
// `watchOfTest` is what the test asks afterwards.
(() => {
  const noted = [];
  const say = (name, given) => noted.push(`${name}(${[...given].map(String).join(", ").slice(0, 200)})`);
  for (const name of ["alert", "confirm", "prompt", "open", "fetch", "print", "postMessage"]) {
    window[name] = (...given) => (say(name, given), null);
  }
  // The page's own socket.
  const own = `ws://${location.host}/socket.io/`;
  for (const name of ["Function", "WebSocket", "EventSource", "Worker", "Image"]) {
    window[name] = new Proxy(window[name], {
      apply: (made, self, given) => (say(name, given), Reflect.apply(made, self, given)),
      construct: (made, given, target) => (String(given[0]).startsWith(own) || say(name, given), Reflect.construct(made, given, target)),
    });
  }
  // Its client makes one to see whether there is such a thing; none is ever opened.
  const { open } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (...given) {
    say("XMLHttpRequest", given);
    return open.apply(this, given);
  };
  const evaluate = window.eval;
  window.eval = (text) => (String(text).includes("watchOfTest") || say("eval", [text]), evaluate(text));
  document.addEventListener("securitypolicyviolation", (event) =>
    say("refused", [event.violatedDirective, event.blockedURI, event.sample]),
  );

  // The elements of the page with the names of their attributes, counted, but for those inside of texts; of these,
  // whatever is not allowed there; the posts by id and number; how many composers there are.
  const look = (tags, attributes) => {
    const counted = {};
    const foreign = [];
    for (const one of document.querySelectorAll("*")) {
      // As many units above units, and levels, as there are slashes in the texts; a number that is none leads nowhere.
      if (one.matches("#unit option, .is-levels a, .numbers td > a")) continue;
      const kind = kindOf(one);
      if (!one.parentElement?.closest(".text")) counted[kind] = (counted[kind] ?? 0) + 1;
      else if (!isAllowed(one, tags, attributes)) foreign.push(one.outerHTML.slice(0, 200));
    }
    const number = (post) => post.querySelector(".number")?.textContent.replace(/\s+/g, " ").trim();
    const posts = [...document.querySelectorAll("article")].map((post) => [post.id, number(post)]);
    const composers = [...document.querySelectorAll("form.composer")].filter(isComposer).length;
    return { counted, foreign, posts, composers };
  };
  const namesOf = (one) => [...one.attributes].map((attribute) => attribute.name).sort();
  // The page itself says how much of it the composer covers, once that has been measured.
  const isMeasured = (one) => one.dataset?.controller?.split(" ").includes("dock");
  const kindOf = (one) => `${one.localName}[${namesOf(one).filter((name) => name !== "style" || !isMeasured(one))}]`;
  const isAllowed = (one, tags, attributes) => {
    const names = namesOf(one);
    const added = { a: ["rel"], table: ["tabindex"] }[one.localName] ?? [];
    const known = [...(attributes[one.localName] ?? []), ...added];
    if (!tags.includes(one.localName) || names.some((name) => !known.includes(name))) return false;
    return one.localName !== "a" || (SCHEMES.includes(one.protocol) && one.relList.contains("noopener"));
  };
  const isComposer = (form) => !form.closest(".text") && form.elements.body && form.elements.csrf_token;
  const SCHEMES = ["http:", "https:", "mailto:", "tel:", ""];

  // Where elements stand, whatever their number: the kinds from the root down to each, every such way once.
  const ways = () => {
    const found = new Set();
    const walk = (one, above) => {
      const way = `${above} ${kindOf(one)}`;
      found.add(way);
      for (const child of one.children) walk(child, way);
    };
    walk(document.documentElement, "");
    return [...found];
  };
  const words = (selector) =>
    [...document.querySelectorAll(selector)].map((one) => one.textContent.replace(/\s+/g, " ").trim());

  // Whatever a person may do to a text, done to every element of every text, without following its links.
  const stir = () => {
    addEventListener("click", (event) => event.preventDefault(), { capture: true });
    const inTexts = [...document.querySelectorAll(".text *")];
    for (const one of inTexts) {
      for (const kind of EVENTS) one.dispatchEvent(new Event(kind, { bubbles: true, cancelable: true }));
      if (one.localName !== "a") continue;
      one.focus({ preventScroll: true });
      one.click();
    }
    return inTexts.length;
  };
  const EVENTS = [
    ..."pointerover mouseover mouseenter mousemove focus focusin mousedown mouseup click dblclick auxclick".split(" "),
    ..."contextmenu wheel scroll copy paste cut dragstart drag dragend drop keydown keyup input change toggle".split(" "),
    ..."animationstart animationend transitionend load error blur mouseout mouseleave touchstart touchend".split(" "),
  ];
  window.watchOfTest = { look, ways, words, stir, noted };
})();
