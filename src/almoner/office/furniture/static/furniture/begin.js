// Tells the stylesheet that scripts run. Nothing on a page needs them.
document.body.classList.add("js-enabled", ..."noModule" in HTMLScriptElement.prototype ? ["govuk-frontend-supported"] : []);
