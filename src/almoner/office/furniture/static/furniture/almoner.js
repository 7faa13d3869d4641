// Adds GOV.UK Frontend's behaviour to its components.
import { initAll } from "./govuk-frontend.min.js";
import "./files.js";
initAll();

// A table that was just sorted or filtered says so once the page stands: screen readers tell what comes into a status, not what was there.
setTimeout(() => document.querySelectorAll("[data-said]").forEach((status) => { status.textContent = status.dataset.said; }), 500);

// On paper nothing can be opened.
addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach((one) => { one.open = true; one.dataset.printed = ""; }));
addEventListener("afterprint", () => document.querySelectorAll("details[data-printed]").forEach((one) => { one.open = false; delete one.dataset.printed; }));
