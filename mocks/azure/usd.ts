/** Decimals of the prices that Azure shows: rows of the Retail Prices API have up to six, e.g. 0.000132. */
const DECIMALS = 6;

/** A price as Azure shows it, without what binary fractions add to a product. */
export const roundUsd = (usd: number): number => Number(usd.toFixed(DECIMALS));
