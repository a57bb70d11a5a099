/* Words of the feature metrics. */
export const metrics = {};
