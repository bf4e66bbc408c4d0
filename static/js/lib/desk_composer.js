// The desk's one composer, made ready for a comment on a reflection. `given` is an entry of the outbox that was refused.
import { newToken } from "./outbox.js";

export const addressIn = (address, discussion) => address.replace("/discussions/0/", `/discussions/${discussion}/`);

export function composerFor(template, { discussion, number }, given) {
  const form = document.importNode(template.content, true).querySelector("form");
  const body = form.querySelector("textarea");
  for (const element of [form, ...form.querySelectorAll("[formaction]")]) {
    for (const name of ["action", "formaction", "data-draft-address-value"]) {
      if (element.hasAttribute(name)) element.setAttribute(name, addressIn(element.getAttribute(name), discussion));
    }
  }
  Object.assign(form.dataset, { composerDiscussionValue: discussion, draftDiscussionValue: discussion });
  form.elements.parent.value = number;
  form.elements.token.value = newToken();
  body.placeholder = body.dataset.replyPlace;
  if (given) giveBack(form, body, given);
  return form;
}

function giveBack(form, body, { body: text, refused }) {
  const reason = form.querySelector(".refusal");
  body.defaultValue = text;
  reason.textContent = refused;
  reason.hidden = false;
}
