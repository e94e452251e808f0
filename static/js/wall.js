// The link of a wall is a secret: it leaves the address as soon as it is not needed, before anybody photographs it.
(() => {
  const address = document.currentScript?.dataset.replace;
  if (address) history.replaceState(null, "", address);
})();
