// Keeps the phone awake while the signal is held up; a phone that cannot is left as it is.
(() => {
  let lock = null;

  const held = () => {
    const signal = document.querySelector("[data-awake]");
    return !document.hidden && Boolean(signal?.getClientRects().length);
  };

  const settle = async () => {
    if (!held()) {
      lock?.release().catch(() => {});
      lock = null;
    } else if (!lock || lock.released) {
      lock = await navigator.wakeLock?.request("screen").catch(() => null);
    }
  };

  for (const change of ["hashchange", "pageshow", "htmx:after:swap"]) addEventListener(change, settle);
  document.addEventListener("visibilitychange", settle);
})();
