// Shows what only a browser with passkeys can use, and says so in words when a passkey was not used.
if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll(".almoner-passkey")) part.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const words of document.querySelectorAll(".almoner-passkey-failed")) words.hidden = false;
});
