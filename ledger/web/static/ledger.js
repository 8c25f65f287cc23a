// What a page gains where scripts run. Everything works without it.
(() => {
  "use strict";

  const say = (text) => {
    let voice = document.getElementById("voice");
    if (!voice) {
      voice = document.createElement("p");
      voice.id = "voice";
      voice.className = "hidden-text";
      voice.setAttribute("role", "status");
      document.body.append(voice);
    }
    voice.textContent = text;
  };

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.done;
    } catch {
      window.getSelection().selectAllChildren(source);
      button.textContent = button.dataset.byHand;
    }
    say(button.textContent);
    setTimeout(() => { button.textContent = words; }, 2500);
  };

  const wake = (root, typing = false) => {
    for (const button of root.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;
    if (typing) return; // whoever goes on to the next question keeps the place; the summary is an alert and is read out
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (!button) return;
    if ("copy" in button.dataset) copy(button);
    else window.print();
  });

  // A link of the error summary goes to the field itself, not only to its place.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a");
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    field.focus();
  });

  // A second click while the first is on its way sends nothing: the answer to it could lose the first one's address.
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (sent.has(event.target)) event.preventDefault();
    sent.add(event.target);
    setTimeout(() => sent.delete(event.target), 5000); // a download leaves the page where it is
  });
  window.addEventListener("pageshow", () => { for (const form of document.forms) sent.delete(form); });

  document.addEventListener("DOMContentLoaded", () => wake(document));
  document.addEventListener("htmx:afterSwap", (event) => {
    wake(event.target, event.detail.requestConfig?.triggeringEvent?.type === "change");
  });
})();
