/**
 * What every page loads: what is put right in Material, and what fetches our elements, each only
 * where its tag is in the page.
 */

import "./language.js";
import "./on-demand.js";
