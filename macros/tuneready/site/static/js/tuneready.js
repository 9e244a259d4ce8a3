/**
 * What every page loads: the custom elements, each of which does nothing until its tag is in the
 * page, and what is put right in Material. The dataset checker comes only where it is used.
 */

import "./assessment.js";
import "./checklist.js";
import "./language.js";
import "./on-demand.js";
