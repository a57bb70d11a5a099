/* Words of the feature logs. */
export const logs = {};
