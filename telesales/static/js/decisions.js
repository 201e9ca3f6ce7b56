// The page of decisions: its charts.

import { chartsOf } from "./decision_charts.js";

const holder = document.querySelector("[data-charts]");
if (holder) chartsOf(holder);
