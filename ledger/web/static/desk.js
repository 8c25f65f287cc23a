// Single keys for the desk's pages: j, k, /, ?. Enter opens, since the marked row is a link in focus.
(() => {
  "use strict";

  const OFF = "ledger-keys-off";
  const isOff = () => { try { return localStorage.getItem(OFF) === "yes"; } catch { return false; } };
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const dialog = () => document.getElementById("keys");

  const toggle = () => {
    const shown = dialog();
    if (!shown) return;
    if (shown.open) shown.close();
    else shown.showModal();
  };

  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const here = all.indexOf(document.activeElement);
    const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  };

  const acts = {
    j: () => step(1),
    k: () => step(-1),
    "?": toggle,
    "/": () => document.querySelector("[data-search]")?.focus(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isOff()) return;
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")) return;
    const act = acts[event.key];
    if (!act || (dialog()?.open && event.key !== "?")) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) toggle();
    if (event.target.closest("[data-keys-close]")) dialog()?.close();
  });

  document.addEventListener("change", (event) => {
    if (!event.target.closest("[data-keys-off]")) return;
    try { localStorage.setItem(OFF, event.target.checked ? "yes" : "no"); } catch { /* nothing is kept, then */ }
  });

  document.addEventListener("DOMContentLoaded", () => {
    const hint = document.querySelector("[data-keys-hint]");
    if (hint) hint.hidden = false;
    const off = document.querySelector("[data-keys-off]");
    if (off) off.checked = isOff();
  });
})();
