// Warns two minutes before the session ends, and puts the end off when asked. Without scripts one signs in again and comes back.
const ends = document.getElementById("session-ends");
const ended = document.getElementById("session-ended");
const WARNED = 120;
const SLACK = 60; // the server notes use once a minute
let timers = [];

function begin() {
  const seconds = Number(ends.dataset.seconds) - SLACK;
  timers.forEach(clearTimeout);
  timers = [
    setTimeout(() => ends.open || ends.showModal(), Math.max(seconds - WARNED, 1) * 1000),
    setTimeout(finish, seconds * 1000),
  ];
}

function finish() {
  timers.forEach(clearTimeout);
  ends.close();
  if (!ended.open) ended.showModal();
}

ends?.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(event.target.action, { method: "POST", body: new FormData(event.target), redirect: "manual" });
  if (answer.status !== 204) return finish();
  ends.close();
  begin();
});
if (ends) begin();
