/* Words of the feature create. */
export const create = {};
