// What becomes of a form that was sent from a page which stays.

// Taken: nothing of it is left to be sent, kept or stumbled over.
export function clearForm(form) {
  const text = form.querySelector("textarea");
  if (form.contains(document.activeElement)) document.activeElement.blur();
  form.reset();
  form.closest("details")?.removeAttribute("open");
  if (!text) return;
  text.value = "";
  text.dispatchEvent(new Event("input", { bubbles: true }));
  form.remove();
}

// Refused: the reason stands above what was typed, and the next try is a new one.
export function refuseForm(form, page) {
  const reason = document.importNode(page.querySelector(".refusal:not([hidden])"), true);
  const before = form.querySelector(".refusal");
  if (before) before.replaceWith(reason);
  else form.prepend(reason);
  const token = page.querySelector(".composer input[name=token]");
  if (token && form.elements.token) form.elements.token.value = token.value;
}
