/** What every page loads: the custom elements. Each does nothing until its tag is in the page. */

import "./assessment.js";
import "./checklist.js";
import "./dataset-check.js";
import "./language.js";
