// Adds GOV.UK Frontend's behaviour to its components.
import { initAll } from "./govuk-frontend.min.js";
initAll();
