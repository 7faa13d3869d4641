// A page about work under way looks again by itself, says what it finds, and goes on when it is done.
const again = document.querySelector("[data-look-again]");
const told = document.querySelector("[data-told]");
const look = async () => {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  if (answer.redirected || !answer.ok) {
    if (told) told.textContent = "Done. Opening it.";
    window.location.assign(answer.url);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("[data-look-again]")) {
    window.location.reload();
    return;
  }
  const news = page.querySelector("[data-told]");
  if (told && news && news.textContent !== told.textContent) told.textContent = news.textContent;
  window.setTimeout(look, 3000);
};
if (again) window.setTimeout(look, 3000);
