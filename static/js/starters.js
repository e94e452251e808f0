// A tapped sentence fills the field instead of being sent, so that it can be made one's own.
(() => {
  const fieldOf = (starter) => starter.form?.elements.text;

  const mark = () => {
    for (const starter of document.querySelectorAll("[data-starter]")) {
      const words = fieldOf(starter)?.value ?? "";
      starter.setAttribute("aria-pressed", String(words.startsWith(starter.value)));
    }
  };

  addEventListener("click", (event) => {
    const starter = event.target.closest?.("[data-starter]");
    const field = starter && fieldOf(starter);
    if (!field) return;
    event.preventDefault();
    const own = [...document.querySelectorAll("[data-starter]")].every((other) => other.value !== field.value.trim());
    field.value = own && field.value.trim() ? `${starter.value}. ${field.value.trim()}`.slice(0, 140) : starter.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    mark();
  });

  addEventListener("input", mark);
  addEventListener("htmx:after:swap", mark);
})();
