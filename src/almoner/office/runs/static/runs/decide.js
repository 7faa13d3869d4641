// The button of a decision says what the chosen answer does.
const button = document.querySelector("button[data-label-release]");
const say = () => {
  const chosen = document.querySelector("input[name=what]:checked");
  const what = chosen ? chosen.value.split(":")[0] : "";
  const words = what && button.getAttribute(`data-label-${what}`);
  if (words) button.textContent = words;
};
if (button) {
  for (const radio of document.querySelectorAll("input[name=what]")) radio.addEventListener("change", say);
  say();
}
