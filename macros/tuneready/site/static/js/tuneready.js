/**
 * What every page loads: the custom elements, each of which does nothing until its tag is in the
 * page, and what is put right in Material.
 */

import "./assessment.js";
import "./checklist.js";
import "./dataset-check.js";
import "./language.js";
