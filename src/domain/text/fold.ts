const EDGES = /^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$/gu;

/** A typed name as it is compared: no case, accents, formatting or invisible marks; dashes, `_` and spaces are one. */
export const fold = (typed: string): string =>
  typed
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replaceAll(EDGES, '')
    .replaceAll(/[\p{Pd}\u2212_\s]+/gu, ' ');

/** Its words in an order of their own, for names that are typed the other way round. */
export const foldUnordered = (typed: string): string => fold(typed).split(/[ ,]+/).sort().join(' ');
