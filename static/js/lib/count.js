// The length of a text as the figures count it (字数): Han, kana and Hangul one each; else one per run of letters and
// digits, in which an inner ' or - joins. Quoted lines and punctuation do not count.
const UNIT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])[\p{L}\p{M}\p{N}])+(?:['’-](?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])[\p{L}\p{M}\p{N}])+)*/gu;

export function countCharacters(text) {
  const own = text.split("\n").filter((line) => !/^\s{0,3}>/.test(line));
  return own.join("\n").match(UNIT)?.length ?? 0;
}
