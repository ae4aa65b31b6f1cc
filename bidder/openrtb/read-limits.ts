/** What both readers refuse, whatever the bytes hold. */

/** What an unpacked body may have: the largest request of the public corpus has 9 KB. */
export const REQUEST_BYTES_MAX = 2 ** 20;
/** An exchange nests some ten deep; recursion ends here. */
export const JSON_DEPTH_MAX = 64;
/** Thrown for arrays and objects more than JSON_DEPTH_MAX deep, or groups of protobuf in groups. */
export const TOO_DEEP = new Error('nested too deep');
/** Fields and elements that become values: more than any exchange sends, in lists or one field over again. */
export const VALUES_MAX = 2 ** 15;
/** Thrown for more than VALUES_MAX. */
export const TOO_MANY = new Error('too many values');
