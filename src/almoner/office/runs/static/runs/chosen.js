// What the chosen holds come to, said as they are chosen: the amounts stand in the table, and the next page works out what is decided.
const told = document.querySelector("[data-chosen]");
const boxes = [...document.querySelectorAll("input[data-pence]")];
const pounds = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" });

function say() {
  const chosen = boxes.filter((box) => box.checked);
  const pence = chosen.reduce((sum, box) => sum + Number(box.dataset.pence), 0);
  const providers = new Set(chosen.map((box) => box.dataset.of)).size;
  told.textContent = chosen.length
    ? `${chosen.length} chosen: ${pounds.format(pence / 100)} would be paid in the next run, ${providers} provider${providers === 1 ? "" : "s"}.`
    : "";
}

if (told) {
  boxes.forEach((box) => box.addEventListener("change", say));
  say();
}
