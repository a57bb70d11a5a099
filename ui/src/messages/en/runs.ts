/* Words of the feature runs. */
export const runs = {};
