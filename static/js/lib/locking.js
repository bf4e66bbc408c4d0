// A composer whose discussion is closed: its text stays, and can be copied. `words` is the template that says so.
export function lockForm(form, isLocked, words) {
  if (form.classList.contains("is-locked") === isLocked) return;
  form.classList.toggle("is-locked", isLocked);
  for (const button of form.querySelectorAll(".composer-foot button")) button.disabled = isLocked;
  for (const text of form.querySelectorAll("textarea")) text.readOnly = isLocked;
  form.querySelector(".composer-closed")?.remove();
  if (isLocked) form.prepend(document.importNode(words.content, true));
}
