// SPDX-License-Identifier: MIT
// How long tests wait for what has to come: far longer than it takes on a machine that is busy with
// other things, so that no verdict depends on how fast a machine is. Only what hangs meets this limit.

export const PATIENCE_SECONDS = 300;
export const PATIENCE_MS = PATIENCE_SECONDS * 1000;
