// A new screen begins at its top and at its heading, as a new page would; the same screen stays where it is.
(() => {
  const marks = () => {
    const { state, question, meeting } = document.getElementById("screen")?.dataset ?? {};
    return [state, question, meeting].join(" ");
  };
  let shown = marks();

  addEventListener("htmx:after:swap", () => {
    document.querySelector("#screen [role=alert]")?.scrollIntoView({ block: "nearest" });
    if (marks() === shown) return;
    shown = marks();
    for (const open of document.querySelectorAll("#screen details[open]")) open.open = false;
    scrollTo(0, 0);
    const headings = [...document.querySelectorAll("#screen h1")];
    headings.find((heading) => heading.getClientRects().length)?.focus({ preventScroll: true });
  });
})();
