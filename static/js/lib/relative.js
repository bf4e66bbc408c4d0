// "8 minutes ago", "in 42 minutes": the wording of a distance in time, or null where the date itself says it better.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function relative(moment, now, language) {
  const distance = moment - now;
  const size = Math.abs(distance);
  if (!Number.isFinite(distance) || size >= DAY) return null;
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  if (size < MINUTE) return language.startsWith("zh") ? "刚刚" : "just now";
  const unit = size < HOUR ? "minute" : "hour";
  return words.format(Math.trunc(distance / (unit === "minute" ? MINUTE : HOUR)), unit);
}
