// A week saves itself two seconds after the last change its reader made, and shows what the server then says it comes to.
// Up and Down move to the same visit a day earlier or later; − and + change minutes by a step. Nothing here works money out.
const form = document.getElementById("week");
const QUIET = 2000;
let waiting = 0;

async function save() {
  const body = new FormData(form);
  body.set("auto", "yes");
  const answer = await fetch(form.action || location.href, { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["totals", "spoken"]) {
    const now = document.getElementById(id);
    const then = page.getElementById(id);
    if (now && then) now.replaceChildren(...then.childNodes);
  }
}

function changed() {
  clearTimeout(waiting);
  waiting = setTimeout(save, QUIET);
}

if (form) {
  form.addEventListener("input", (event) => {
    const extra = event.target.name && event.target.name.includes(".extra.");
    if (!extra) changed();
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
  form.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || !event.target.name || !event.target.name.endsWith(".minutes") || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    let row = cell.parentElement;
    do row = event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
    while (row && !(row.children[cell.cellIndex] && row.children[cell.cellIndex].querySelector("input[name$='.minutes']")));
    const other = row && row.children[cell.cellIndex].querySelector("input[name$='.minutes']");
    if (other) {
      other.focus();
      other.select();
      event.preventDefault();
    }
  });
}

for (const stepper of document.querySelectorAll(".almoner-stepper")) {
  const input = stepper.querySelector("input");
  const step = Number(stepper.dataset.step) || 5;
  for (const [sign, words] of [[-1, "less"], [1, "more"]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary almoner-step";
    button.textContent = sign < 0 ? "−" : "+";
    button.setAttribute("aria-label", `${step} minutes ${words}`);
    button.addEventListener("click", () => {
      input.value = String(Math.max(0, (Number.parseInt(input.value, 10) || 0) + sign * step));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    if (sign < 0) input.before(button); else input.after(button);
  }
}
