// "3 new posts": the server's forms of a sentence ({one, other}) with a count and other words put in.
export function phrase(forms, count, language, words = {}) {
  const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
  return filled(form, { ...words, count: count.toLocaleString(language) });
}

export function filled(form, words) {
  return form.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);
}
