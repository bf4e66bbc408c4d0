// This device's storage; undefined where it is forbidden.
export const device = (() => {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
})();
