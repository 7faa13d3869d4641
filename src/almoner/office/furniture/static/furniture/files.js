// Where several files may be sent: they are chosen one after the other, each is named under the field, and each can be taken out again.
// Without scripts the field takes several at once.
const named = (file) => `${file.name} ${file.size} ${file.lastModified}`;
const sized = (file) => `${Math.ceil(file.size / 1024).toLocaleString("en-GB")} kB`;

for (const input of document.querySelectorAll("input[type=file][multiple]")) {
  const list = document.createElement("ul");
  list.className = "govuk-list almoner-files";
  list.setAttribute("aria-label", "Files chosen");
  let kept = [];
  let ours = false;

  function put(files) {
    kept = files;
    const all = new DataTransfer();
    for (const file of kept) all.items.add(file);
    input.files = all.files;
    ours = true;
    input.dispatchEvent(new Event("change"));
    ours = false;
    list.replaceChildren(...kept.map(shown));
  }

  function shown(file) {
    const item = document.createElement("li");
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "almoner-link-button";
    remove.textContent = "Remove";
    remove.setAttribute("aria-label", `Remove ${file.name}`);
    remove.addEventListener("click", () => {
      put(kept.filter((other) => other !== file));
      (list.querySelector("button") || input.closest(".govuk-form-group").querySelector("button, input")).focus();
    });
    item.append(`${file.name} (${sized(file)}) `, remove);
    return item;
  }

  input.addEventListener("change", () => {
    if (ours) return;
    const known = new Set(kept.map(named));
    put([...kept, ...[...input.files].filter((file) => !known.has(named(file)))]);
  });
  input.closest(".govuk-form-group").append(list);
}
