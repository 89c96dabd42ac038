// Local times at a fixed distance from UTC, as reports and logs have them. Moments are Unix seconds.

/** Every distance that a clock somewhere has. */
export const OFFSETS = [
  "-12:00", "-11:00", "-10:00", "-09:30", "-09:00", "-08:00", "-07:00", "-06:00", "-05:00", "-04:00", "-03:30", "-03:00", "-02:30",
  "-02:00", "-01:00", "+00:00", "+01:00", "+02:00", "+03:00", "+03:30", "+04:00", "+04:30", "+05:00", "+05:30", "+05:45", "+06:00",
  "+06:30", "+07:00", "+08:00", "+08:45", "+09:00", "+09:30", "+10:00", "+10:30", "+11:00", "+12:00", "+12:45", "+13:00", "+13:45",
  "+14:00",
];

/** This browser's distance from UTC at a moment. */
export function offsetAt(moment) {
  const minutes = -new Date(moment * 1000).getTimezoneOffset();
  const pair = (number) => String(Math.trunc(number)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${pair(Math.abs(minutes) / 60)}:${pair(Math.abs(minutes) % 60)}`;
}

const seconds = (offset) => (offset.startsWith("-") ? -1 : 1) * (3600 * offset.slice(1, 3) + 60 * offset.slice(4));

/** A moment to the minute, as `2020-09-28T09:00`: what a field for a local time holds. */
export const localTime = (moment, offset) => new Date((moment + seconds(offset)) * 1000).toISOString().slice(0, 16);

/** The moment of such a text. */
export const momentOf = (text, offset) => Date.parse(`${text}Z`) / 1000 - seconds(offset);

/** A moment to the minute, to be read. */
export const written = (moment, offset = "+00:00") => localTime(moment, offset).replace("T", " ");
